//! The image of the container engine as a package beside the app's: with it the app's own would be larger
//! than a package may be, and most learners never need it. The app finds the file where this puts it.

use super::run;
use anyhow::Result;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The package; the app's own is `hello-agents`.
const NAME: &str = "hello-agents-docker-image";
/// Where the app looks, from the folder of its programs.
const PLACE: &str = "usr/lib/HelloAgents/image";

/// Packs `archive` for machines of `architecture`, with `work` as a folder to work in; gives the package.
///
/// # Errors
/// When `dpkg-deb` does not.
pub fn pack(archive: &Path, architecture: &str, work: &Path) -> Result<PathBuf> {
    let root = work.join("root");
    fs::remove_dir_all(&root).ok();
    fs::create_dir_all(root.join("DEBIAN"))?;
    fs::create_dir_all(root.join(PLACE))?;
    fs::copy(archive, root.join(PLACE).join("python.tar.zst"))?;
    let version = env!("CARGO_PKG_VERSION");
    let kibibytes = fs::metadata(archive)?.len().div_ceil(1024);
    let control = format!(
        "Package: {NAME}\nVersion: {version}\nArchitecture: {architecture}\n\
         Installed-Size: {kibibytes}\nEnhances: hello-agents\nSection: education\nPriority: optional\n\
         Maintainer: The HelloAgents contributors\n\
         Description: Python for the Docker engine of HelloAgents\n \
         With it the engine is ready without a network. Without it the image is pulled\n \
         when somebody first needs it, or chosen as a file.\n"
    );
    fs::write(root.join("DEBIAN/control"), control)?;
    let package = work.join(format!("{NAME}_{version}_{architecture}.deb"));
    // The archive is packed as well as it can be.
    let mut pack = Command::new("dpkg-deb");
    pack.args(["--root-owner-group", "-Znone", "-b"]);
    run(pack.arg(&root).arg(&package))?;
    fs::remove_dir_all(&root)?;
    Ok(package)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn the_package_puts_the_image_where_the_app_looks() {
        if super::super::is_possible().is_err() {
            return; // the image itself cannot be built here either
        }
        let work = std::env::temp_dir().join(format!("ha-image-deb-{}", std::process::id()));
        fs::create_dir_all(&work).unwrap();
        let archive = work.join("some.tar.zst");
        fs::write(&archive, b"packed").unwrap();
        let package = pack(&archive, "amd64", &work).unwrap();
        let look = |what: &str| {
            let mut tool = Command::new("dpkg-deb");
            let output = tool.arg(what).arg(&package).output().unwrap();
            String::from_utf8(output.stdout).unwrap()
        };
        let inside = look("-c");
        assert!(
            inside.contains("./usr/lib/HelloAgents/image/python.tar.zst"),
            "{inside}"
        );
        assert!(inside.contains("root/root"), "{inside}");
        assert!(look("-f").starts_with(&format!("Package: {NAME}\n")));
        fs::remove_dir_all(work).unwrap();
    }
}
