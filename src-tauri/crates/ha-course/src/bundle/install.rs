//! The shelf of installed courses: one folder a course, and who signed each.
//!
//! A course is unpacked beside the shelf and moved onto it in one step, so that a power cut leaves
//! the old one, the new one, or the old one aside to be put back; never a half. One process at a time
//! changes the shelf. Whoever signed a course first is who it is expected from, and a course that came
//! with the app is expected from the app.

use super::{Bundle, BundleError, BundleFile, Signer};
use crate::manifest::load;
use crate::manifest_text::quoted;
use crate::model::{Course, Words};
use crate::toml_text::is_kebab_case;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

/// Who signed which course, beside the courses.
const SIGNERS: &str = "signers.toml";
/// Where courses are unpacked, and where the old one waits while the new one takes its place.
const INCOMING: &str = "incoming";
const OUTGOING: &str = "outgoing";
/// Held by whoever changes the shelf.
const LOCK: &str = "shelf.lock";

/// Where courses are installed.
pub struct Shelf {
    root: PathBuf,
    /// Ids of the courses that came with the app.
    own: BTreeSet<String>,
}

/// How far one may trust who signed a bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    /// Nobody signed it, and nobody is expected to have.
    Unsigned,
    /// Somebody signed it who is new here.
    First,
    /// Whoever is expected.
    Same,
    /// Somebody else than is expected.
    Changed,
    /// Nobody, and somebody is expected.
    Dropped,
    /// A course of this name came with the app, and this one comes from somebody else.
    NotTheApp,
}

impl Trust {
    /// Whether it must be said expressly that this bundle is meant.
    pub fn is_odd(self) -> bool {
        match self {
            Trust::Unsigned | Trust::First | Trust::Same => false,
            Trust::Changed | Trust::Dropped | Trust::NotTheApp => true,
        }
    }
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
    /// installation left behind is put in order, unless somebody is installing right now.
    ///
    /// # Errors
    /// [`BundleError::Io`].
    pub fn open(root: &Path) -> Result<Shelf, BundleError> {
        let shelf = Shelf::at(root);
        if [INCOMING, OUTGOING]
            .iter()
            .any(|dir| root.join(dir).exists())
            && let Some(_lock) = shelf.lock(File::try_lock)?
        {
            shelf.recover()?;
        }
        Ok(shelf)
    }

    /// The shelf in a folder as it is. Touches nothing, so it may be asked while somebody installs.
    pub fn at(root: &Path) -> Shelf {
        Shelf {
            root: root.into(),
            own: BTreeSet::new(),
        }
    }

    /// The same shelf beside these courses, which came with the app.
    #[must_use]
    pub fn beside(self, own: impl IntoIterator<Item = String>) -> Shelf {
        Shelf {
            own: own.into_iter().collect(),
            ..self
        }
    }

    /// The folder that holds one folder per course.
    pub fn courses(&self) -> PathBuf {
        self.root.join("courses")
    }

    /// How far one may trust who signed a bundle, and who was expected.
    ///
    /// # Errors
    /// Those of [`Shelf::signer`].
    pub fn trust(&self, bundle: &Bundle) -> Result<(Trust, Option<Signer>), BundleError> {
        let course = &bundle.list().course;
        let known = self.signer(course)?;
        let trust = match (bundle.signer(), known) {
            (Some(signer), Some(known)) if signer == known => Trust::Same,
            (Some(_), Some(_)) => Trust::Changed,
            (None, Some(_)) => Trust::Dropped,
            (_, None) if self.own.contains(course) => Trust::NotTheApp,
            (Some(_), None) => Trust::First,
            (None, None) => Trust::Unsigned,
        };
        Ok((trust, known))
    }

    /// Installs a bundle, in place of an older one of the same course. Waits while somebody else
    /// changes the shelf. `is_trusted` says that an unexpected signer is meant.
    ///
    /// # Errors
    /// [`BundleError::SignerChanged`] without `is_trusted` when [`Trust::is_odd`]; the others of
    /// [`Bundle`]. What was installed before then still is.
    pub fn install(&self, bundle: &mut Bundle, is_trusted: bool) -> Result<Installed, BundleError> {
        let _lock = self.lock(waited)?;
        self.recover()?;
        let course = bundle.list().course.clone();
        let (trust, known) = self.trust(bundle)?;
        if trust.is_odd() && !is_trusted {
            let now = bundle.signer();
            let now = now.map_or_else(
                || said!("没有人签名", "by nobody"),
                |signer| said!("由 {signer} 签名", "by {signer}"),
            );
            let known: Words = match known {
                Some(known) => said!("一直由 {known} 签名", "was signed by {known} until now"),
                None => said!("是应用自带的", "came with the app"),
            };
            return Err(BundleError::SignerChanged { course, known, now });
        }
        let mut signers = self.signers()?;
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
        let _lock = self.lock(waited)?;
        self.recover()?;
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

    /// Keeps others from changing the shelf until the answer is dropped; nothing when somebody else
    /// does, and `lock` did not wait for them. The system frees it with the process.
    fn lock(
        &self,
        lock: impl Fn(&File) -> Result<(), TryLockError>,
    ) -> Result<Option<File>, BundleError> {
        let path = self.root.join(LOCK);
        fs::create_dir_all(&self.root).map_err(BundleError::io(&self.root))?;
        let file = File::create(&path).map_err(BundleError::io(&path))?;
        match lock(&file) {
            Ok(()) => Ok(Some(file)),
            Err(TryLockError::WouldBlock) => Ok(None),
            // Some file systems of networks know no locks; one goes without, as before there were any.
            Err(TryLockError::Error(error)) if error.kind() == std::io::ErrorKind::Unsupported => {
                Ok(Some(file))
            }
            Err(TryLockError::Error(error)) => Err(BundleError::io(&path)(error)),
        }
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
        self.unpack_those(into, |_| true)
    }

    /// The same for what lessons read as text, code and data: enough to compare two versions, and a
    /// small part of what a bundle may hold.
    ///
    /// # Errors
    /// Those of [`Bundle::unpack`].
    pub fn unpack_texts(&mut self, into: &Path) -> Result<Course, BundleError> {
        self.unpack_those(into, BundleFile::is_text)
    }

    fn unpack_those(
        &mut self,
        into: &Path,
        is_wanted: impl Fn(&BundleFile) -> bool,
    ) -> Result<Course, BundleError> {
        fs::create_dir_all(into).map_err(BundleError::io(into))?;
        let course = self.proven(|file, bytes| {
            if !is_wanted(file) {
                return Ok(());
            }
            let path = into.join(&file.path);
            make_parent(&path)?;
            fs::write(&path, bytes).map_err(BundleError::io(&path))
        })?;
        Ok(Course {
            dir: into.to_path_buf(),
            ..course
        })
    }
}

fn waited(file: &File) -> Result<(), TryLockError> {
    file.lock().map_err(TryLockError::Error)
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
