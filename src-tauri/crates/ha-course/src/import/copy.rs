//! Copying what the lessons use, and looking at each text on the way: its images, its links, its
//! code.

use super::outline::Outline;
use super::record::Record;
use super::{ImportError, ImportReport, blocks, files, placed, sentence};
use crate::folder::{Folder, MAX_FILE_BYTES, MAX_IMAGE_BYTES, Refusal};
use crate::lesson::parent;
use crate::markdown::{self, About, Finding, Findings, Page};
use crate::model::{Course, Language};
use std::collections::BTreeSet;
use std::path::Path;

/// Copies texts, images and what the old reader needs.
pub(super) fn copy(
    outline: &Outline,
    course: &Course,
    into: &Path,
    record: &mut Record,
    report: &mut ImportReport,
    watch: &mut dyn FnMut(usize, usize) -> bool,
) -> Result<(), ImportError> {
    let mut copier = Copier {
        outline,
        into,
        record,
        done: BTreeSet::new(),
    };
    for file in &outline.beside {
        match copier.file(file, MAX_FILE_BYTES, report)? {
            None | Some(Refusal::Missing) => {}
            Some(refusal) => report.left_out.push(sentence(file, refusal)),
        }
    }
    let places = outline.chapters.iter().flat_map(|chapter| &chapter.lessons);
    let all = places.clone().flat_map(files).count();
    let mut done = 0;
    for place in places {
        for (language, file) in files(place) {
            if !watch(done, all) {
                return Err(ImportError::Stopped);
            }
            done += 1;
            // What cannot be read was told when the lessons were listed.
            let Ok(text) = outline.source.text(file) else {
                continue;
            };
            copier.file(file, MAX_FILE_BYTES, report)?;
            copier.look(course, language, file, &text, report)?;
            blocks::read(file, &text, report);
        }
    }
    Ok(())
}

struct Copier<'a> {
    outline: &'a Outline,
    into: &'a Path,
    record: &'a mut Record,
    done: BTreeSet<String>,
}

impl Copier<'_> {
    /// Copies a file once; answers why it was not copied.
    fn file(
        &mut self,
        file: &str,
        limit: u64,
        report: &mut ImportReport,
    ) -> Result<Option<Refusal>, ImportError> {
        if self.done.contains(file) {
            return Ok(None);
        }
        match self.outline.source.bytes_up_to(file, limit) {
            Err(Refusal::Missing) => return Ok(Some(Refusal::Missing)),
            Err(refusal) => {
                self.done.insert(file.to_string());
                return Ok(Some(refusal));
            }
            Ok(bytes) => self.record.put(self.into, file, &bytes, report)?,
        }
        self.done.insert(file.to_string());
        Ok(None)
    }

    /// Copies a picture, and tells why the window will not show it.
    fn picture(
        &mut self,
        (file, line): (&str, u32),
        image: &str,
        report: &mut ImportReport,
    ) -> Result<(), ImportError> {
        let is_first = !self.done.contains(image);
        match self.file(image, MAX_IMAGE_BYTES, report)? {
            None if is_first => {
                report.images += 1;
                if let Err(refusal) = self.outline.source.picture(image) {
                    report.left_out.push(sentence(image, refusal));
                }
            }
            None => {}
            Some(Refusal::Missing) => {
                report
                    .missing_images
                    .push((file.into(), line, image.into()));
            }
            Some(refusal) => report.left_out.push(sentence(image, refusal)),
        }
        Ok(())
    }

    /// Reads a text, as the window will, for what it shows and leads to.
    fn look(
        &mut self,
        course: &Course,
        language: Language,
        file: &str,
        text: &str,
        report: &mut ImportReport,
    ) -> Result<(), ImportError> {
        let page = Page {
            course,
            folder: parent(file),
            asset_base: "course:",
            language,
            id_prefix: "h-",
        };
        let found = markdown::contents(text, &page).findings;
        for (line, image) in &found.images {
            self.picture((file, *line), image, report)?;
        }
        self.filled_in(file, text, report);
        self.tell(file, found, report);
        Ok(())
    }

    /// Places where the old reader shows something that is not in the text.
    fn filled_in(&self, file: &str, text: &str, report: &mut ImportReport) {
        let sign = self.outline.fills_in;
        if sign.is_empty() {
            return;
        }
        for (line, text) in text.lines().enumerate() {
            // mdBook takes a backslash before it for the sign itself.
            if text.replace("\\{{", "").contains(sign) {
                let text: String = text.trim().chars().take(80).collect();
                let line = line + 1;
                report.left_out.push(said!(
                    "{file}:{line}: {text} 原来由旧的阅读器填入内容，这里照原样显示",
                    "{file}:{line}: {text} is filled in by the old reader and stands here as it is"
                ));
            }
        }
    }

    /// What a reader of the course will not see.
    fn tell(&self, file: &str, found: Findings, report: &mut ImportReport) {
        let is_there = |path: &str| {
            let real = self.outline.source.locate(path);
            real.is_ok_and(|real| real.is_file())
        };
        for Finding {
            line,
            about,
            reason,
        } in found.problems
        {
            match about {
                About::File(path) if is_there(&path) => {
                    report.linked.push((file.into(), line, path));
                }
                About::File(_) | About::Link => {
                    report.dead_links.push((file.into(), line, reason));
                }
                About::RemotePicture => report.remote_images += 1,
                About::LeftOut => report.left_out.push(placed(file, Some(line), &reason)),
                About::Other => {}
            }
        }
    }
}

/// The first line of the book's licence.
pub(super) fn license_line(from: &Path) -> String {
    let names = ["LICENSE", "LICENSE.txt", "LICENSE.md", "LICENCE", "COPYING"];
    let folders = [Some(from), from.parent().filter(|_| from.ends_with("docs"))];
    let files = folders.into_iter().flatten().flat_map(|folder| {
        let folder = Folder::open(folder).ok();
        names.map(|name| folder.as_ref().and_then(|folder| folder.text(name).ok()))
    });
    let text = files.flatten().next().unwrap_or_default();
    let mut lines = text.lines().map(|line| line.trim_matches(['#', ' ', '\t']));
    let line = lines.find(|line| !line.is_empty());
    line.unwrap_or_default().chars().take(200).collect()
}
