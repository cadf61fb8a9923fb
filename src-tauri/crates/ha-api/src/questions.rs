//! Questions of a lesson: how they are asked, and what an answer is worth. What is right never
//! crosses to the window before it was answered.

use crate::verdict::normalised;
use crate::wire::{
    Language, LessonRef, QuestionAnswer, QuestionForm, QuestionVerdict, QuestionView,
};
use crate::{ApiError, ApiResult, App, lessons};
use ha_course::{Course, Question, QuestionKind, ReplyPage, Words, render_reply};

/// Longest written answer, in characters.
const MAX_WRITTEN: usize = 4_000;

impl App {
    /// The questions of a lesson with the learner's last answers; none when it has none.
    ///
    /// # Errors
    /// `course_not_found`, `lesson_not_found`, `lesson_broken`, those of the store.
    pub async fn lesson_questions(
        &self,
        lesson: LessonRef,
        language: Language,
    ) -> ApiResult<Vec<QuestionView>> {
        let (course, _) = self.course(&lesson.course)?;
        let questions = questions_of(&course, &lesson.lesson)?;
        if questions.is_empty() {
            return Ok(Vec::new());
        }
        let of = lesson.clone();
        let answers = self
            .with_store(move |store| store.answers(&of.course, &of.lesson))
            .await?;
        let asked = Asked {
            course: &course,
            lesson: &lesson.lesson,
            language,
        };
        let view = |question: &Question| {
            let answered = answers.iter().find(|row| row.question == question.id);
            // The author may have changed the question since: then it is asked anew.
            let answered = answered.and_then(|row| {
                let answer: QuestionAnswer = serde_json::from_str(&row.given).ok()?;
                asked.verdict(question, answer, row.tries)
            });
            QuestionView {
                id: question.id.clone(),
                prompt: asked.html(&question.prompt),
                form: asked.form(question),
                answered,
            }
        };
        Ok(questions.iter().map(view).collect())
    }

    /// Judges an answer and keeps it.
    ///
    /// # Errors
    /// `invalid_request` for an answer that does not fit the question or a question that is not
    /// there; those of [`App::lesson_questions`].
    pub async fn question_answer(
        &self,
        lesson: LessonRef,
        question: &str,
        answer: QuestionAnswer,
        language: Language,
    ) -> ApiResult<QuestionVerdict> {
        let (course, _) = self.course(&lesson.course)?;
        let questions = questions_of(&course, &lesson.lesson)?;
        let found = questions.iter().find(|known| known.id == question);
        let found = found.ok_or_else(|| ApiError::invalid("the lesson has no such question"))?;
        let asked = Asked {
            course: &course,
            lesson: &lesson.lesson,
            language,
        };
        let given = serde_json::to_string(&answer).expect("an answer is plain data");
        let mut verdict = asked
            .verdict(found, answer, 0)
            .ok_or_else(|| ApiError::invalid("this is no answer to this question"))?;
        let (id, right, now) = (found.id.clone(), verdict.right, self.now());
        let rows = self
            .with_store(move |store| {
                let key = (lesson.course.as_str(), lesson.lesson.as_str(), id.as_str());
                store.save_answer(key, &given, right, now)?;
                store.answers(&lesson.course, &lesson.lesson)
            })
            .await?;
        let row = rows.into_iter().find(|row| row.question == question);
        verdict.tries = row.map_or(1, |row| row.tries);
        Ok(verdict)
    }
}

fn questions_of(course: &Course, lesson: &str) -> ApiResult<Vec<Question>> {
    course
        .questions(lesson)
        .map_err(|error| lessons::course_error(&error))
}

/// Where and in which language questions are asked.
struct Asked<'a> {
    course: &'a Course,
    lesson: &'a str,
    language: Language,
}

