//! Copying what the lessons use, and looking at each text on the way: its images, its links, its
//! code.

use super::outline::Outline;
use super::{ImportError, ImportReport, blocks, files, text_of};
use crate::folder::{Folder, MAX_IMAGE_BYTES};
use crate::lesson::parent;
use crate::markdown::{self, Page};
use crate::model::{Course, Language};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Copies texts, images and what the old reader needs.
pub(super) fn copy(
    outline: &Outline,
    course: &Course,
    into: &Path,
    report: &mut ImportReport,
    watch: &mut dyn FnMut(usize, usize) -> bool,
) -> Result<(), ImportError> {
    let root = &outline.root;
    let folder = Folder::open(root).map_err(|error| ImportError::io(root, error))?;
    let mut copier = Copier {
        folder,
        root,
        into,
        done: BTreeSet::new(),
    };
    for file in &outline.beside {
        if copier.folder.locate(file).is_ok() {
            copier.file(file)?;
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
            let text = match text_of(&copier.folder, file) {
                Ok(text) => text,
                Err(error) => {
                    report.left_out.push(error.to_string());
                    continue;
                }
            };
            copier.file(file)?;
            copier.look(course, language, file, &text, report)?;
            blocks::read(file, &text, report);
        }
    }
    Ok(())
}

struct Copier<'a> {
    folder: Folder,
    root: &'a Path,
    into: &'a Path,
    done: BTreeSet<String>,
}

impl Copier<'_> {
    /// Copies one file unless it is where it belongs already.
    fn file(&mut self, file: &str) -> Result<(), ImportError> {
        if !self.done.insert(file.to_string()) || self.root == self.into {
            return Ok(());
        }
        let (from, to) = (self.root.join(file), self.into.join(file));
        let made = to.parent().map_or(Ok(()), fs::create_dir_all);
        made.and_then(|()| fs::copy(&from, &to))
            .map_err(|error| ImportError::io(&to, error))?;
        Ok(())
    }

    /// Renders a text, as the window will, for what it shows and leads to.
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
        let found = markdown::render(text, &page).findings;
        for (line, image) in found.images {
            let size = self
                .folder
                .locate(&image)
                .ok()
                .and_then(|real| fs::metadata(real).ok());
            match size {
                Some(size) if size.is_file() && size.len() <= MAX_IMAGE_BYTES => {
                    report.images += usize::from(!self.done.contains(&image));
                    self.file(&image)?;
                }
                Some(_) => {
                    let reason = format!("{image}: larger than {} MiB", MAX_IMAGE_BYTES >> 20);
                    report.left_out.push(reason);
                }
                None => report.missing_images.push((file.into(), line, image)),
            }
        }
        for (line, reason) in found.problems {
            if reason.contains("is on the web, so it is shown as a link") {
                report.remote_images += 1;
            } else if reason.starts_with("the link to") {
                report.dead_links.push((file.into(), line, reason));
            }
        }
        Ok(())
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
