//! Courses, lessons and the learner's files.

use super::{Answer, Core};
use ha_api::request;
use ha_api::wire::{
    CourseTree, FileText, FilesChanged, Language, LessonRef, LessonRights, LessonSolution,
    LessonText, LessonView, ResetTo,
};

#[tauri::command]
pub async fn course_tree(core: Core<'_>, course: String) -> Answer<CourseTree> {
    request("course_tree", core.course_tree(&course)).await
}

#[tauri::command]
pub async fn lesson_open(
    core: Core<'_>,
    lesson: LessonRef,
    language: Language,
) -> Answer<LessonView> {
    request("lesson_open", core.lesson_open(lesson, language)).await
}

#[tauri::command]
pub async fn lesson_text(
    core: Core<'_>,
    lesson: LessonRef,
    language: Language,
) -> Answer<LessonText> {
    request("lesson_text", core.lesson_text(&lesson, language)).await
}

#[tauri::command]
pub async fn draft_save(core: Core<'_>, lesson: LessonRef, file: FileText) -> Answer<()> {
    request("draft_save", core.draft_save(lesson, file)).await
}

#[tauri::command]
pub async fn draft_delete(core: Core<'_>, lesson: LessonRef, path: String) -> Answer<FilesChanged> {
    request("draft_delete", core.draft_delete(lesson, path)).await
}

#[tauri::command]
pub async fn lesson_reset(core: Core<'_>, lesson: LessonRef, to: ResetTo) -> Answer<FilesChanged> {
    request("lesson_reset", core.lesson_reset(lesson, to)).await
}

#[tauri::command]
pub async fn lesson_rights(core: Core<'_>, lesson: LessonRef) -> Answer<LessonRights> {
    request("lesson_rights", core.lesson_rights(&lesson)).await
}

#[tauri::command]
pub async fn lesson_solution(core: Core<'_>, lesson: LessonRef) -> Answer<LessonSolution> {
    request("lesson_solution", core.lesson_solution(&lesson)).await
}

#[tauri::command]
pub async fn service_allow(core: Core<'_>, lesson: LessonRef, allow: bool) -> Answer<()> {
    request("service_allow", core.service_allow(&lesson, allow)).await
}

#[tauri::command]
pub async fn web_allow(core: Core<'_>, lesson: LessonRef, allow: bool) -> Answer<()> {
    request("web_allow", core.web_allow(&lesson, allow)).await
}
