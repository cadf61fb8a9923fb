//! Courses and lessons: files of the author joined with the learner's work in them.

use crate::wire::{
    ChapterNode, CheckInfo, CourseNeeds, CourseProblem, CourseTree, FileOrigin, FileText,
    FilesChanged, Heading, Language, LessonFile, LessonNode, LessonRef, LessonRights, LessonState,
    LessonText, LessonView, Prerequisite, ResetTo, Words,
};
use crate::{ApiError, ApiResult, App, ErrorCode, Places, history};
use ha_course::{Course, CourseError, CourseFile, LessonFiles, Problem};
use ha_sandbox::{Limits, SourceFile, is_safe_path};
use ha_store::{BaseRow, DraftRow, ProgressRow, ProgressState, RunKind};
use std::collections::BTreeMap;
use std::path::Path;

/// Files a learner may add to a lesson, besides the author's.
const MAX_OWN_FILES: usize = 24;
/// Where lesson images come from; the shell answers this scheme. The ending slash is part of it.
const ASSET_SCHEME: &str = if cfg!(any(windows, target_os = "android")) {
    "http://course.localhost/"
} else {
    "course://localhost/"
};

/// Every course on this machine with what is wrong with it, by folder name.
pub(crate) fn installed(places: &Places) -> Vec<(Course, Vec<Problem>)> {
    let mut found: Vec<(Course, Vec<Problem>)> = Vec::new();
    // What the user installed stands in for what came with the app under the same id.
    for root in [&places.shelf().join("courses"), &places.courses] {
        for (course, problems) in courses_in(root) {
            if found.iter().all(|(known, _)| known.id != course.id) {
                found.push((course, problems));
            }
        }
    }
    found.sort_by(|(a, _), (b, _)| a.dir.file_name().cmp(&b.dir.file_name()));
    found
}

/// The courses in a folder, by folder name.
pub(crate) fn courses_in(root: &Path) -> impl Iterator<Item = (Course, Vec<Problem>)> {
    let entries = std::fs::read_dir(root).into_iter().flatten().flatten();
    let folders = entries.map(|entry| entry.path());
    let mut folders: Vec<_> = folders
        .filter(|path| path.join("course.toml").is_file())
        .collect();
    folders.sort();
    folders.into_iter().map(|folder| ha_course::load(&folder))
}

impl App {
    /// Every installed course with what is wrong with it, by folder name.
    pub(crate) fn courses(&self) -> Vec<(Course, Vec<Problem>)> {
        installed(&self.places)
    }

    pub(crate) fn course(&self, id: &str) -> ApiResult<(Course, Vec<Problem>)> {
        let mut courses = self.courses().into_iter();
        courses
            .find(|(course, _)| course.id == id)
            .ok_or_else(|| ApiError::new(ErrorCode::CourseNotFound, "no such course is installed"))
    }

    /// The author's files of a lesson.
    pub(crate) fn lesson_files(&self, lesson: &LessonRef) -> ApiResult<LessonFiles> {
        Ok(self.lesson_and_code(lesson)?.0)
    }

    /// The read-only files a lesson gives to its programs.
    pub(crate) fn lesson_data(&self, lesson: &LessonRef) -> ApiResult<Vec<SourceFile>> {
        Ok(data_files(&self.lesson_files(lesson)?.data))
    }

    /// An image of a course, for the window's `course:` addresses: `<course id>/<path>`.
    ///
    /// # Errors
    /// `course_not_found`, `lesson_broken` for everything that is not an image inside the course.
    pub fn course_asset(&self, address: &str) -> ApiResult<(Vec<u8>, &'static str)> {
        let (id, path) = address.split_once('/').unwrap_or((address, ""));
        let course = self.pictured(id)?;
        course.asset(path).map_err(|error| course_error(&error))
    }

