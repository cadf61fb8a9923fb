//! The shelf as a learner sees it: what a bundle is before it is let in, installing it without
//! touching anybody's work, and taking a course away.
//!
//! ```text
//! bundle ─ look: every file proven, compared with what is installed ─▶ learner says yes ─ install
//!                                            starters that drafts began from are kept first ─┘
//! ```
//!
//! A look writes nothing but, where there is something to compare with, the bundle's texts.

use crate::bundles::{Unpacked, bundle_error};
use crate::proof::reading;
use crate::wire::{
    BundleInstalled, BundleView, CourseChanges, CourseNeeds, CourseRemoved, KeptWork, LessonChange,
    SignerTrust, Words,
};
use crate::{ApiError, ApiResult, App, ErrorCode, Places, lessons};
use ha_course::{Bundle, BundleError, BundleNeeds, Course, CourseDiff, Shelf, Trust};
use ha_store::BaseRow;
use std::path::Path;

impl App {
    /// Opens a bundle, compares every file with its digest, and says who signed it, what it needs and
    /// what it would change. Installs nothing.
    ///
    /// # Errors
    /// `file_unreadable`, `not_a_bundle`, `bundle_damaged`, `bundle_refused`, `bundle_changed`,
    /// `newer_app_needed`.
    pub async fn bundle_look(&self, path: &Path) -> ApiResult<BundleView> {
        let installed: Vec<Course> = self
            .courses()
            .into_iter()
            .map(|(course, _)| course)
            .collect();
        let (places, path) = (self.places.clone(), path.to_path_buf());
        blocking(move || {
            let mut bundle = Bundle::open(&path)?;
            let (trust, known) = shelf(&places).trust(&bundle)?;
            let id = bundle.list().course.clone();
            let before = installed.iter().find(|course| course.id == id);
            let (lessons, changes) = match before {
                None => (count(&bundle.verify()?), None),
                Some(before) => {
                    let now = Unpacked::of(&mut bundle, &places.cache)?;
                    let changes = ha_course::diff(before, &now.course);
                    (count(&now.course), Some(changes))
                }
            };
            let list = bundle.list();
            Ok(BundleView {
                path: path.display().to_string(),
                fingerprint: bundle.fingerprint(),
                course: list.course.clone(),
                version: list.version.clone(),
                title: lessons::words(&list.words()),
                authors: list.authors.clone(),
                license: list.license.clone(),
                files: list.files.len() as u32,
                bytes: list.files.iter().map(|file| file.size as f64).sum(),
                lessons,
                signer: bundle.signer().map(|signer| signer.to_string()),
                known_signer: known.map(|signer| signer.to_string()),
                trust: wire_trust(trust),
                needs: wire_needs(&list.needs),
                installed: before.map(|course| course.version.clone()),
                is_older: before.is_some_and(|before| is_older(&list.version, &before.version)),
                changes: changes.map(wire_changes),
            })
        })
        .await
    }

    /// Installs a bundle for this user, in place of another version. `shown` is the fingerprint of the
    /// one that the learner saw and agreed to; `is_trusted` says that an unexpected signer is meant.
    /// Work in the course stays as it is; where an update has another starter for a file that the
    /// learner works on, both are shown when the lesson is opened next.
    ///
    /// # Errors
    /// As [`App::bundle_look`]; `bundle_replaced` for another bundle than the one that was shown,
    /// `signer_changed` without `is_trusted`, `save_failed`, those of the store. What was installed
    /// before then still is.
    pub async fn bundle_install(
        &self,
        path: &Path,
        shown: &str,
        is_trusted: bool,
    ) -> ApiResult<BundleInstalled> {
        let installed: Vec<Course> = self
            .courses()
            .into_iter()
            .map(|(course, _)| course)
            .collect();
        let (places, path) = (self.places.clone(), path.to_path_buf());
        let shown = shown.to_string();
        let opened = blocking(move || {
            let mut bundle = Bundle::open(&path)?;
            if bundle.fingerprint() != shown {
                return Err(BundleError::Replaced);
            }
            let id = bundle.list().course.clone();
            let bases = match installed.iter().find(|course| course.id == id) {
                None => Vec::new(),
                Some(before) => {
                    let now = Unpacked::of(&mut bundle, &places.cache)?;
                    replaced(before, Some(&now.course))
                }
            };
            Ok((bundle, id, bases))
        });
        let (mut bundle, course, bases) = opened.await?;
        // Before the old starters go: a base that equals the starter is none, so it does no harm when
        // the installation fails.
        let of = course.clone();
        self.with_store(move |store| store.keep_bases(&of, &bases))
            .await?;
        let places = self.places.clone();
        let done = blocking(move || shelf(&places).install(&mut bundle, is_trusted));
        let replaced = done.await?.replaced;
        self.keep_service_right(&course, false).await?;
        Ok(BundleInstalled { replaced, course })
    }

    /// Takes a course from the shelf that the user installed. The learner's work in it stays in the
    /// database and is there again when the course is; `with_work` removes that too, after a copy of
    /// the whole database was made. So it does later, when the course is gone and its work was kept.
    ///
    /// # Errors
    /// `save_failed`, and those of the store: the course is gone then and the work is still there.
    pub async fn course_remove(&self, course: &str, with_work: bool) -> ApiResult<CourseRemoved> {
        self.keep_starters(course).await?;
        let (places, id) = (self.places.clone(), course.to_string());
        let removed = blocking(move || Shelf::at(&places.shelf()).remove(&id)).await?;
        let mut copy = None;
        let is_meant = with_work && (removed || self.is_kept(course).await?);
        if is_meant {
            let (id, now) = (course.to_string(), self.now());
            let made = self.with_store(move |store| store.forget_course(&id, now));
            copy = Some(made.await?.display().to_string());
        }
        Ok(CourseRemoved { removed, copy })
    }

