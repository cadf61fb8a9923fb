//! The archive in the form of `docker save`: one layer, its configuration, and a list of both.

use super::{digest, run};
use anyhow::{Context, Result, bail};
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Of every file, so that two builds are the same: the day Python 3.11 came out.
const MOMENT: &str = "2022-10-24T00:00:00Z";
/// What marks everything of ours for the container engine.
const LABEL: &str = "helloagents";

/// One image.
pub(super) struct Image<'a> {
    pub root: &'a Path,
    pub name: &'a str,
    pub content: &'a str,
    pub language: &'a str,
}

/// The machine's name as container engines write it.
pub(super) fn architecture() -> Result<&'static str> {
    match std::env::consts::ARCH {
        "x86_64" => Ok("amd64"),
        "aarch64" => Ok("arm64"),
        other => bail!("no image is built for {other}"),
    }
}

impl Image<'_> {
    /// Writes the archive, uncompressed, into a folder of its own in `work`.
    pub fn write(&self, work: &Path) -> Result<PathBuf> {
        let folder = work.join("saved");
        fs::remove_dir_all(&folder).ok();
        fs::create_dir(&folder)?;
        let layer = folder.join("layer.tar");
        tar(self.root, &layer)?;
        let layer_digest = digest(&fs::read(&layer)?)?;
        let configuration = serde_json::to_vec(&self.configuration(&layer_digest)?)?;
        let configuration_name = format!("{}.json", digest(&configuration)?);
        fs::write(folder.join(&configuration_name), configuration)?;
        let list = json!([{
            "Config": configuration_name,
            "RepoTags": [format!("{}:{}", self.name, self.content)],
            "Layers": ["layer.tar"],
        }]);
        fs::write(folder.join("manifest.json"), serde_json::to_vec(&list)?)?;
        let archive = work.join("image.tar");
        tar(&folder, &archive)?;
        fs::remove_dir_all(&folder)?;
        Ok(archive)
    }

    fn configuration(&self, layer_digest: &str) -> Result<serde_json::Value> {
        Ok(json!({
            "architecture": architecture()?,
            "os": "linux",
            "created": MOMENT,
            "config": {
                "User": "1000:1000",
                "WorkingDir": "/work",
                "Entrypoint": ["python3", "-I", "-B", "/opt/helloagents"],
                "Env": ["PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C.UTF-8", "HOME=/work", "TMPDIR=/tmp"],
                "Labels": {
                    LABEL: "image",
                    format!("{LABEL}.content"): self.content,
                    format!("{LABEL}.language"): self.language,
                },
            },
            "rootfs": { "type": "layers", "diff_ids": [format!("sha256:{layer_digest}")] },
            "history": [{ "created": MOMENT, "created_by": "cargo xtask image" }],
        }))
    }
}

/// An archive of a folder's content that says nothing of who made it, where and when.
fn tar(folder: &Path, archive: &Path) -> Result<()> {
    run(Command::new("tar")
        .args(["--create", "--format=gnu", "--sort=name", "--numeric-owner"])
        .args(["--owner=0", "--group=0", "--mtime", MOMENT, "--file"])
        .arg(archive)
        .arg("--directory")
        .arg(folder)
        .arg("."))
    .with_context(|| format!("pack {}", folder.display()))
}
