//! `helloagents course new, diff, pack, key, sign, verify, install, remove`.

use crate::engine::sandbox;
use crate::say::{self, complain, say};
use crate::{MACHINE_FAILED, now_ms};
use clap::Subcommand;
use ha_api::wire::SignerTrust;
use ha_api::{ApiError, ApiResult, App, BundleSummary, CourseDiff, ErrorCode, Places};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// From an author's folder to a learner's machine.
#[derive(Subcommand)]
pub(crate) enum BundleCommand {
    /// Begin a course: a folder with one lesson that passes every check.
    New {
        /// A folder that is empty or not there yet.
        dir: PathBuf,
        /// The course's id; the folder's name when not given.
        #[arg(long)]
        id: Option<String>,
    },
    /// Say which lessons, and whose work, an update of a course touches.
    Diff {
        /// The version that learners have: a folder or a bundle.
        old: PathBuf,
        /// The new one: a folder or a bundle.
        new: PathBuf,
    },
    /// Pack a course into one file. The same folder gives the same bytes.
    Pack {
        /// The course's folder.
        dir: PathBuf,
        /// The file; its name should end with .hacourse.
        #[arg(short, long)]
        output: PathBuf,
    },
    /// Make a key to sign with, in the system's keyring or in a file. Keep a file secret, and keep a
    /// copy of it.
    Key {
        /// The file; must not be there yet. Without one the keyring keeps the key, and a key that is
        /// there already is shown.
        file: Option<PathBuf>,
    },
    /// Sign a bundle in place.
    Sign {
        /// The bundle.
        bundle: PathBuf,
        /// The file with the key; the one that `course key` made when not given.
        #[arg(long)]
        key: Option<PathBuf>,
    },
    /// Say what is in a bundle, and whether it is what its author packed. Writes nothing.
    Verify {
        /// The bundle.
        bundle: PathBuf,
        /// Print one JSON object.
        #[arg(long)]
        json: bool,
    },
    /// Install a bundle, in place of another version.
    Install {
        /// The bundle.
        bundle: PathBuf,
        /// Install it although somebody else signed the version before, or the course came with the
        /// app.
        #[arg(long)]
        trust_new_signer: bool,
    },
    /// Remove an installed course. Your work in it stays.
    Remove {
        /// The course's id.
        course: String,
        /// Remove your work in it too: code, answers, progress, runs, conversations; also when the
        /// course itself was removed before. A copy of the database as it was is kept beside it.
        #[arg(long)]
        with_work: bool,
    },
}

/// Does it and answers the exit code.
pub(crate) async fn bundle(command: &BundleCommand, places: &Places) -> u8 {
    match done(command, places).await {
        Ok(code) => code,
        Err(error) => {
            complain!("helloagents: {}", error.message);
            exit_code(error.code)
        }
    }
}

fn exit_code(code: ErrorCode) -> u8 {
    match code {
        ErrorCode::NotABundle
        | ErrorCode::BundleDamaged
        | ErrorCode::BundleRefused
        | ErrorCode::BundleChanged
        | ErrorCode::NewerAppNeeded
        | ErrorCode::SignerChanged
        | ErrorCode::CannotPack
        | ErrorCode::CourseNotFound => 1,
        ErrorCode::InvalidRequest | ErrorCode::FileUnreadable => 2,
        _ => MACHINE_FAILED,
    }
}