    /// What the learner did in courses that are gone.
    pub(crate) async fn kept_work(&self) -> ApiResult<Vec<KeptWork>> {
        // A course of the learner's own that cannot be read now is not gone.
        let mut there = self.own_courses();
        there.extend(self.courses().into_iter().map(|(course, _)| course.id));
        let work = self.with_store(ha_store::Store::course_work).await?;
        let gone = work
            .into_iter()
            .filter(|work| !there.contains(&work.course));
        Ok(gone
            .map(|work| KeptWork {
                course: work.course,
                lessons: work.lessons,
                last_at: work.last.0 as f64,
            })
            .collect())
    }

    async fn is_kept(&self, course: &str) -> ApiResult<bool> {
        let kept = self.kept_work().await?;
        Ok(kept.iter().any(|work| work.course == course))
    }

    /// Keeps the starters that the learner's drafts in an installed course began from: whatever
    /// version is installed later is compared with these.
    async fn keep_starters(&self, course: &str) -> ApiResult<()> {
        let (places, id) = (self.places.clone(), course.to_string());
        let own = places.shelf().join("courses");
        let bases = reading(move || {
            let mut courses = lessons::courses_in(&own);
            let found = courses.find(|(course, _)| course.id == id);
            found.map_or_else(Vec::new, |(course, _)| replaced(&course, None))
        });
        let (bases, id) = (bases.await?, course.to_string());
        self.with_store(move |store| store.keep_bases(&id, &bases))
            .await
    }

    /// Whether somebody stands for a course: it came with the app, or was installed with a signature.
    /// What nobody stands for gets the built-in sandbox and no more.
    pub(crate) fn is_vouched_for(&self, course: &Course) -> bool {
        let shelf = self.places.shelf();
        let signed = || {
            let signer = Shelf::at(&shelf).signer(&course.id);
            signer.is_ok_and(|signer| signer.is_some())
        };
        !course.dir.starts_with(shelf.join("courses")) || signed()
    }

    /// Ids of the courses that the user installed, as against those that came with the app.
    pub(crate) fn own_courses(&self) -> Vec<String> {
        let folder = self.places.shelf().join("courses");
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        entries
            .map(|entry| entry.file_name().to_string_lossy().into_owned())
            .collect()
    }
}

/// The shelf of this user beside the courses that came with the app.
pub(crate) fn shelf(places: &Places) -> Shelf {
    let own = lessons::courses_in(&places.courses).map(|(course, _)| course.id);
    Shelf::at(&places.shelf()).beside(own)
}

/// Whether a version comes before another: both are numbers with dots, or nobody knows.
pub(crate) fn is_older(version: &str, than: &str) -> bool {
    let numbers = |version: &str| -> Option<Vec<u64>> {
        let parts = version.split('.').map(|part| part.parse().ok());
        parts.collect()
    };
    let both = numbers(version).zip(numbers(than));
    both.is_some_and(|(version, than)| version < than)
}

fn count(course: &Course) -> u32 {
    let lessons = course.chapters.iter().map(|chapter| chapter.lessons.len());
    lessons.sum::<usize>() as u32
}

/// Starter files of the older version that the newer one has otherwise or no longer; all of them when
/// no version takes its place.
fn replaced(before: &Course, now: Option<&Course>) -> Vec<BaseRow> {
    let mut bases = Vec::new();
    for lesson in before.chapters.iter().flat_map(|chapter| &chapter.lessons) {
        let Ok(old) = before.files(&lesson.id) else {
            continue;
        };
        let new = now.and_then(|now| now.files(&lesson.id).ok());
        let new = new.map(|files| files.starter).unwrap_or_default();
        let changed = old.starter.iter().filter(|file| !new.contains(file));
        bases.extend(changed.map(|file| BaseRow {
            lesson: lesson.id.clone(),
            path: file.path.clone(),
            text: lessons::text(&file.bytes),
        }));
    }
    bases
}

pub(crate) fn wire_trust(trust: Trust) -> SignerTrust {
    match trust {
        Trust::Unsigned => SignerTrust::Unsigned,
        Trust::First => SignerTrust::First,
        Trust::Same => SignerTrust::Same,
        Trust::Changed => SignerTrust::Changed,
        Trust::Dropped => SignerTrust::Dropped,
        Trust::NotTheApp => SignerTrust::NotTheApp,
    }
}

fn wire_needs(needs: &BundleNeeds) -> CourseNeeds {
    CourseNeeds {
        docker: needs.docker,
        model: needs.model,
        network: needs.network.clone(),
        packages: needs.packages.clone(),
    }
}

/// A comparison as the window shows it.
pub(crate) fn wire_changes(diff: CourseDiff) -> CourseChanges {
    let titles = |lessons: Vec<(String, ha_course::Words)>| -> Vec<Words> {
        lessons
            .iter()
            .map(|(_, title)| lessons::words(title))
            .collect()
    };
    CourseChanges {
        added: titles(diff.added),
        removed: titles(diff.removed),
        changed: diff
            .changed
            .into_iter()
            .map(|lesson| LessonChange {
                title: lessons::words(&lesson.title),
                renamed: lesson.renamed,
                moved: lesson.moved,
                text: lesson.text,
                checks: lesson.checks,
                solution: lesson.solution,
                work: lesson.work,
            })
            .collect(),
        same: diff.same as u32,
    }
}

/// Works on bundles on a thread that may block.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, BundleError> + Send + 'static,
) -> ApiResult<T> {
    let done = tokio::task::spawn_blocking(work).await;
    let done = done.map_err(|panic| ApiError::new(ErrorCode::Internal, panic.to_string()))?;
    done.map_err(|error| bundle_error(&error))
}
