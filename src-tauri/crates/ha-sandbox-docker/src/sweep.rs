//! Nothing is left behind: which containers are ours, whose of ours, and the removal of those whose app
//! is gone.
//!
//! A container ends by itself when its app does; the sweep is the second net, for one that was paused
//! or whose engine was away at that moment.

use crate::trouble::{QUICK, SLOW, Trouble, within};
use bollard::Docker;
use bollard::query_parameters::{ListContainersOptionsBuilder, RemoveContainerOptionsBuilder};
use std::collections::HashMap;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// On every container of ours, whoever started it.
pub(crate) const LABEL: &str = "helloagents";
/// The folder of locks it belongs to: another user's apps, or another machine's, are not ours to judge.
const PLACE: &str = "helloagents.place";
/// The app that started it.
const APP: &str = "helloagents.app";

/// This app among those of one user on one machine. Held for as long as the app lives; the system lets
/// it go however the app ends.
pub(crate) struct Instance {
    folder: PathBuf,
    place: String,
    app: String,
    _lock: File,
}

impl Instance {
    /// Takes a place among the apps that share `folder`. `id` is new and unlike any other.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn open(folder: &Path, id: &str) -> io::Result<Instance> {
        fs::create_dir_all(folder)?;
        let lock = File::create(lock_path(folder, id))?;
        lock.lock()?;
        Ok(Instance {
            folder: folder.into(),
            place: place(folder, id)?,
            app: id.into(),
            _lock: lock,
        })
    }

    /// The labels of a container of this app.
    pub fn labels(&self) -> HashMap<String, String> {
        [(LABEL, "sandbox"), (PLACE, &self.place), (APP, &self.app)]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into()
    }

    /// Whether a container with these labels may go: it is of this place, and its app is over.
    fn is_left_over(&self, labels: &HashMap<String, String>) -> bool {
        let app = labels.get(APP).map_or("", String::as_str);
        labels.get(PLACE) == Some(&self.place) && app != self.app && !is_alive(&self.folder, app)
    }

    fn is_own(&self, labels: &HashMap<String, String>) -> bool {
        labels.get(PLACE) == Some(&self.place) && labels.get(APP) == Some(&self.app)
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        fs::remove_file(lock_path(&self.folder, &self.app)).ok();
    }
}

fn lock_path(folder: &Path, app: &str) -> PathBuf {
    folder.join(format!("{app}.lock"))
}

/// What all apps of this folder share: whatever the first of them wrote.
fn place(folder: &Path, id: &str) -> io::Result<String> {
    let path = folder.join("place");
    let own = folder.join(format!("place.{id}"));
    fs::write(&own, id)?;
    // A link is made whole or not at all, and never over another.
    let linked = fs::hard_link(&own, &path);
    fs::remove_file(&own)?;
    match linked {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => fs::read_to_string(&path),
    }
}

/// Whether somebody holds the lock of `app`. One that nobody holds any more is cleared away.
fn is_alive(folder: &Path, app: &str) -> bool {
    let plain = !app.is_empty() && app.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let path = lock_path(folder, app);
    let Some(file) = plain.then(|| File::open(&path).ok()).flatten() else {
        return false;
    };
    if file.try_lock().is_ok() {
        fs::remove_file(path).ok();
        return false;
    }
    true
}

/// Removes what apps that are over have left; says how many containers that were.
///
/// # Errors
/// When the engine does not answer. A container that does not go is logged and left.
pub(crate) async fn sweep(docker: &Docker, instance: &Instance) -> Result<u64, Trouble> {
    remove_all(docker, |labels| instance.is_left_over(labels)).await
}

/// Removes every container of this app.
///
/// # Errors
/// When the engine does not answer.
pub(crate) async fn remove_own(docker: &Docker, instance: &Instance) -> Result<u64, Trouble> {
    remove_all(docker, |labels| instance.is_own(labels)).await
}

async fn remove_all(
    docker: &Docker,
    wanted: impl Fn(&HashMap<String, String>) -> bool,
) -> Result<u64, Trouble> {
    let labelled = HashMap::from([("label", vec![LABEL])]);
    let options = ListContainersOptionsBuilder::default()
        .all(true)
        .filters(&labelled)
        .build();
    let found = within(
        QUICK,
        "list its containers",
        docker.list_containers(Some(options)),
    )
    .await?;
    let mut removed = 0;
    for container in found {
        let labels = container.labels.unwrap_or_default();
        let Some(id) = container.id.filter(|_| wanted(&labels)) else {
            continue;
        };
        match remove(docker, &id).await {
            Ok(()) => removed += 1,
            Err(trouble) => tracing::warn!(container = id, %trouble, "a container stays"),
        }
    }
    Ok(removed)
}

/// Removes one container, whatever it does. One that is gone, or going, counts as removed.
///
/// # Errors
/// When the engine does not answer, or does not let it go.
pub(crate) async fn remove(docker: &Docker, id: &str) -> Result<(), Trouble> {
    let options = RemoveContainerOptionsBuilder::default()
        .force(true)
        .v(true)
        .build();
    let call = docker.remove_container(id, Some(options));
    match within(SLOW, "remove a container", call).await {
        Err(Trouble::Missing(_)) => Ok(()),
        Err(Trouble::Refused(why)) if why.contains("already in progress") => Ok(()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    fn files(folder: &Path) -> usize {
        fs::read_dir(folder).unwrap().count()
    }

    #[test]
    fn what_a_living_app_started_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let one = Instance::open(folder.path(), "one").unwrap();
        let two = Instance::open(folder.path(), "two").unwrap();
        assert!(!one.is_left_over(&two.labels()) && !two.is_left_over(&one.labels()));
        assert!(!one.is_left_over(&one.labels()) && one.is_own(&one.labels()));
        assert!(!one.is_own(&two.labels()));
    }

    #[test]
    fn what_an_app_left_may_go_and_so_may_its_lock() {
        let folder = tempfile::tempdir().unwrap();
        let one = Instance::open(folder.path(), "one").unwrap();
        let two = Instance::open(folder.path(), "two").unwrap();
        let labels = two.labels();
        // As after a kill: nobody tidies up, and the system lets go of the lock.
        let Instance { _lock, .. } = &two;
        _lock.unlock().unwrap();
        assert_eq!(files(folder.path()), 3, "two locks and the place");
        assert!(one.is_left_over(&labels));
        assert_eq!(files(folder.path()), 2);
    }

    #[test]
    fn another_places_containers_are_not_judged() {
        let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let one = Instance::open(here.path(), "one").unwrap();
        let other = Instance::open(there.path(), "other").unwrap();
        let labels = other.labels();
        drop(other);
        assert!(!one.is_left_over(&labels));
        let mut forged = labels;
        forged.insert(PLACE.into(), one.place.clone());
        forged.insert(APP.into(), "../one".into());
        assert!(
            one.is_left_over(&forged),
            "a name that is no file's is nobody's"
        );
    }
}