async fn done(command: &BundleCommand, places: &Places) -> ApiResult<u8> {
    match command {
        BundleCommand::New { dir, id } => {
            let name = dir
                .file_name()
                .map(|name| name.to_string_lossy().into_owned());
            let given = id.clone().or(name).unwrap_or_default();
            ha_api::course_new(dir, &given).map_err(|error| match id {
                // With no folder in the way it is the name: one in Chinese is no id.
                None if error.code == ErrorCode::InvalidRequest && !dir.exists() => ApiError {
                    message: format!("{}; name one with --id", error.message),
                    ..error
                },
                _ => error,
            })?;
            say!(
                "{}: a course of one lesson; begin with course.toml",
                dir.display()
            );
        }
        BundleCommand::Diff { old, new } => {
            let diff = ha_api::course_diff(old, new, places)?;
            show_diff(&diff);
            return Ok(u8::from(
                !diff.changed.is_empty() || !diff.removed.is_empty(),
            ));
        }
        BundleCommand::Pack { dir, output } => {
            let list = ha_api::course_pack(dir, output)?;
            say!(
                "{} {}: {} files in {}",
                list.course,
                list.version,
                list.files.len(),
                output.display()
            );
        }
        BundleCommand::Key { file: Some(file) } => {
            let signer = ha_api::author_key_new(file, random()?)?;
            say!("learners know you as {signer}");
        }
        BundleCommand::Key { file: None } => {
            let made = app(places).author_key_make(random()?).await?;
            say!("learners know you as {}", made.signer.unwrap_or_default());
            match made.path {
                Some(path) => say!("there is no keyring; the key is in {path}"),
                None => say!("the keyring of this system keeps the key"),
            }
        }
        BundleCommand::Sign { bundle, key } => {
            let signer = match key {
                Some(key) => ha_api::course_sign(bundle, key)?,
                None => app(places).author_sign(bundle).await?,
            };
            say!("signed by {signer}");
        }
        BundleCommand::Verify { bundle, json } => verify(bundle, *json, places)?,
        BundleCommand::Install {
            bundle,
            trust_new_signer,
        } => {
            show(&ha_api::course_verify(bundle, places)?);
            let done = app(places)
                .bundle_install(bundle, *trust_new_signer)
                .await?;
            match done.replaced {
                Some(version) => say!("installed, in place of {version}"),
                None => say!("installed"),
            }
        }
        BundleCommand::Remove { course, with_work } => {
            let done = app(places).course_remove(course, *with_work).await?;
            match (done.removed, done.copy) {
                (true, Some(copy)) => {
                    say!("removed, and your work in it; before, it was {copy}");
                }
                (true, None) => say!("removed; your work in it stays"),
                (false, Some(copy)) => {
                    say!("your work in it is removed; before, it was {copy}");
                }
                (false, None) => {
                    let and_work = if *with_work {
                        ", and no work in it is kept"
                    } else {
                        ""
                    };
                    let message = format!("no course {course:?} is installed{and_work}");
                    return Err(ApiError::new(ErrorCode::CourseNotFound, message));
                }
            }
        }
    }
    Ok(0)
}

/// The learner's own data: an update keeps what their work began from.
fn app(places: &Places) -> Arc<App> {
    App::open(places.clone(), sandbox(places), now_ms)
}

/// From the system, as a key must be.
fn random() -> ApiResult<[u8; 32]> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)
        .map_err(|error| ApiError::new(ErrorCode::Internal, error.to_string()))?;
    Ok(bytes)
}

fn verify(bundle: &Path, json: bool, places: &Places) -> ApiResult<()> {
    let summary = ha_api::course_verify(bundle, places)?;
    match json {
        true => {
            let object = serde_json::to_string(&summary).expect("a summary is plain data");
            say::object(&object);
        }
        false => show(&summary),
    }
    Ok(())
}

fn show(summary: &BundleSummary) {
    let list = &summary.list;
    say!(
        "{} {}: {} / {}",
        list.course,
        list.version,
        list.title.0,
        list.title.1
    );
    say!("by: {}", list.authors.join(", "));
    say!("licence: {}", list.license);
    if let Some(installed) = summary.installed.as_ref().filter(|_| summary.is_older) {
        say!("OLDER than what is installed, which is {installed}");
    }
    let by = summary.signer.as_deref();
    let by = by.map_or("signed by nobody".into(), |signer| {
        format!("signed by {signer}")
    });
    let known = summary.known_signer.as_deref().unwrap_or_default();
    match summary.trust {
        SignerTrust::Unsigned => say!("{by}"),
        SignerTrust::First => say!("{by}, who is new here"),
        SignerTrust::Same => say!("{by}, as before"),
        SignerTrust::Changed => say!("{by}; until now it was {known}"),
        SignerTrust::Dropped => say!("signed by NOBODY; until now it was {known}"),
        SignerTrust::NotTheApp => {
            say!("{by}, and NOT part of the app; a course of this name came with the app");
        }
    }
    let needs = &list.needs;
    let mut said: Vec<&str> = Vec::new();
    said.extend(needs.docker.then_some("Docker"));
    said.extend(needs.model.then_some("a language model"));
    said.extend(needs.network.iter().map(String::as_str));
    said.extend(needs.packages.iter().map(String::as_str));
    match said[..] {
        [] => say!("needs: nothing but the app"),
        _ => say!("needs: {}", said.join(", ")),
    }
}

fn show_diff(diff: &CourseDiff) {
    for (id, title) in &diff.added {
        say!("+ {id}: {}", title.en);
    }
    for (id, title) in &diff.removed {
        say!("- {id}: {}; work in it is kept and seen nowhere", title.en);
    }
    for lesson in &diff.changed {
        let parts = [
            (lesson.renamed, "title"),
            (lesson.moved, "place"),
            (lesson.text, "text"),
            (lesson.checks, "checks: who passed may no longer"),
            (lesson.solution, "solution"),
        ];
        let mut said: Vec<String> = Vec::new();
        said.extend(
            parts
                .iter()
                .filter(|(is_so, _)| *is_so)
                .map(|(_, what)| (*what).to_string()),
        );
        if !lesson.work.is_empty() {
            said.push(format!(
                "files learners work on: {}",
                lesson.work.join(", ")
            ));
        }
        say!("~ {}: {}", lesson.id, said.join("; "));
    }
    say!("{} the same", diff.same);
}
