//! What an author wants to know about a text: what is not as it was meant, and what it leads to, which
//! whoever knows the folder looks after. Lines are 1-based.

use super::writer::Writer;
use crate::model::Words;

/// What one text gives rise to.
#[derive(Default)]
pub(crate) struct Findings {
    pub(crate) problems: Vec<Finding>,
    /// Images by their path in the course.
    pub(crate) images: Vec<(u32, String)>,
    /// Headings that links lead to: lesson id, or none for this text, and the anchor's name.
    pub(crate) anchors: Vec<(u32, Option<String>, String)>,
}

/// One thing that is not as its author meant it.
pub(crate) struct Finding {
    pub(crate) line: u32,
    pub(crate) about: About,
    /// A whole sentence.
    pub(crate) reason: Words,
}

/// What a finding is about.
pub(crate) enum About {
    /// A link that leads nowhere.
    Link,
    /// A link to this path in the course, which is no lesson.
    File(String),
    /// A picture on the web.
    RemotePicture,
    /// Something that readers do not see.
    LeftOut,
    Other,
}

impl Findings {
    /// Counts lines from a later one: the text was a part of a file.
    pub(crate) fn shift(&mut self, lines: u32) {
        let problems = self.problems.iter_mut().map(|found| &mut found.line);
        let images = self.images.iter_mut().map(|found| &mut found.0);
        let anchors = self.anchors.iter_mut().map(|found| &mut found.0);
        problems
            .chain(images)
            .chain(anchors)
            .for_each(|line| *line += lines);
    }
}

impl Writer<'_> {
    /// Tells the author something about the current place.
    pub(super) fn tell(&mut self, about: About, reason: Words) {
        self.tell_at(self.line(), about, reason);
    }

    /// The same, but only where it comes up first.
    pub(super) fn tell_once(&mut self, about: About, reason: Words) {
        if self.told.insert(reason.clone()) {
            self.tell(about, reason);
        }
    }

    pub(super) fn tell_at(&mut self, line: u32, about: About, reason: Words) {
        self.findings.problems.push(Finding {
            line,
            about,
            reason,
        });
    }
}