    /// The tree of one course with the learner's progress.
    ///
    /// # Errors
    /// `course_not_found`, those of the store.
    pub async fn course_tree(&self, id: &str) -> ApiResult<CourseTree> {
        let (course, problems) = self.course(id)?;
        let states = self.lesson_states(&course.id).await?;
        let node = |lesson: &ha_course::Lesson| LessonNode {
            id: lesson.id.clone(),
            title: words(&lesson.title),
            minutes: lesson.minutes,
            state: state_of(states.get(&lesson.id)),
        };
        let chapter = |chapter: &ha_course::Chapter| ChapterNode {
            id: chapter.id.clone(),
            title: words(&chapter.title),
            lessons: chapter.lessons.iter().map(node).collect(),
        };
        Ok(CourseTree {
            id: course.id.clone(),
            title: words(&course.title),
            chapters: course.chapters.iter().map(chapter).collect(),
            problems: problems.into_iter().map(wire_problem).collect(),
        })
    }

    pub(crate) async fn lesson_states(
        &self,
        course: &str,
    ) -> ApiResult<BTreeMap<String, ProgressRow>> {
        let course = course.to_string();
        let rows = self
            .with_store(move |store| store.progress_of(&course))
            .await?;
        Ok(rows
            .into_iter()
            .map(|row| (row.lesson.clone(), row))
            .collect())
    }

    pub(crate) async fn lesson_state(&self, lesson: &LessonRef) -> ApiResult<LessonState> {
        Ok(state_of(self.progress(lesson).await?.as_ref()))
    }

    pub(crate) async fn progress(&self, lesson: &LessonRef) -> ApiResult<Option<ProgressRow>> {
        let lesson = lesson.clone();
        self.with_store(move |store| store.progress(&lesson.course, &lesson.lesson))
            .await
    }

    /// The author's text of a lesson in a language (or the one it has). Reads and records nothing,
    /// so that the window may ask for it before the learner does.
    ///
    /// # Errors
    /// `course_not_found`, `lesson_not_found`, `lesson_broken`.
    pub async fn lesson_text(
        &self,
        lesson: &LessonRef,
        language: Language,
    ) -> ApiResult<LessonText> {
        let (course, _) = self.course(&lesson.course)?;
        self.installed_text(&course, lesson, language)
    }

    /// Docker is for a lesson that asks for it in a course that somebody stands for.
    fn installed_text(
        &self,
        course: &Course,
        lesson: &LessonRef,
        language: Language,
    ) -> ApiResult<LessonText> {
        let mut text = text_of(course, lesson, language, &course.id)?;
        text.needs_docker = text.needs_docker && self.is_vouched_for(course);
        Ok(text)
    }

    /// Opens a lesson in a language (or the one it has) and remembers it as the last opened.
    ///
    /// # Errors
    /// `course_not_found`, `lesson_not_found`, `lesson_broken`, those of the store.
    pub async fn lesson_open(
        &self,
        lesson: LessonRef,
        language: Language,
    ) -> ApiResult<LessonView> {
        let (course, _) = self.course(&lesson.course)?;
        let text = self.installed_text(&course, &lesson, language)?;
        self.engines.expect(text.needs_docker);
        let given = course
            .files(&lesson.lesson)
            .map_err(|error| course_error(&error))?;
        let files = self.joined_files(&lesson, &given).await?;
        let (opened, now) = (lesson.clone(), self.now());
        self.with_store(move |store| store.open_lesson(&opened.course, &opened.lesson, now))
            .await?;
        let progress = self.progress(&lesson).await?;
        Ok(LessonView {
            text,
            files,
            entry: given.entry.into(),
            checks: given.checks.iter().map(check_info).collect(),
            state: state_of(progress.as_ref()),
            has_passed_version: progress.is_some_and(|row| row.passed_run.is_some()),
        })
    }

