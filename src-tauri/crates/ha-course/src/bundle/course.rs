//! What a bundle says of its course at the front, against the course itself: whoever opens it is
//! shown the list before anything is written, so the list must not promise something else. Packing
//! asks the same, so that nobody packs what nobody can open.

use super::{BUNDLE_FORMAT, BundleError, BundleFile, BundleList, BundleNeeds, MAX_BUNDLE};
use crate::folder::{MAX_FILE_BYTES, MAX_IMAGE_BYTES, Refusal};
use crate::lesson::image_type;
use crate::manifest::{FORMAT_VERSION, of_text};
use crate::model::{Course, Needs, Words};
use std::collections::BTreeSet;
use std::path::Path;

/// Most that a bundle's texts and code may hold in all, in bytes: a book of sixteen chapters has
/// ten. So much is unpacked, into the cache, to say what an update changes.
pub(super) const MAX_TEXTS: u64 = 64 * 1024 * 1024;

impl BundleNeeds {
    fn add(&mut self, needs: &Needs) {
        self.docker |= needs.docker;
        self.model |= needs.model;
        for (all, some) in [
            (&mut self.network, &needs.network),
            (&mut self.packages, &needs.packages),
        ] {
            all.extend(some.iter().cloned());
            all.sort();
            all.dedup();
        }
    }
}

impl BundleFile {
    /// Whether a lesson could read it as text, code or data. The others are pictures, and what
    /// merely lies beside the lessons.
    pub(super) fn is_text(&self) -> bool {
        image_type(&self.path).is_none() && self.size <= MAX_FILE_BYTES
    }
}

impl BundleList {
    /// What the list of this course says, but for the files.
    pub(super) fn of(course: &Course) -> BundleList {
        let mut needs = BundleNeeds::default();
        course.lessons().for_each(|lesson| needs.add(&lesson.needs));
        BundleList {
            format: BUNDLE_FORMAT,
            course: course.id.clone(),
            version: course.version.clone(),
            title: (course.title.zh.clone(), course.title.en.clone()),
            license: course.license.clone(),
            authors: course.authors.clone(),
            needs,
            files: Vec::new(),
        }
    }

    /// Whether the files keep to the limits of every bundle, before one of them is read.
    pub(super) fn check_sizes(&self) -> Result<(), BundleError> {
        let refused = |reason: Words| Err(BundleError::Refused(reason));
        if let Some(file) = self.files.iter().find(|file| file.size > MAX_IMAGE_BYTES) {
            let path = &file.path;
            return refused(said!("{path}: 超过 8 MiB", "{path}: larger than 8 MiB"));
        }
        // No sum of ten thousand such sizes is too large for its number.
        if self.files.iter().map(|file| file.size).sum::<u64>() > MAX_BUNDLE {
            return refused(said!("总共超过 512 MiB", "larger than 512 MiB in all"));
        }
        let texts = self.files.iter().filter(|file| file.is_text());
        match texts.map(|file| file.size).sum::<u64>() > MAX_TEXTS {
            true => refused(said!(
                "课文和代码超过 64 MiB",
                "more than 64 MiB of texts and code"
            )),
            false => Ok(()),
        }
    }

    /// The course of this manifest, which is the one that the list speaks of and can be used. Its
    /// folder has the course's name and is nowhere yet.
    pub(super) fn check_course(&self, manifest: Option<&[u8]>) -> Result<Course, BundleError> {
        let none = BundleError::NoCourse;
        let manifest =
            manifest.ok_or_else(|| none(said!("没有 course.toml", "there is no course.toml")))?;
        if manifest.len() as u64 > MAX_FILE_BYTES {
            return Err(none(said!(
                "course.toml 超过 1 MiB",
                "course.toml is larger than 1 MiB"
            )));
        }
        let text = std::str::from_utf8(manifest)
            .map_err(|_| none(said!("course.toml 不是 UTF-8", "course.toml is not UTF-8")))?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let format = text.parse::<toml::Table>().ok();
        let format = format.and_then(|table| table.get("format_version")?.as_integer());
        let newer = format.and_then(|format| u32::try_from(format).ok());
        if let Some(format) = newer.filter(|format| *format > FORMAT_VERSION) {
            return Err(BundleError::Newer {
                what: said!("课程", "course"),
                format,
                ours: FORMAT_VERSION,
            });
        }
        let paths: BTreeSet<&str> = self.files.iter().map(|file| file.path.as_str()).collect();
        let check_dir = |path: &str| {
            let folder = format!("{path}/");
            let first = paths.range(folder.as_str()..).next();
            let is_there = first.is_some_and(|first| first.starts_with(&folder));
            is_there.then_some(()).ok_or(Refusal::Missing)
        };
        let (course, problems) = of_text(Path::new(&self.course), text, &check_dir);
        if course.chapters.is_empty() {
            let first = problems.into_iter().next();
            return Err(none(first.map_or_else(
                || said!("里面没有课", "it has no lesson"),
                |problem| problem.reason,
            )));
        }
        self.compare(&BundleList::of(&course))?;
        Ok(course)
    }

    /// Refuses a list that says something else than the course.
    fn compare(&self, course: &BundleList) -> Result<(), BundleError> {
        let what = [
            ("id", self.course == course.course),
            ("version", self.version == course.version),
            ("title", self.title == course.title),
            ("license", self.license == course.license),
            ("authors", self.authors == course.authors),
            ("needs", self.needs == course.needs),
        ];
        match what.iter().find(|(_, is_same)| !is_same) {
            None => Ok(()),
            Some((what, _)) => Err(BundleError::Refused(said!(
                "清单和课程说的不一样：`{what}`",
                "its list and its course disagree: {what}"
            ))),
        }
    }
}
