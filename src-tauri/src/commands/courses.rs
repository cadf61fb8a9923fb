//! Courses from hand to hand: bundles, imports, the author's place, search and questions.

use super::runs::sink;
use super::{Answer, Core};
use crate::opened::{Opened, absolute};
use crate::picker::{self, Wanted};
use ha_api::wire::{
    AuthorCourse, AuthorKeyState, BundleInstalled, BundlePacked, BundleView, CourseChanges,
    CourseRemoved, ImportEvent, ImportStart, Language, LessonHit, LessonRef, LessonSearch,
    LessonText, OpenedPath, ProofEvent, QuestionAnswer, QuestionVerdict, QuestionView, RecordEvent,
    SharedView, StarterChoice, StarterSettled, StarterUpdate,
};
use ha_api::{ApiError, ErrorCode, request};
use tauri::ipc::Channel;
use tauri::{AppHandle, State};

#[tauri::command]
pub async fn bundle_look(core: Core<'_>, path: String) -> Answer<BundleView> {
    let path = absolute(&path)?;
    request("bundle_look", core.bundle_look(&path)).await
}

#[tauri::command]
pub async fn bundle_install(
    core: Core<'_>,
    path: String,
    shown: String,
    trusted: bool,
) -> Answer<BundleInstalled> {
    let path = absolute(&path)?;
    let installed = core.bundle_install(&path, &shown, trusted);
    request("bundle_install", installed).await
}

#[tauri::command]
pub async fn course_remove(
    core: Core<'_>,
    course: String,
    with_work: bool,
) -> Answer<CourseRemoved> {
    request("course_remove", core.course_remove(&course, with_work)).await
}

#[tauri::command]
pub async fn import_start(
    core: Core<'_>,
    start: ImportStart,
    channel: Channel<Vec<ImportEvent>>,
) -> Answer<()> {
    request("import_start", core.import_start(start, sink(channel))).await
}

#[tauri::command]
pub fn job_stop(core: Core<'_>, job_id: String) {
    core.job_stop(&job_id);
}

#[tauri::command]
pub async fn author_open(core: Core<'_>, dir: String) -> Answer<AuthorCourse> {
    let dir = absolute(&dir)?;
    request("author_open", core.author_open(&dir)).await
}

#[tauri::command]
pub async fn author_new(core: Core<'_>, dir: String) -> Answer<AuthorCourse> {
    let dir = absolute(&dir)?;
    request("author_new", core.author_new(&dir)).await
}

#[tauri::command]
pub async fn author_check(
    core: Core<'_>,
    job_id: String,
    dir: String,
    channel: Channel<Vec<ProofEvent>>,
) -> Answer<()> {
    let dir = absolute(&dir)?;
    let proof = core.author_check(&job_id, &dir, sink(channel));
    request("author_check", proof).await
}

#[tauri::command]
pub async fn author_record(
    core: Core<'_>,
    job_id: String,
    dir: String,
    lesson: String,
    channel: Channel<Vec<RecordEvent>>,
) -> Answer<()> {
    let dir = absolute(&dir)?;
    let recording = core.author_record(&job_id, &dir, &lesson, sink(channel));
    request("author_record", recording).await
}

#[tauri::command]
pub async fn author_pack(core: Core<'_>, dir: String) -> Answer<BundlePacked> {
    let dir = absolute(&dir)?;
    request("author_pack", core.author_pack(&dir)).await
}

#[tauri::command]
pub async fn author_diff(core: Core<'_>, old: String, new: String) -> Answer<CourseChanges> {
    let (old, new) = (absolute(&old)?, absolute(&new)?);
    request("author_diff", core.author_diff(&old, &new)).await
}

#[tauri::command]
pub async fn author_preview(
    core: Core<'_>,
    dir: String,
    lesson: String,
    language: Language,
) -> Answer<LessonText> {
    let dir = absolute(&dir)?;
    let preview = core.author_preview(&dir, &lesson, language);
    request("author_preview", preview).await
}

#[tauri::command]
pub async fn author_stamp(core: Core<'_>, dir: String, known: Option<String>) -> Answer<String> {
    let dir = absolute(&dir)?;
    // It waits for somebody to save, which is nothing slow to tell the log.
    core.author_stamp(&dir, known).await
}

#[tauri::command]
pub async fn author_key_state(core: Core<'_>) -> Answer<AuthorKeyState> {
    request("author_key_state", core.author_key_state()).await
}

#[tauri::command]
pub async fn author_key_make(core: Core<'_>) -> Answer<AuthorKeyState> {
    let mut random = [0; 32];
    getrandom::fill(&mut random)
        .map_err(|error| ApiError::new(ErrorCode::Internal, error.to_string()))?;
    request("author_key_make", core.author_key_make(random)).await
}

#[tauri::command]
pub async fn lesson_search(core: Core<'_>, search: LessonSearch) -> Answer<Vec<LessonHit>> {
    request("lesson_search", core.lesson_search(search)).await
}

#[tauri::command]
pub async fn lesson_questions(
    core: Core<'_>,
    lesson: LessonRef,
    language: Language,
) -> Answer<Vec<QuestionView>> {
    request("lesson_questions", core.lesson_questions(lesson, language)).await
}

#[tauri::command]
pub async fn question_answer(
    core: Core<'_>,
    lesson: LessonRef,
    question: String,
    answer: QuestionAnswer,
    language: Language,
) -> Answer<QuestionVerdict> {
    let judged = core.question_answer(lesson, &question, answer, language);
    request("question_answer", judged).await
}

#[tauri::command]
pub async fn starter_updates(core: Core<'_>, lesson: LessonRef) -> Answer<Vec<StarterUpdate>> {
    request("starter_updates", core.starter_updates(&lesson)).await
}

#[tauri::command]
pub async fn starter_settle(
    core: Core<'_>,
    lesson: LessonRef,
    path: String,
    choice: StarterChoice,
) -> Answer<StarterSettled> {
    let settled = core.starter_settle(lesson, path, choice);
    request("starter_settle", settled).await
}

#[tauri::command]
pub async fn code_share(core: Core<'_>, lesson: LessonRef) -> Answer<String> {
    request("code_share", core.code_share(lesson)).await
}

#[tauri::command]
pub async fn code_shared(core: Core<'_>, path: String) -> Answer<SharedView> {
    let path = absolute(&path)?;
    request("code_shared", core.code_shared(&path)).await
}

/// The system's dialog; nothing when it was closed without a choice.
#[tauri::command]
pub async fn pick_path(app: AppHandle, wanted: Wanted, title: String) -> Answer<Option<String>> {
    Ok(picker::pick(&app, wanted, title).await)
}

/// What was dropped on the window or given at the start, each told once.
#[tauri::command]
pub fn opened_paths(opened: State<'_, Opened>) -> Vec<OpenedPath> {
    opened.take()
}