    /// What the programs of a lesson may do now.
    ///
    /// # Errors
    /// `course_not_found`.
    pub async fn lesson_rights(&self, lesson: &LessonRef) -> ApiResult<LessonRights> {
        let (course, _) = self.course(&lesson.course)?;
        Ok(LessonRights {
            web: self.web_access(&course, &lesson.lesson).await,
            service_allowed: self.service_right(&course).await,
        })
    }

    /// Saves one file of the learner. A text that equals the starter leaves no draft behind.
    ///
    /// # Errors
    /// `invalid_request` for a path outside the lesson, a read-only file or too many files,
    /// `source_too_large`, `lesson_not_found`, those of the store.
    pub async fn draft_save(&self, lesson: LessonRef, file: FileText) -> ApiResult<()> {
        if !is_safe_path(&file.path) {
            return Err(ApiError::invalid("this is not a usable file name"));
        }
        if file.text.len() > Limits::MAX_SOURCE_BYTES {
            let message = "a lesson's file is at most 1 MiB";
            return Err(ApiError::new(ErrorCode::SourceTooLarge, message));
        }
        let given = self.lesson_files(&lesson)?;
        if given.data.iter().any(|data| data.path == file.path) {
            return Err(ApiError::invalid("this file is given by the lesson"));
        }
        let starter = given.starter.iter().find(|given| given.path == file.path);
        if starter.is_none() {
            self.refuse_too_many(&lesson, &given, &file.path).await?;
        }
        let same = starter.is_some_and(|given| given.bytes == file.text.as_bytes());
        let base = starter.map(|given| BaseRow {
            lesson: lesson.lesson.clone(),
            path: given.path.clone(),
            text: text(&given.bytes),
        });
        let now = self.now();
        self.with_store(move |store| {
            let LessonRef { course, lesson } = &lesson;
            if same {
                return store.delete_draft(course, lesson, &file.path);
            }
            if let Some(base) = base {
                store.begin_base(course, &base)?;
            }
            store.save_draft(course, lesson, &file.path, &file.text, now)
        })
        .await
    }

    async fn refuse_too_many(
        &self,
        lesson: &LessonRef,
        given: &LessonFiles,
        path: &str,
    ) -> ApiResult<()> {
        let drafts = self.drafts(lesson).await?;
        let is_own = |draft: &&DraftRow| given.starter.iter().all(|file| file.path != draft.path);
        let known = drafts.iter().any(|draft| draft.path == path);
        if !known && drafts.iter().filter(is_own).count() >= MAX_OWN_FILES {
            return Err(ApiError::invalid("a lesson holds at most 24 added files"));
        }
        Ok(())
    }

    /// Removes a file the learner added. Its text stays in the history.
    ///
    /// # Errors
    /// `invalid_request` for a file the lesson gives, those of the store.
    pub async fn draft_delete(&self, lesson: LessonRef, path: String) -> ApiResult<FilesChanged> {
        let given = self.lesson_files(&lesson)?;
        if given.starter.iter().any(|file| file.path == path) {
            return Err(ApiError::invalid("this file is given by the lesson"));
        }
        let files = self.joined_files(&lesson, &given).await?;
        let kept = learner_files(&files);
        let kept = kept.into_iter().filter(|file| file.path != path);
        self.replace_files(lesson, kept.collect()).await
    }

    /// Goes back to the starter or to the last version that passed. What is replaced stays in the
    /// history.
    ///
    /// # Errors
    /// `history_not_found` when nothing passed yet, those of the store.
    pub async fn lesson_reset(&self, lesson: LessonRef, to: ResetTo) -> ApiResult<FilesChanged> {
        let files = match to {
            ResetTo::Starter => Vec::new(),
            ResetTo::LastPassed => {
                let progress = self.progress(&lesson).await?;
                let id = progress.and_then(|row| row.passed_run).unwrap_or_default();
                history::files(&self.history_row(id).await?)
            }
        };
        self.replace_files(lesson, files).await
    }

