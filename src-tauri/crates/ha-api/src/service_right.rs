//! Whether the programs of a course may ask the learner's own service, which costs money. Who signed a
//! course stands for it; for one that nobody signed the learner is asked once, and can take it back.
//! Recorded replies need no permission.

use crate::wire::LessonRef;
use crate::{ApiResult, App};
use ha_course::Course;

/// A permission among the settings, by course.
const KEY: &str = "service:";
const YES: &str = "true";

impl App {
    /// Lets the programs of a course that nobody signed ask the learner's service, or takes that back.
    /// For a course that somebody stands for it means nothing.
    ///
    /// # Errors
    /// `course_not_found`, those of the store.
    pub async fn service_allow(&self, lesson: &LessonRef, allow: bool) -> ApiResult<()> {
        let (course, _) = self.course(&lesson.course)?;
        self.keep_service_right(&course.id, allow).await
    }

    /// Nothing when somebody stands for the course; else what the learner said, at first no.
    pub(crate) async fn service_right(&self, course: &Course) -> Option<bool> {
        if self.is_vouched_for(course) {
            return None;
        }
        let key = format!("{KEY}{}", course.id);
        let stored = self.with_store(move |store| store.setting(&key)).await;
        Some(stored.ok().flatten().as_deref() == Some(YES))
    }

    pub(crate) async fn is_service_closed(&self, lesson: &LessonRef) -> ApiResult<bool> {
        let (course, _) = self.course(&lesson.course)?;
        Ok(self.service_right(&course).await == Some(false))
    }

    /// Another bundle of the same name is another's: what was allowed is asked again.
    pub(crate) async fn keep_service_right(&self, course: &str, allow: bool) -> ApiResult<()> {
        let key = format!("{KEY}{course}");
        let said = if allow { YES } else { "false" };
        self.with_store(move |store| store.set_setting(&key, said))
            .await
    }
}
