//! A lesson of an author's folder as its readers will see it, while it is written.

use crate::proof::{course_folder, reading};
use crate::wire::{Language, LessonRef, LessonText};
use crate::{ApiError, ApiResult, App, lessons};
use ha_course::Course;
use std::path::{Path, PathBuf};
use std::sync::PoisonError;

/// What stands in the place of a course's id in the addresses of its images. No course can have it.
const PREVIEW: &str = "~preview";

impl App {
    /// Renders a lesson of an author's folder.
    ///
    /// # Errors
    /// `invalid_request` for a folder without `course.toml`, `lesson_not_found`, `lesson_broken`.
    pub async fn author_preview(
        &self,
        dir: &Path,
        lesson: &str,
        language: Language,
    ) -> ApiResult<LessonText> {
        let dir = course_folder(dir)?;
        *self.preview.lock().unwrap_or_else(PoisonError::into_inner) = Some(dir.clone());
        let lesson = lesson.to_string();
        reading(move || {
            let (course, _) = ha_course::load(&dir);
            let of = LessonRef {
                course: course.id.clone(),
                lesson,
            };
            lessons::text_of(&course, &of, language, PREVIEW)
        })
        .await?
    }

    /// A stamp that is another one once a file of the course was saved: what the window asks for
    /// while it shows a preview.
    ///
    /// # Errors
    /// `invalid_request` for a folder without `course.toml`.
    pub async fn author_stamp(&self, dir: &Path) -> ApiResult<String> {
        let dir = course_folder(dir)?;
        reading(move || ha_course::load(&dir).0.texts_stamp()).await
    }

    /// The course that an image's address names.
    pub(crate) fn pictured(&self, id: &str) -> ApiResult<Course> {
        if id != PREVIEW {
            return Ok(self.course(id)?.0);
        }
        let dir: Option<PathBuf> = self
            .preview
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let dir = dir.ok_or_else(|| ApiError::invalid("no preview is shown"))?;
        Ok(ha_course::load(&dir).0)
    }
}
