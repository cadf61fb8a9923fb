//! The shelf of installed courses: one folder a course, and who signed each.
//!
//! A course is unpacked beside the shelf and moved onto it in one step, so that a power cut leaves
//! the old one, the new one, or the old one aside to be put back; never a half. Whoever signed a
//! course first is who it is expected from.

use super::{Bundle, BundleError, Signer};
use crate::manifest::load;
use crate::manifest_text::quoted;
use crate::model::Course;
use crate::toml_text::is_kebab_case;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Who signed which course, beside the courses.
const SIGNERS: &str = "signers.toml";
/// Where courses are unpacked, and where the old one waits while the new one takes its place.
const INCOMING: &str = "incoming";
const OUTGOING: &str = "outgoing";

/// Where courses are installed.
pub struct Shelf {
    root: PathBuf,
}

/// What an installation did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installed {
    /// The course's folder.
    pub dir: PathBuf,
    /// The version that was there before.
    pub replaced: Option<String>,
    /// Whether its signer was not known before.
    pub is_new_signer: bool,
}

impl Shelf {
    /// The shelf in a folder, which is made when something is installed. Whatever an interrupted
    /// installation left behind is put in order.
    ///
    /// # Errors
    /// [`BundleError::Io`].
    pub fn open(root: &Path) -> Result<Shelf, BundleError> {
        let shelf = Shelf::at(root);
        shelf.recover()?;
        Ok(shelf)
    }

    /// The shelf in a folder as it is. Touches nothing, so it may be asked while somebody installs.
    pub fn at(root: &Path) -> Shelf {
        Shelf { root: root.into() }
    }

    /// The folder that holds one folder per course.
    pub fn courses(&self) -> PathBuf {
        self.root.join("courses")
    }

    /// Installs a bundle, in place of an older one of the same course. `is_trusted` says that a
    /// changed signer is meant.
    ///
    /// # Errors
    /// [`BundleError::SignerChanged`] without `is_trusted`, also when what was signed no longer is;
    /// the others of [`Bundle`]. What was installed before then still is.
    pub fn install(&self, bundle: &mut Bundle, is_trusted: bool) -> Result<Installed, BundleError> {
        let course = bundle.list().course.clone();
        let mut signers = self.signers()?;
        let known = signers.get(&course).copied();
        if let Some(known) = known.filter(|known| Some(*known) != bundle.signer())
            && !is_trusted
        {
            let now = bundle.signer();
            let now = now.map_or("by nobody".into(), |signer| format!("by {signer}"));
            let known = known.to_string();
            return Err(BundleError::SignerChanged { course, known, now });
        }
        let incoming = self.root.join(INCOMING).join(&course);
        remove_dir(&incoming)?;
        let unpacked = bundle.unpack(&incoming);
        let replaced = match unpacked.and_then(|_| self.put(&course, &incoming)) {
            Ok(replaced) => replaced,
            Err(error) => {
                remove_dir(&incoming)?;
                return Err(error);
            }
        };
        match bundle.signer() {
            Some(signer) => signers.insert(course.clone(), signer),
            None => signers.remove(&course),
        };
        self.write_signers(&signers)?;
        Ok(Installed {
            dir: self.courses().join(&course),
            replaced,
            is_new_signer: bundle.signer().is_some() && known != bundle.signer(),
        })
    }

    /// Removes a course from the shelf. The learner's work in it is elsewhere and stays; who signed
    /// it stays known too. False when there was none.
    ///
    /// # Errors
    /// [`BundleError::Io`].
    pub fn remove(&self, course: &str) -> Result<bool, BundleError> {
        let dir = self.courses().join(course);
        if !is_kebab_case(course) || !dir.is_dir() {
            return Ok(false);
        }
        let outgoing = self.root.join(INCOMING).join(course);
        remove_dir(&outgoing)?;
        make_parent(&outgoing)?;
        // In one step, so that no half of it is ever shown.
        fs::rename(&dir, &outgoing).map_err(BundleError::io(&dir))?;
        remove_dir(&outgoing)?;
        Ok(true)
    }

