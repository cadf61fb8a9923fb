//! The code check: the platform's rules joined with what the course and the lesson say about them.
//!
//! The wall is the sandbox; this is what a learner should know before a program runs. Advice never
//! stops a run, and the rules of a lesson that denies nothing cost it nothing.

use crate::wire::{CodeAction, CodeCheck, CodeFinding, CodeRule, FileText, LessonRef, Words};
use crate::{ApiError, ApiResult, App, ErrorCode, lessons};
use ha_course::{Agent, Course, LessonFiles};
use ha_sandbox::policy::{Action, Finding, Policy, Rule, RuleId};
use ha_sandbox::{Limits, SourceFile};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What holds for the code of one lesson.
#[derive(Clone)]
pub(crate) struct LessonCode {
    policy: Arc<Policy>,
    messages: Arc<BTreeMap<RuleId, Words>>,
    /// Whether it needs the engine of containers.
    pub(crate) needs_docker: bool,
    /// What its agents may do.
    pub(crate) agent: Arc<Agent>,
}

impl LessonCode {
    /// The course's word, then the lesson's; rules that the platform does not know say nothing.
    pub(crate) fn new(course: &Course, lesson: &str) -> LessonCode {
        let mut policy = Policy::default();
        let mut messages = BTreeMap::new();
        for said in course.code_rules(lesson) {
            let Some(id) = RuleId::named(&said.rule) else {
                continue;
            };
            if let Some(action) = said.action {
                policy.rules.push(Rule {
                    id,
                    action: match action {
                        ha_course::CodeAction::Deny => Action::Deny,
                        ha_course::CodeAction::Allow => Action::Allow,
                    },
                    message: None,
                });
            }
            if let Some(message) = &said.message {
                messages.insert(id, lessons::words(message));
            }
        }
        let found = course.lesson(lesson).map(|(_, found, ..)| found);
        LessonCode {
            policy: Arc::new(policy),
            messages: Arc::new(messages),
            needs_docker: found.is_some_and(|found| found.needs.docker),
            agent: Arc::new(found.map_or_else(Agent::default, |found| found.agent.clone())),
        }
    }

    /// Everything that is said about these files.
    pub(crate) fn check(&self, files: &[FileText]) -> Vec<CodeFinding> {
        let sources = files
            .iter()
            .map(|file| SourceFile::text(&file.path, &file.text));
        let found = self.policy.check(&sources.collect::<Vec<_>>());
        found.into_iter().map(|found| self.wire(found)).collect()
    }

    /// What keeps these files from running; empty when nothing does.
    pub(crate) async fn denied(&self, files: &[FileText]) -> Vec<CodeFinding> {
        if !self.policy.denies() {
            return Vec::new();
        }
        let (code, files) = (self.clone(), files.to_vec());
        let checked = tokio::task::spawn_blocking(move || code.check(&files)).await;
        let mut found = checked.unwrap_or_else(|panic| {
            // The wall is elsewhere: a check that broke is no reason not to run.
            tracing::error!(%panic, "the code check broke");
            Vec::new()
        });
        found.retain(|found| found.action == CodeAction::Deny);
        found
    }

    fn wire(&self, found: Finding) -> CodeFinding {
        CodeFinding {
            path: found.file,
            line: found.line,
            column: found.column,
            end_line: found.end_line,
            end_column: found.end_column,
            rule: wire_rule(found.rule),
            name: found.name,
            action: match found.action {
                Action::Deny => CodeAction::Deny,
                Action::Advise | Action::Allow => CodeAction::Advise,
            },
            message: self.messages.get(&found.rule).cloned(),
        }
    }
}

impl App {
    /// What the learner's code is about to use, from top to bottom. Nothing runs and nothing is
    /// kept; meant to be asked while somebody types.
    ///
    /// # Errors
    /// `course_not_found`, `source_too_large`.
    pub async fn code_check(&self, request: CodeCheck) -> ApiResult<Vec<CodeFinding>> {
        let size: usize = request.files.iter().map(|file| file.text.len()).sum();
        if size > Limits::MAX_SOURCE_BYTES || request.files.len() > Limits::MAX_FILES {
            let message = "a program is at most 64 files and 1 MiB";
            return Err(ApiError::new(ErrorCode::SourceTooLarge, message));
        }
        let (course, _) = self.course(&request.lesson.course)?;
        let code = LessonCode::new(&course, &request.lesson.lesson);
        tokio::task::spawn_blocking(move || code.check(&request.files))
            .await
            .map_err(|panic| ApiError::new(ErrorCode::Internal, panic.to_string()))
    }

    /// The author's files of a lesson and what holds for its code.
    pub(crate) fn lesson_and_code(
        &self,
        lesson: &LessonRef,
    ) -> ApiResult<(LessonFiles, LessonCode)> {
        let (course, _) = self.course(&lesson.course)?;
        let files = course
            .files(&lesson.lesson)
            .map_err(|error| lessons::course_error(&error))?;
        let mut code = LessonCode::new(&course, &lesson.lesson);
        code.needs_docker = code.needs_docker && self.is_vouched_for(&course);
        Ok((files, code))
    }
}

fn wire_rule(rule: RuleId) -> CodeRule {
    match rule {
        RuleId::Eval => CodeRule::Eval,
        RuleId::Exec => CodeRule::Exec,
        RuleId::Compile => CodeRule::Compile,
        RuleId::Open => CodeRule::Open,
        RuleId::Import => CodeRule::Import,
        RuleId::System => CodeRule::System,
        RuleId::Subprocess => CodeRule::Subprocess,
        RuleId::Ctypes => CodeRule::Ctypes,
        RuleId::Socket => CodeRule::Socket,
    }
}
