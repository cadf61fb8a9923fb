//! The *Author* place: a course in an author's folder, the proof that it works lesson by lesson, and
//! what is made of it.

use crate::author::read_course;
use crate::live::Registered;
use crate::prove;
use crate::shelf::{blocking, wire_changes};
use crate::stream::{Sink, StreamEvent, forward};
use crate::wire::{AuthorCourse, AuthorLesson, BundlePacked, CourseChanges, Language, ProofEvent};
use crate::{ApiError, ApiResult, App, ErrorCode, bundles, lessons};
use ha_course::said;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::mpsc;

const QUEUE: usize = 64;

impl App {
    /// As [`course_read`].
    ///
    /// # Errors
    /// `invalid_request` for a folder without `course.toml`.
    pub async fn author_open(&self, dir: &Path) -> ApiResult<AuthorCourse> {
        let dir = dir.to_path_buf();
        reading(move || course_read(&dir)).await?
    }

    /// Begins a course of one lesson in an empty folder, with the folder's name as its id.
    ///
    /// # Errors
    /// `invalid_request` for a folder that is not empty or whose name is no id, `save_failed`.
    pub async fn author_new(&self, dir: &Path) -> ApiResult<AuthorCourse> {
        let name = dir.file_name().unwrap_or_default().to_string_lossy();
        bundles::course_new(dir, &name)?;
        self.author_open(dir).await
    }

    /// Accepts the proof of a course and returns; results come through `sink`, ending with exactly one
    /// `finished`, `stopped` or `failed`. `job_stop` with the same id stops it.
    ///
    /// # Errors
    /// `invalid_request` for a folder without `course.toml`, `too_many_runs`.
    pub async fn author_check(
        self: &Arc<Self>,
        job_id: &str,
        dir: &Path,
        sink: Sink<ProofEvent>,
    ) -> ApiResult<()> {
        let dir = course_folder(dir)?;
        let place = self.jobs.register(job_id)?;
        let (events, queue) = mpsc::channel(QUEUE);
        tokio::spawn(forward(queue, sink));
        let app = self.clone();
        tokio::spawn(async move {
            let last = match app.prove(dir, &place, &events).await {
                Ok(true) => ProofEvent::Finished,
                Ok(false) => ProofEvent::Stopped,
                Err(error) => ProofEvent::Failed { error },
            };
            drop(place);
            events.send(last).await.ok();
        });
        Ok(())
    }

    /// False when it was stopped.
    async fn prove(
        &self,
        dir: PathBuf,
        place: &Registered,
        events: &mpsc::Sender<ProofEvent>,
    ) -> ApiResult<bool> {
        let (course, problems) = reading(move || read_course(&dir)).await?;
        events.send(ProofEvent::Read { problems }).await.ok();
        for lesson in course.chapters.iter().flat_map(|chapter| &chapter.lessons) {
            let runner = self.engines.choose(lesson.needs.docker);
            let proof = tokio::select! {
                proof = prove::lesson(&*runner, &course, lesson) => proof?,
                () = place.run.stopped() => return Ok(false),
            };
            events.send(ProofEvent::Lesson { proof }).await.ok();
        }
        Ok(true)
    }

    /// Packs the course of a folder into a file beside it, and signs it with the author's key when
    /// there is one.
    ///
    /// # Errors
    /// `invalid_request` for a folder without `course.toml`, `cannot_pack`, `keyring_locked`,
    /// `save_failed`.
    pub async fn author_pack(&self, dir: &Path) -> ApiResult<BundlePacked> {
        let dir = course_folder(dir)?;
        let key = self.author_key().await?;
        blocking(move || {
            let course = ha_course::load(&dir).0;
            let name = format!("{}-{}.hacourse", course.id, course.version);
            let out = dir.parent().unwrap_or(&dir).join(name);
            let list = ha_course::pack(&dir, &out)?;
            if let Some(key) = &key {
                ha_course::sign(&out, key)?;
            }
            Ok(BundlePacked {
                path: out.display().to_string(),
                files: list.files.len() as u32,
                signer: key.map(|key| key.signer().to_string()),
            })
        })
        .await
        .map_err(bundles::packing)
    }

