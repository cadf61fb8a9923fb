//! An update of a course has another starter for a file that the learner works on: both changes are
//! shown, and the learner decides. Nothing is replaced before that, and what is replaced then stays in
//! the history.

use crate::merge::merge;
use crate::wire::{
    FileOrigin, FileText, LessonFile, LessonRef, StarterChoice, StarterSettled, StarterUpdate,
};
use crate::{ApiError, ApiResult, App, lessons};

impl App {
    /// Files of a lesson about which the learner has to decide.
    ///
    /// # Errors
    /// As `lesson_open`.
    pub async fn starter_updates(&self, lesson: &LessonRef) -> ApiResult<Vec<StarterUpdate>> {
        let of = lesson.clone();
        let bases = self
            .with_store(move |store| store.bases(&of.course, &of.lesson))
            .await?;
        if bases.is_empty() {
            return Ok(Vec::new());
        }
        let given = self.lesson_files(lesson)?;
        let files = self.joined_files(lesson, &given).await?;
        let updates = bases.into_iter().filter_map(|base| {
            let mine = files.iter().find(|file| file.path == base.path)?;
            // A file that the author took away stays the learner's own, and nothing is to be decided.
            let now = given.starter.iter().find(|file| file.path == base.path)?;
            let now = lessons::text(&now.bytes);
            (mine.changed && now != base.text).then(|| StarterUpdate {
                merged: merge(&base.text, &mine.text, &now),
                path: base.path,
                before: base.text,
                now,
                mine: mine.text.clone(),
            })
        });
        Ok(updates.collect())
    }

    /// Does what the learner decided about one of them.
    ///
    /// # Errors
    /// `invalid_request` when there is nothing to decide about this file, or both changes cannot be
    /// taken together; those of the store.
    pub async fn starter_settle(
        &self,
        lesson: LessonRef,
        path: String,
        choice: StarterChoice,
    ) -> ApiResult<StarterSettled> {
        let updates = self.starter_updates(&lesson).await?;
        let update = updates.into_iter().find(|update| update.path == path);
        let update = update
            .ok_or_else(|| ApiError::invalid("there is nothing to decide about this file"))?;
        let text = match choice {
            StarterChoice::Mine => None,
            StarterChoice::Author => Some(update.now),
            StarterChoice::Merged => Some(update.merged.ok_or_else(|| {
                ApiError::invalid("both changes touch the same lines; take one of them")
            })?),
        };
        let given = self.lesson_files(&lesson)?;
        let mut files = self.joined_files(&lesson, &given).await?;
        if let Some(text) = text {
            files
                .iter_mut()
                .filter(|file| file.path == path)
                .for_each(|file| file.text.clone_from(&text));
            files = self.replace_files(lesson.clone(), own(&files)).await?.files;
        }
        let of = lesson.clone();
        self.with_store(move |store| store.drop_base(&of.course, &of.lesson, &path))
            .await?;
        let updates = self.starter_updates(&lesson).await?;
        Ok(StarterSettled { files, updates })
    }
}

fn own(files: &[LessonFile]) -> Vec<FileText> {
    let editable = files.iter().filter(|file| file.origin != FileOrigin::Data);
    editable
        .map(|file| FileText {
            path: file.path.clone(),
            text: file.text.clone(),
        })
        .collect()
}