    /// Replaces the learner's files, keeping what was there as a snapshot: one transaction.
    pub(crate) async fn replace_files(
        &self,
        lesson: LessonRef,
        files: Vec<FileText>,
    ) -> ApiResult<FilesChanged> {
        let given = self.lesson_files(&lesson)?;
        let before = self.joined_files(&lesson, &given).await?;
        let undo = uuid::Uuid::new_v4().to_string();
        let kept = learner_files(&before);
        let engine = self.engine().name;
        let snapshot = self.new_run(&undo, RunKind::Snapshot, &lesson, &kept, &engine);
        let changed = |file: &FileText| {
            let is_starter =
                |given: &CourseFile| given.path == file.path && given.bytes == file.text.as_bytes();
            !given.starter.iter().any(is_starter)
        };
        let drafts: Vec<(String, String)> = files
            .into_iter()
            .filter(changed)
            .map(|file| (file.path, file.text))
            .collect();
        self.with_store(move |store| store.replace_drafts(&snapshot, &drafts))
            .await?;
        let files = self.joined_files(&lesson, &given).await?;
        Ok(FilesChanged { files, undo })
    }

    async fn drafts(&self, lesson: &LessonRef) -> ApiResult<Vec<DraftRow>> {
        let lesson = lesson.clone();
        self.with_store(move |store| store.drafts(&lesson.course, &lesson.lesson))
            .await
    }

    /// The author's starter with the learner's drafts in it, then the learner's own files, then data.
    pub(crate) async fn joined_files(
        &self,
        lesson: &LessonRef,
        given: &LessonFiles,
    ) -> ApiResult<Vec<LessonFile>> {
        let mut drafts: BTreeMap<String, String> = self
            .drafts(lesson)
            .await?
            .into_iter()
            .map(|row| (row.path, row.text))
            .collect();
        let mut files = Vec::new();
        for file in &given.starter {
            let draft = drafts.remove(&file.path);
            files.push(LessonFile {
                path: file.path.clone(),
                changed: draft.is_some(),
                text: draft.unwrap_or_else(|| text(&file.bytes)),
                origin: FileOrigin::Starter,
            });
        }
        for data in &given.data {
            drafts.remove(&data.path);
        }
        files.extend(drafts.into_iter().map(|(path, text)| LessonFile {
            path,
            text,
            origin: FileOrigin::Own,
            changed: true,
        }));
        files.extend(given.data.iter().map(|file| LessonFile {
            path: file.path.clone(),
            text: text(&file.bytes),
            origin: FileOrigin::Data,
            changed: false,
        }));
        Ok(files)
    }
}

/// The text of a lesson with its place in the course. Its images are asked for under `name`.
pub(crate) fn text_of(
    course: &Course,
    lesson: &LessonRef,
    language: Language,
    name: &str,
) -> ApiResult<LessonText> {
    let order: Vec<_> = course
        .chapters
        .iter()
        .enumerate()
        .flat_map(|(c, chapter)| {
            let lessons = chapter.lessons.iter().enumerate();
            lessons.map(move |(l, lesson)| (c, l, chapter, lesson))
        })
        .collect();
    let position = order
        .iter()
        .position(|(.., node)| node.id == lesson.lesson)
        .ok_or_else(|| course_error(&CourseError::LessonNotFound(lesson.lesson.clone())))?;
    let (c, l, chapter, node) = order[position];
    let base = format!("{ASSET_SCHEME}{name}/");
    let text = course
        .open(&lesson.lesson, course_language(language), &base)
        .map_err(|error| course_error(&error))?;
    let neighbour = |at: Option<usize>| {
        let (.., node) = order.get(at?)?;
        Some(LessonRef {
            course: course.id.clone(),
            lesson: node.id.clone(),
        })
    };
    Ok(LessonText {
        lesson: lesson.clone(),
        title: words(&node.title),
        chapter_title: words(&chapter.title),
        number: format!("{}.{}", c + 1, l + 1),
        language: wire_language(text.language),
        html: text.html,
        outline: text.outline.into_iter().map(wire_heading).collect(),
        has_math: text.has_math,
        has_diagrams: text.has_diagrams,
        needs_docker: node.needs.docker,
        minutes: node.minutes,
        needs: needs(node),
        prerequisites: prerequisites(course, node),
        hints: text.hints,
        previous: neighbour(position.checked_sub(1)),
        next: neighbour(Some(position + 1)),
        license: match node.license.as_str() {
            "" => course.license.clone(),
            license => license.to_string(),
        },
    })
}

