//! `helloagents course new, diff, pack, key, sign, verify, install, remove`.

use crate::engine::sandbox;
use crate::failed::told;
use crate::say::{self, complain, language, say, spoken};
use crate::{MACHINE_FAILED, now_ms};
use clap::Subcommand;
use ha_api::wire::{CourseRemoved, Language, SignerTrust};
use ha_api::{ApiError, ApiResult, App, BundleSummary, CourseDiff, ErrorCode, Places, Words, said};
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
            complain!("helloagents: {}", told(&error));
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
        | ErrorCode::BundleReplaced
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
                    message_zh: error.message_zh.map(|zh| format!("{zh}；用 --id 另取一个")),
                    ..error
                },
                _ => error,
            })?;
            say!(
                "{}：一门只有一课的课程；从 course.toml 写起",
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
                "{} {}：{} 个文件，打包到 {}",
                "{} {}: {} files in {}",
                list.course,
                list.version,
                list.files.len(),
                output.display()
            );
        }
        BundleCommand::Key { file: Some(file) } => {
            known_as(&ha_api::author_key_new(file, random()?)?);
        }
        BundleCommand::Key { file: None } => {
            let made = app(places).author_key_make(random()?).await?;
            known_as(&made.signer.unwrap_or_default());
            match made.path {
                Some(path) => say!(
                    "系统没有钥匙串；私钥在 {path}",
                    "there is no keyring; the key is in {path}"
                ),
                None => say!(
                    "私钥在系统的钥匙串里",
                    "the keyring of this system keeps the key"
                ),
            }
        }
        BundleCommand::Sign { bundle, key } => {
            let signer = match key {
                Some(key) => ha_api::course_sign(bundle, key)?,
                None => app(places).author_sign(bundle).await?,
            };
            say!("已签名，公钥是 {signer}", "signed by {signer}");
        }
        BundleCommand::Verify { bundle, json } => verify(bundle, *json, places)?,
        BundleCommand::Install {
            bundle,
            trust_new_signer,
        } => {
            let shown = ha_api::course_verify(bundle, places)?;
            show(&shown);
            let done = app(places)
                .bundle_install(bundle, &shown.fingerprint, *trust_new_signer)
                .await?;
            match done.replaced {
                Some(version) => {
                    say!(
                        "已安装，替换了 {version}",
                        "installed, in place of {version}"
                    );
                }
                None => say!("已安装", "installed"),
            }
        }
        BundleCommand::Remove { course, with_work } => {
            let done = app(places).course_remove(course, *with_work).await?;
            return removed(done, course, *with_work);
        }
    }
    Ok(0)
}

fn known_as(signer: &str) {
    say!(
        "学习者认得你的公钥：{signer}",
        "learners know you as {signer}"
    );
}

fn removed(done: CourseRemoved, course: &str, with_work: bool) -> ApiResult<u8> {
    match (done.removed, done.copy) {
        (true, Some(copy)) => say!(
            "课程和你在里面做的都已删除；删除前的备份是 {copy}",
            "removed, and your work in it; before, it was {copy}"
        ),
        (true, None) => say!(
            "已移除；你在里面做的都还留着",
            "removed; your work in it stays"
        ),
        (false, Some(copy)) => say!(
            "你在里面做的已删除；删除前的备份是 {copy}",
            "your work in it is removed; before, it was {copy}"
        ),
        (false, None) => {
            let and_work = match with_work {
                true => said!("，也没有留下学习记录", ", and no work in it is kept"),
                false => Words::default(),
            };
            let words = said!(
                "没有安装课程 {course:?}{and_work}",
                "no course {course:?} is installed{and_work}";
                and_work
            );
            return Err(ApiError::said(ErrorCode::CourseNotFound, words));
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
    say!("作者：{}", "by: {}", list.authors.join(", "));
    say!("许可：{}", "licence: {}", list.license);
    if let Some(installed) = summary.installed.as_ref().filter(|_| summary.is_older) {
        say!(
            "注意：比装着的 {installed} 旧",
            "OLDER than what is installed, which is {installed}"
        );
    }
    signed(summary);
    let needs = &list.needs;
    let model = spoken!("语言模型", "a language model");
    let mut said: Vec<&str> = Vec::new();
    said.extend(needs.docker.then_some("Docker"));
    said.extend(needs.model.then_some(model.as_str()));
    said.extend(needs.network.iter().map(String::as_str));
    said.extend(needs.packages.iter().map(String::as_str));
    match said[..] {
        [] => say!("需要：有这个应用就够了", "needs: nothing but the app"),
        _ => say!("需要：{}", "needs: {}", said.join(", ")),
    }
}

/// Who signed it, and what to think of that.
fn signed(summary: &BundleSummary) {
    let by = match summary.signer.as_deref() {
        Some(signer) => spoken!("由 {signer} 签名", "signed by {signer}"),
        None => spoken!("没有人签名", "signed by nobody"),
    };
    let known = summary.known_signer.as_deref().unwrap_or_default();
    match summary.trust {
        SignerTrust::Unsigned => say!("{by}"),
        SignerTrust::First => say!("{by}，以前没有见过", "{by}, who is new here"),
        SignerTrust::Same => say!("{by}，和以前一样", "{by}, as before"),
        SignerTrust::Changed => say!(
            "注意：{by}；以前是 {known}",
            "{by}; until now it was {known}"
        ),
        SignerTrust::Dropped => say!(
            "注意：没有人签名；以前是 {known}",
            "signed by NOBODY; until now it was {known}"
        ),
        SignerTrust::NotTheApp => say!(
            "注意：{by}，不是应用自带的；应用自带一门同名的课程",
            "{by}, and NOT part of the app; a course of this name came with the app"
        ),
    }
}

fn show_diff(diff: &CourseDiff) {
    let title = |words: &Words| match language() {
        Language::Zh => words.zh.clone(),
        Language::En => words.en.clone(),
    };
    for (id, words) in &diff.added {
        say!("+ {id}: {}", title(words));
    }
    for (id, words) in &diff.removed {
        say!(
            "- {id}：{}；里面做的都留着，只是看不到了",
            "- {id}: {}; work in it is kept and seen nowhere",
            title(words)
        );
    }
    for lesson in &diff.changed {
        let parts = [
            (lesson.renamed, spoken!("标题", "title")),
            (lesson.moved, spoken!("位置", "place")),
            (lesson.text, spoken!("课文", "text")),
            (
                lesson.checks,
                spoken!(
                    "检查：通过的可能要重新通过",
                    "checks: who passed may no longer"
                ),
            ),
            (lesson.solution, spoken!("参考答案", "solution")),
        ];
        let parts = parts.into_iter().filter(|(is_so, _)| *is_so);
        let mut said: Vec<String> = parts.map(|(_, what)| what).collect();
        if !lesson.work.is_empty() {
            said.push(spoken!(
                "学习者改的文件：{}",
                "files learners work on: {}",
                lesson.work.join(", ")
            ));
        }
        say!("~ {}: {}", lesson.id, said.join("; "));
    }
    say!("{} 课没有变", "{} the same", diff.same);
}
