//! A lesson of an author's folder as its readers will see it, while it is written; and the one way
//! of looking whether something was saved, for the window and for the command line.

use crate::proof::{course_folder, reading};
use crate::wire::{Language, LessonRef, LessonText};
use crate::{ApiError, ApiResult, App, lessons};
use ha_course::Course;
use std::path::{Path, PathBuf};
use std::sync::PoisonError;
use std::time::Duration;

/// What the place of a course's id in the addresses of its images begins with. No course can have it.
/// The rest is another one once a picture was saved: the window keeps what it fetched.
const PREVIEW: &str = "~preview-";
/// Between two looks at a folder: a look is some file times, and 200 ms is when one notices.
const LOOK: Duration = Duration::from_millis(30);
/// How long the window's question whether something was saved may stay open: one that nobody waits
/// for any more ends with it.
const PATIENCE: Duration = Duration::from_secs(1);

/// Waits until something in a folder was saved since the stamp `known`, and answers the new stamp; at
/// once without a known one. The stamp of a folder that is not there is empty. Dropping it ends the
/// looking.
///
/// # Errors
/// `internal` when the machine cannot look.
pub async fn folder_saved(dir: &Path, known: Option<&str>) -> ApiResult<String> {
    loop {
        let looked = dir.to_path_buf();
        let stamp = reading(move || ha_course::folder_stamp(&looked)).await?;
        if known != Some(&stamp) {
            return Ok(stamp);
        }
        tokio::time::sleep(LOOK).await;
    }
}

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
            let place = format!("{PREVIEW}{}", ha_course::picture_stamp(&dir));
            lessons::text_of(&course, &of, language, &place)
        })
        .await?
    }

    /// As [`folder_saved`], and the known stamp again when nothing was saved for a second: what the
    /// window asks for, again and again, while it shows a preview.
    ///
    /// # Errors
    /// `invalid_request` for a folder without `course.toml`.
    pub async fn author_stamp(&self, dir: &Path, known: Option<String>) -> ApiResult<String> {
        let dir = course_folder(dir)?;
        let saved = folder_saved(&dir, known.as_deref());
        match tokio::time::timeout(PATIENCE, saved).await {
            Ok(stamp) => stamp,
            Err(_) => Ok(known.unwrap_or_default()),
        }
    }

    /// The course that an image's address names.
    pub(crate) fn pictured(&self, id: &str) -> ApiResult<Course> {
        if !id.starts_with(PREVIEW) {
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