/// Hosts are asked for in two places: for the programs, and for the tools of their agents.
fn needs(lesson: &ha_course::Lesson) -> CourseNeeds {
    let mut network = lesson.needs.network.clone();
    let more = lesson.agent.hosts.iter();
    network.extend(
        more.filter(|host| !lesson.needs.network.contains(host))
            .cloned(),
    );
    CourseNeeds {
        docker: lesson.needs.docker,
        model: lesson.needs.model,
        network,
        packages: lesson.needs.packages.clone(),
    }
}

fn prerequisites(course: &Course, lesson: &ha_course::Lesson) -> Vec<Prerequisite> {
    let wire = |id: &String| {
        let (_, known, chapter, place) = course.lesson(id)?;
        Some(Prerequisite {
            lesson: LessonRef {
                course: course.id.clone(),
                lesson: known.id.clone(),
            },
            number: format!("{}.{}", chapter + 1, place + 1),
            title: words(&known.title),
        })
    };
    lesson.prerequisites.iter().filter_map(wire).collect()
}

fn learner_files(files: &[LessonFile]) -> Vec<FileText> {
    let editable = |file: &&LessonFile| file.origin != FileOrigin::Data;
    let wire = |file: &LessonFile| FileText {
        path: file.path.clone(),
        text: file.text.clone(),
    };
    files.iter().filter(editable).map(wire).collect()
}

/// A lesson's data, as programs get it.
pub(crate) fn data_files(files: &[CourseFile]) -> Vec<SourceFile> {
    let lay = |file: &CourseFile| SourceFile::new(&file.path, file.bytes.clone()).read_only();
    files.iter().map(lay).collect()
}

/// The lint refuses files that are not UTF-8; a binary data file still has to be shown somehow.
pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

pub(crate) fn state_of(row: Option<&ProgressRow>) -> LessonState {
    match row.map(|row| row.state) {
        None => LessonState::New,
        Some(ProgressState::Started) => LessonState::Started,
        Some(ProgressState::Passed) => LessonState::Passed,
    }
}

pub(crate) fn course_error(error: &CourseError) -> ApiError {
    let code = match error {
        CourseError::LessonNotFound(_) => ErrorCode::LessonNotFound,
        CourseError::Broken { .. } | CourseError::Io { .. } => ErrorCode::LessonBroken,
    };
    ApiError::said(code, error.words())
}

pub(crate) fn words(words: &ha_course::Words) -> Words {
    words.clone().into()
}

pub(crate) fn wire_problem(problem: Problem) -> CourseProblem {
    CourseProblem {
        file: problem.file,
        line: problem.line,
        reason: problem.reason.into(),
    }
}

fn wire_heading(heading: ha_course::Heading) -> Heading {
    Heading {
        id: heading.id,
        level: heading.level,
        text: heading.text,
    }
}

fn check_info(check: &ha_course::Check) -> CheckInfo {
    CheckInfo {
        id: check.id.clone(),
        title: words(&check.title),
    }
}

pub(crate) fn course_language(language: Language) -> ha_course::Language {
    match language {
        Language::Zh => ha_course::Language::Zh,
        Language::En => ha_course::Language::En,
    }
}

pub(crate) fn wire_language(language: ha_course::Language) -> Language {
    match language {
        ha_course::Language::Zh => Language::Zh,
        ha_course::Language::En => Language::En,
    }
}