    /// Who a course is expected from.
    ///
    /// # Errors
    /// [`BundleError::Io`]; [`BundleError::BadKey`] when the file was changed by hand.
    pub fn signer(&self, course: &str) -> Result<Option<Signer>, BundleError> {
        Ok(self.signers()?.get(course).copied())
    }

    /// Moves a course that was unpacked into its place.
    fn put(&self, course: &str, incoming: &Path) -> Result<Option<String>, BundleError> {
        let dir = self.courses().join(course);
        let outgoing = self.root.join(OUTGOING).join(course);
        make_parent(&dir)?;
        make_parent(&outgoing)?;
        let before = dir.is_dir().then(|| load(&dir).0.version);
        if before.is_some() {
            fs::rename(&dir, &outgoing).map_err(BundleError::io(&dir))?;
        }
        if let Err(error) = fs::rename(incoming, &dir) {
            if before.is_some() {
                fs::rename(&outgoing, &dir).map_err(BundleError::io(&dir))?;
            }
            return Err(BundleError::io(&dir)(error));
        }
        remove_dir(&outgoing)?;
        Ok(before)
    }

    fn recover(&self) -> Result<(), BundleError> {
        remove_dir(&self.root.join(INCOMING))?;
        let outgoing = self.root.join(OUTGOING);
        for entry in fs::read_dir(&outgoing).into_iter().flatten().flatten() {
            let dir = self.courses().join(entry.file_name());
            if dir.exists() {
                remove_dir(&entry.path())?;
            } else {
                fs::rename(entry.path(), &dir).map_err(BundleError::io(&dir))?;
            }
        }
        Ok(())
    }

    fn signers(&self) -> Result<BTreeMap<String, Signer>, BundleError> {
        let file = self.root.join(SIGNERS);
        let text = match fs::read_to_string(&file) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(BTreeMap::new());
            }
            text => text.map_err(BundleError::io(&file))?,
        };
        let table: toml::Table = text.parse().map_err(|_| BundleError::BadKey)?;
        let signer = |(course, key): (String, toml::Value)| {
            let key = key.as_str().ok_or(BundleError::BadKey)?;
            Ok((course, Signer::from_text(key)?))
        };
        table.into_iter().map(signer).collect()
    }

    fn write_signers(&self, signers: &BTreeMap<String, Signer>) -> Result<(), BundleError> {
        let line = |(course, signer): (&String, &Signer)| {
            format!("{course} = {}\n", quoted(&signer.to_string()))
        };
        let text: String = signers.iter().map(line).collect();
        let (file, new) = (self.root.join(SIGNERS), self.root.join("signers.toml.new"));
        fs::write(&new, text).map_err(BundleError::io(&new))?;
        fs::rename(&new, &file).map_err(BundleError::io(&file))
    }
}

impl Bundle {
    /// Writes every file into a fresh folder and sees whether it is the course it says.
    ///
    /// # Errors
    /// [`BundleError`]; what was written until then is the caller's to remove.
    pub fn unpack(&mut self, into: &Path) -> Result<Course, BundleError> {
        fs::create_dir_all(into).map_err(BundleError::io(into))?;
        self.each(|file, bytes| {
            let path = into.join(&file.path);
            make_parent(&path)?;
            fs::write(&path, bytes).map_err(BundleError::io(&path))
        })?;
        let (course, problems) = load(into);
        if course.id != self.list().course {
            return Err(BundleError::Refused(
                "the list and the course have different ids".into(),
            ));
        }
        if course.chapters.is_empty() {
            let reason = problems
                .first()
                .map_or("it has no lesson", |problem| problem.reason.as_str());
            return Err(BundleError::NoCourse(reason.into()));
        }
        Ok(course)
    }
}

fn make_parent(path: &Path) -> Result<(), BundleError> {
    let parent = path.parent().unwrap_or(path);
    fs::create_dir_all(parent).map_err(BundleError::io(parent))
}

fn remove_dir(dir: &Path) -> Result<(), BundleError> {
    match fs::remove_dir_all(dir) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(BundleError::io(dir)(error))
        }
        _ => Ok(()),
    }
}