    /// Signs a bundle in place with the author's key. Answers who signed.
    ///
    /// # Errors
    /// `invalid_request` when there is no key, `keyring_locked`, `save_failed`; for the bundle those of
    /// `bundle_look`.
    pub async fn author_sign(&self, bundle: &Path) -> ApiResult<String> {
        let key = self.author_key().await?;
        let key = key.ok_or_else(|| {
            let words = said!(
                "还没有密钥；请先生成一个：helloagents course key",
                "there is no key yet; make one first: helloagents course key"
            );
            ApiError::said(ErrorCode::InvalidRequest, words)
        })?;
        let bundle = bundle.to_path_buf();
        blocking(move || {
            ha_course::sign(&bundle, &key)?;
            Ok(key.signer().to_string())
        })
        .await
    }

    /// What a course would change for those who have the other one; each is a folder or a bundle.
    ///
    /// # Errors
    /// `invalid_request` for a folder without `course.toml`; for a bundle those of `bundle_look`.
    pub async fn author_diff(&self, old: &Path, new: &Path) -> ApiResult<CourseChanges> {
        let (old, new, places) = (old.to_path_buf(), new.to_path_buf(), self.places.clone());
        reading(move || bundles::course_diff(&old, &new, &places).map(wire_changes)).await?
    }
}

/// Reads every file of a course in an author's folder. What is wrong with it is part of the answer.
///
/// # Errors
/// `invalid_request` for a folder without `course.toml`.
pub fn course_read(dir: &Path) -> ApiResult<AuthorCourse> {
    let dir = course_folder(dir)?;
    let (course, problems) = read_course(&dir);
    let numbered = course.chapters.iter().enumerate().flat_map(|(c, chapter)| {
        let lessons = chapter.lessons.iter().enumerate();
        lessons.map(move |(l, lesson)| (format!("{}.{}", c + 1, l + 1), lesson))
    });
    let lessons = numbered.map(|(number, lesson)| AuthorLesson {
        id: lesson.id.clone(),
        title: lessons::words(&lesson.title),
        number,
        languages: [Language::Zh, Language::En]
            .into_iter()
            .filter(|language| {
                let file = lesson.text_file(lessons::course_language(*language));
                course.dir.join(file).is_file()
            })
            .collect(),
    });
    Ok(AuthorCourse {
        lessons: lessons.collect(),
        dir: dir.display().to_string(),
        title: lessons::words(&course.title),
        version: course.version.clone(),
        id: course.id.clone(),
        problems,
    })
}

/// A folder that holds a course, by its real name.
pub(crate) fn course_folder(dir: &Path) -> ApiResult<PathBuf> {
    match dir.is_absolute() && dir.join("course.toml").is_file() {
        true => Ok(dir.to_path_buf()),
        false => Err(no_manifest(dir)),
    }
}

/// A folder that was given for a course and is none.
pub(crate) fn no_manifest(dir: &Path) -> ApiError {
    let dir = dir.display();
    let words = said!(
        "{dir}: 这个文件夹里没有 course.toml",
        "{dir}: there is no course.toml in this folder"
    );
    ApiError::said(ErrorCode::InvalidRequest, words)
}

/// Reads on a thread that may block.
pub(crate) async fn reading<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> ApiResult<T> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|panic| ApiError::new(ErrorCode::Internal, panic.to_string()))
}

impl StreamEvent for ProofEvent {
    fn weight(&self) -> usize {
        0
    }

    fn is_terminal(&self) -> bool {
        matches!(
            self,
            ProofEvent::Finished | ProofEvent::Stopped | ProofEvent::Failed { .. }
        )
    }

    fn merge(&mut self, next: Self) -> Option<Self> {
        Some(next)
    }
}
