//! What the machine must have before anything builds: system libraries and tools.
//!
//! On Debian and its relatives what is missing is installed through apt; everywhere else the
//! commands are printed, because guessing a package manager is worse than asking.

use crate::checkout::Checkout;
use crate::progress::Progress;
use anyhow::{Context, Result, bail};
use std::env;
use std::path::Path;
use std::process::{Command, Stdio};

/// Something to look for, and the Debian package that brings it.
struct Need {
    package: &'static str,
    present: fn() -> bool,
}

/// What the build and the window need on Linux, the window tests included.
const NEEDS: &[Need] = &[
    Need {
        package: "build-essential",
        present: || on_path("cc") && on_path("c++") && on_path("make"),
    },
    Need {
        package: "pkg-config",
        present: || on_path("pkg-config"),
    },
    Need {
        package: "libwebkit2gtk-4.1-dev",
        present: || library("webkit2gtk-4.1"),
    },
    Need {
        package: "librsvg2-dev",
        present: || library("librsvg-2.0"),
    },
    Need {
        package: "python3-venv",
        present: || succeeds("python3", &["-c", "import ensurepip, venv"]),
    },
    Need {
        package: "xvfb",
        present: || on_path("Xvfb"),
    },
    Need {
        package: "webkit2gtk-driver",
        present: || on_path("WebKitWebDriver"),
    },
    Need {
        package: "dbus",
        present: || on_path("dbus-run-session"),
    },
    Need {
        package: "gnome-keyring",
        present: || on_path("gnome-keyring-daemon"),
    },
    Need {
        package: "fonts-wqy-microhei",
        present: chinese_font,
    },
];

/// What the tests of the container engine need: they build an image and start an engine of their own.
const ENGINE_NEEDS: &[Need] = &[
    Need {
        package: "docker.io",
        present: || on_path("dockerd"),
    },
    Need {
        package: "zstd",
        present: || on_path("zstd"),
    },
];

/// Oldest Node that the page's tools run on.
const NODE_MAJOR: u32 = 20;

/// The packages of other systems, as one types them.
const ELSEWHERE: &str = "\
Fedora:  sudo dnf install webkit2gtk4.1-devel librsvg2-devel gcc make pkgconf python3 \\
           xorg-x11-server-Xvfb webkit2gtk-driver dbus-daemon gnome-keyring google-noto-sans-cjk-fonts
Arch:    sudo pacman -S --needed webkit2gtk-4.1 librsvg base-devel pkgconf python \\
           xorg-server-xvfb dbus gnome-keyring noto-fonts-cjk";

/// Step: system libraries. Installs or says what to type.
pub fn libraries(checkout: &Checkout, progress: &mut Progress) -> Result<()> {
    let title = "System libraries";
    if !cfg!(target_os = "linux") {
        // macOS and Windows bring their web view; the compiler came with rustup.
        progress.nothing(title, "part of the system");
        return Ok(());
    }
    install(checkout, progress, title, NEEDS)
}

/// Step: what [`crate::engine`] needs.
pub fn engine(checkout: &Checkout, progress: &mut Progress) -> Result<()> {
    install(
        checkout,
        progress,
        "Container engine's packages",
        ENGINE_NEEDS,
    )
}

fn install(
    checkout: &Checkout,
    progress: &mut Progress,
    title: &str,
    needs: &[Need],
) -> Result<()> {
    let missing: Vec<&str> = needs
        .iter()
        .filter(|need| !(need.present)())
        .map(|need| need.package)
        .collect();
    if missing.is_empty() {
        progress.nothing(title, "here");
        return Ok(());
    }
    let list = missing.join(" ");
    if !on_path("apt-get") {
        bail!(
            "{title}: missing what Debian calls {list}.\nPlease install it, then try again:\n\n{ELSEWHERE}"
        );
    }
    let by_hand =
        format!("sudo apt-get update && sudo apt-get install --no-install-recommends {list}");
    let sudo = sudo().with_context(|| format!("{title}: please run\n    {by_hand}"))?;
    let script = format!(
        "{sudo} apt-get update && {sudo} env DEBIAN_FRONTEND=noninteractive \
         apt-get install --yes --no-install-recommends {list}"
    );
    let mut apt = checkout.tool("sh");
    apt.args(["-c", &script]);
    progress
        .require(&format!("{title} (apt: {list})"), "apt", apt)
        .with_context(|| format!("please run\n    {by_hand}"))
}

/// Step: Node, npm and Python. These are the reader's choice of version manager, so never installed.
pub fn tools(progress: &mut Progress) -> Result<()> {
    let title = "Node and Python";
    let version = answer("node", &["--version"]).unwrap_or_default();
    let major = version.trim_start_matches('v').split('.').next();
    let major: u32 = major.and_then(|major| major.parse().ok()).unwrap_or(0);
    if major < NODE_MAJOR || !on_path(if cfg!(windows) { "npm.cmd" } else { "npm" }) {
        bail!(
            "{title}: Node {NODE_MAJOR} or newer with npm is needed, found {version:?}. Get it from nodejs.org or your package manager."
        );
    }
    let Some(python) = answer(python(), &["--version"]) else {
        bail!(
            "{title}: Python 3.10 or newer is needed. Get it from python.org or your package manager."
        );
    };
    progress.nothing(title, &format!("Node {version}, {python}"));
    Ok(())
}

/// The name Python goes by.
pub fn python() -> &'static str {
    if cfg!(windows) { "python" } else { "python3" }
}

/// Whether a program can be found.
pub fn on_path(program: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

/// The trimmed standard output of a successful call.
pub fn answer(program: impl AsRef<Path>, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program.as_ref())
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    output.status.success().then_some(text)
}

/// Whether we may do anything.
pub fn is_root() -> bool {
    answer("id", &["-u"]).as_deref() == Some("0")
}

fn succeeds(program: &str, arguments: &[&str]) -> bool {
    answer(program, arguments).is_some()
}

fn library(name: &str) -> bool {
    succeeds("pkg-config", &["--exists", name])
}

fn chinese_font() -> bool {
    answer("fc-list", &[":lang=zh", "family"]).is_some_and(|fonts| !fonts.is_empty())
}

/// How to become root: nothing when we are, `sudo` when it may be used.
pub fn sudo() -> Result<&'static str> {
    if is_root() {
        return Ok("");
    }
    // Asks for the password here, in the open, before the output goes to a log.
    let allowed = Command::new("sudo").arg("-v").status();
    if allowed.is_ok_and(|status| status.success()) {
        return Ok("sudo");
    }
    bail!("installing system libraries needs root")
}