impl Asked<'_> {
    fn form(&self, question: &Question) -> QuestionForm {
        match &question.kind {
            QuestionKind::Choice(choices) => QuestionForm::Choice {
                options: choices
                    .iter()
                    .map(|choice| self.html(&choice.text))
                    .collect(),
                many: choices.iter().filter(|choice| choice.right).count() > 1,
            },
            QuestionKind::Fill(_) => QuestionForm::Fill,
            QuestionKind::Predict { code, .. } => QuestionForm::Predict {
                code: self.rendered(&fenced(code)),
            },
            QuestionKind::Order { lines, extra } => QuestionForm::Order {
                lines: shuffled(lines, extra),
                extra: !extra.is_empty(),
            },
        }
    }

    /// `None` for an answer that does not fit the question.
    fn verdict(
        &self,
        question: &Question,
        answer: QuestionAnswer,
        tries: u32,
    ) -> Option<QuestionVerdict> {
        let mut said: Vec<&Words> = Vec::new();
        let right = match (&question.kind, &answer) {
            (QuestionKind::Choice(choices), QuestionAnswer::Chosen { options }) => {
                let is_chosen = |at: usize| options.contains(&(at as u32));
                if options.iter().any(|at| *at as usize >= choices.len()) {
                    return None;
                }
                let of_chosen = choices.iter().enumerate().filter(|(at, _)| is_chosen(*at));
                said.extend(of_chosen.map(|(_, choice)| &choice.why));
                let mut all = choices.iter().enumerate();
                all.all(|(at, choice)| is_chosen(at) == choice.right)
            }
            (QuestionKind::Fill(answers), QuestionAnswer::Written { text }) if fits(text) => {
                answers.iter().any(|right| plain(right) == plain(text))
            }
            (QuestionKind::Predict { expect, .. }, QuestionAnswer::Written { text })
                if fits(text) =>
            {
                normalised(expect).trim() == normalised(text).trim()
            }
            (QuestionKind::Order { lines, extra }, QuestionAnswer::Ordered { lines: given }) => {
                let shown = shuffled(lines, extra);
                let given: Option<Vec<&String>> =
                    given.iter().map(|at| shown.get(*at as usize)).collect();
                given?.into_iter().eq(lines)
            }
            _ => return None,
        };
        if right {
            said.push(&question.why);
        }
        let html = said.into_iter().map(|words| self.html(words));
        Some(QuestionVerdict {
            said: html.filter(|html| !html.is_empty()).collect(),
            answer,
            right,
            tries,
        })
    }

    fn html(&self, words: &Words) -> String {
        self.rendered(match self.language {
            Language::Zh => &words.zh,
            Language::En => &words.en,
        })
    }

    fn rendered(&self, text: &str) -> String {
        let page = ReplyPage {
            course: self.course,
            lesson: self.lesson,
            language: lessons::course_language(self.language),
            id: "question",
        };
        render_reply(text, &page).html
    }
}

/// A program as a block of code, whatever backticks it holds.
fn fenced(code: &str) -> String {
    let mut fence = String::from("```");
    while code.contains(&fence) {
        fence.push('`');
    }
    format!("{fence}python\n{}\n{fence}\n", code.trim_end())
}

fn fits(text: &str) -> bool {
    text.chars().count() <= MAX_WRITTEN
}

/// Case and blanks do not count.
fn plain(text: &str) -> String {
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    words.join(" ")
}

/// The lines in an order that is the same each time, and not the right one.
fn shuffled(lines: &[String], extra: &[String]) -> Vec<String> {
    let mut all: Vec<String> = lines.iter().chain(extra).cloned().collect();
    all.sort_by_key(|line| scrambled(line));
    // An extra line may be what is turned over first, so once need not be enough.
    for _ in 0..all.len() {
        if !all.iter().filter(|line| !extra.contains(line)).eq(lines) {
            break;
        }
        all.rotate_left(1);
    }
    all
}

/// A number that says nothing about the line (FNV-1a).
fn scrambled(line: &str) -> u64 {
    line.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_never_shown_in_the_right_order() {
        let lines = |text: &str| text.chars().map(String::from).collect::<Vec<_>>();
        for right in ["ab", "ba", "abc", "cba", "bca", "hello"] {
            let (right, extra) = (lines(right), lines("x"));
            let shown = shuffled(&right, &extra);
            let own: Vec<_> = shown.iter().filter(|line| **line != "x").cloned().collect();
            assert_ne!(own, right);
            assert_eq!(shown.len(), right.len() + 1);
        }
    }

    #[test]
    fn a_program_with_backticks_stays_one_block() {
        assert_eq!(fenced("x = '```'\n"), "````python\nx = '```'\n````\n");
    }
}
