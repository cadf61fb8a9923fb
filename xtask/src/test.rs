//! `cargo xtask test`: set-up, then every test of the repository, and one line at the end.
//!
//! A failed stage does not stop the next one. Stages come cheapest first, but for clippy: it needs
//! artefacts of its own and says nothing that a failing test would not say sooner.

use crate::app::{self, Depth};
use crate::bindings;
use crate::checkout::Checkout;
use crate::display;
use crate::engine::{self, Engine, Keeper};
use crate::fuzz;
use crate::image::{self, Language};
use crate::progress::{Finished, Progress};
use crate::setup;
use crate::system;
use crate::tally::Tally;
use crate::tidy;
use anyhow::Result;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The test runner, and the version that is installed when there is none.
const NEXTEST: &str = "0.9.143";
/// Where the tests of the container's runner lie.
const RUNNER_TESTS: &str = "templates/sandbox/tests";
/// Stages beside set-up and courses.
const STAGES: usize = 17 + fuzz::TARGETS.len();
/// How long each fuzz target explores, in seconds, after it went through what is kept.
const FUZZ_SECONDS: u32 = 10;
/// Stages of a course: one for each engine.
const ENGINES: usize = 2;

/// Runs a command in a session with an open keyring of its own, as after logging in. Without one the
/// first key would bring up a question for a password, and the developer's own is not ours to fill.
const WITH_KEYRING: &str = "home=$(mktemp -d); \
    echo | XDG_RUNTIME_DIR=$home XDG_DATA_HOME=$home gnome-keyring-daemon --unlock --components=secrets \
    >/dev/null 2>&1; \"$@\"; code=$?; rm -rf \"$home\"; exit $code";

/// A whole run.
struct Tests<'a> {
    checkout: &'a Checkout,
    progress: Progress,
    tally: Tally,
    failures: Vec<String>,
    /// What this machine cannot run, with the reason.
    skipped: Vec<String>,
}

/// Runs everything. Fails when something failed.
pub fn run(checkout: &Checkout) -> Result<()> {
    let courses = bundled_courses(checkout)?;
    let mut tests = Tests {
        checkout,
        progress: Progress::new(
            checkout.logs(),
            setup::STEPS + STAGES + ENGINES * courses.len(),
        )?,
        tally: Tally::default(),
        failures: Vec::new(),
        skipped: Vec::new(),
    };
    setup::basics(checkout, &mut tests.progress)?;
    tests.everything(&courses)?;
    for failure in &tests.failures {
        println!("failed: {failure}");
    }
    for suite in &tests.skipped {
        println!("not run: {suite}");
    }
    let Tally { passed, failed } = tests.tally;
    println!("{passed} passed, {failed} failed");
    // The line above is the last one by promise; the exit code says the rest.
    if failed > 0 {
        std::process::exit(1);
    }
    Ok(())
}

impl Tests<'_> {
    fn everything(&mut self, courses: &[PathBuf]) -> Result<()> {
        let checkout = self.checkout;
        self.gate(
            "rustfmt",
            "fmt",
            checkout.cargo(&["fmt", "--all", "--check"]),
        )?;
        // It is no member of the workspace.
        let check = ["fmt", "--check", "--manifest-path", fuzz::MANIFEST];
        self.gate(
            "rustfmt of the fuzz targets",
            "fmt-fuzz",
            checkout.cargo(&check),
        )?;
        self.own("House rules (tidy)", || tidy::run(checkout));
        self.gate(
            "Biome and TypeScript",
            "ui-lint",
            checkout.npm(&["run", "lint"]),
        )?;
        self.vitest()?;
        self.python()?;
        self.nextest_present()?;
        let built = self.build()?;
        let engine = self.engine(built)?;
        let exported = self.rust(built, engine.as_ref())?;
        for course in courses {
            self.course_in_containers(course, built, engine.as_ref())?;
        }
        self.own("Bindings", || bindings::check_exported(checkout, &exported));
        for course in courses {
            self.course(course, built)?;
        }
        self.journeys(built, engine.as_ref())?;
        drop(engine);
        self.fuzz()?;
        self.gate("Clippy", "clippy", self.clippy())?;
        Ok(())
    }

    fn vitest(&mut self) -> Result<()> {
        let report = self.checkout.path("target/vitest.json");
        let mut command =
            self.checkout
                .npm(&["test", "--", "--reporter=default", "--reporter=json"]);
        command.arg(format!("--outputFile.json={}", report.display()));
        let _ = fs::remove_file(&report);
        let finished = self.progress.tool("Page (vitest)", "vitest", command)?;
        let report = fs::read_to_string(&report).unwrap_or_default();
        self.count("vitest", Tally::vitest(&finished, &report));
        Ok(())
    }

    fn python(&mut self) -> Result<()> {
        for (title, log, folder) in [
            ("Check harness (unittest)", "unittest", "templates/checks"),
            ("Container's runner (unittest)", "runner", RUNNER_TESTS),
        ] {
            if folder == RUNNER_TESTS && !cfg!(target_os = "linux") {
                self.progress
                    .nothing(title, "runs on Linux only, as containers do");
                continue;
            }
            let mut command = self.checkout.tool(system::python());
            command.args(["-m", "unittest", "discover", "--start-directory", folder]);
            // Compiled files would lie among the templates that the app carries.
            command.env("PYTHONDONTWRITEBYTECODE", "1");
            let finished = self.progress.tool(title, log, command)?;
            self.count(log, Tally::unittest(&finished));
        }
        Ok(())
    }

    fn nextest_present(&mut self) -> Result<()> {
        let title = "Test runner (cargo-nextest)";
        let cargo = self.checkout.cargo(&["nextest", "--version"]).output();
        if cargo.is_ok_and(|output| output.status.success()) {
            self.progress.nothing(title, "here");
            return Ok(());
        }
        let install = ["install", "--locked", "cargo-nextest", "--version", NEXTEST];
        self.progress
            .require(title, "nextest-install", self.checkout.cargo(&install))
    }

    fn build(&mut self) -> Result<bool> {
        let built = app::build(self.checkout, &mut self.progress, Depth::Tests);
        if built.is_err() {
            self.count("build", Tally::FAILURE);
        }
        Ok(built.is_ok())
    }

    /// An engine for the tests of containers, with its image; none where that is impossible.
    fn engine(&mut self, built: bool) -> Result<Option<Engine>> {
        let checkout = self.checkout;
        let title = "Container engine";
        if let Err(reason) = engine::is_possible() {
            self.progress.nothing(title, reason);
            self.skipped.push(format!("{title}: {reason}"));
            return Ok(None);
        }
        let ready = system::engine(checkout, &mut self.progress).and_then(|()| {
            let images = || {
                let mut all = Language::ALL.into_iter();
                all.try_for_each(|language| image::ensure(checkout, language))
            };
            self.progress.work("Container images", images)
        });
        let start = || Engine::start(checkout, Keeper::OfTests);
        let started = match ready {
            Ok(()) if built => self.progress.work(title, start).map(Some),
            Ok(()) => Ok(None),
            Err(error) => Err(error),
        };
        Ok(started.unwrap_or_else(|error| {
            println!("{error:#}");
            self.count(title, Tally::FAILURE);
            None
        }))
    }

    /// Every Rust test but the journeys. Answers where the wire types were exported to.
    fn rust(&mut self, built: bool, engine: Option<&Engine>) -> Result<PathBuf> {
        let mut filter = format!("not package({})", app::JOURNEYS);
        if engine.is_none() {
            filter += &format!(" & not ({})", engine::PACKAGES);
        }
        let mut command = self.nextest(&filter);
        if let Some(engine) = engine {
            engine.apply(&mut command);
        }
        let exported = bindings::export_into(self.checkout, &mut command)?;
        let finished = self.unless_unbuilt(built, "Rust (nextest)", "nextest", command)?;
        self.count("nextest", Tally::nextest(&finished));
        Ok(exported)
    }

    fn course(&mut self, course: &Path, built: bool) -> Result<()> {
        let title = format!("Course {}", folder_name(course));
        let command = self.check_of(course);
        let finished = self.unless_unbuilt(built, &title, "course", command)?;
        self.count(&title, Tally::gate(&finished));
        Ok(())
    }

    /// The same in containers, where there is an engine for them.
    fn course_in_containers(
        &mut self,
        course: &Path,
        built: bool,
        engine: Option<&Engine>,
    ) -> Result<()> {
        let title = format!("Course {} in containers", folder_name(course));
        let Some(engine) = engine else {
            self.progress.nothing(&title, "there is no engine");
            return Ok(());
        };
        let mut command = self.check_of(course);
        command.args(["--engine", "docker"]);
        engine.apply_as_docker(&mut command);
        let finished = self.unless_unbuilt(built, &title, "course-containers", command)?;
        self.count(&title, Tally::gate(&finished));
        Ok(())
    }

    fn check_of(&self, course: &Path) -> Command {
        let mut command = self.checkout.tool(self.checkout.debug_program(app::CLI));
        command.args(["course", "check"]).arg(course);
        command
    }

    fn journeys(&mut self, built: bool, engine: Option<&Engine>) -> Result<()> {
        let title = "Journeys through the window";
        if !cfg!(target_os = "linux") {
            self.progress
                .nothing(title, "run on Linux only (WebKitWebDriver)");
            return Ok(());
        }
        let screen = display::Virtual::start()?;
        let mut filter = format!("package({})", app::JOURNEYS);
        if engine.is_none() {
            filter += &format!(" & not ({})", engine::JOURNEYS);
        }
        let nextest = self.nextest(&filter);
        let mut command = self.checkout.tool("dbus-run-session");
        command
            .args(["--", "sh", "-c", WITH_KEYRING, "journeys"])
            .arg(nextest.get_program())
            .args(nextest.get_args());
        command.env(
            "HELLOAGENTS_E2E_APP",
            self.checkout.debug_program(app::WINDOW),
        );
        screen.apply(&mut command);
        if let Some(engine) = engine {
            engine.apply(&mut command);
        }
        let finished = self.unless_unbuilt(built, title, "journeys", command)?;
        self.count("journeys", Tally::nextest(&finished));
        Ok(())
    }

    /// Every fuzz target for a moment.
    fn fuzz(&mut self) -> Result<()> {
        let title = "Fuzz targets";
        let finished = match fuzz::is_possible() {
            Ok(()) => {
                let build = fuzz::build(self.checkout)?;
                self.progress.tool(title, "fuzz-build", build)?
            }
            Err(reason) => {
                self.progress.nothing(title, reason);
                self.skipped.push(format!("{title}: {reason}"));
                return Ok(());
            }
        };
        self.count(title, Tally::gate(&finished));
        if !finished.ok {
            return Ok(());
        }
        for target in &fuzz::TARGETS {
            let progress = &mut self.progress;
            let explored = fuzz::explore_briefly(self.checkout, progress, target, FUZZ_SECONDS)?;
            self.count(&format!("fuzz {}", target.name), Tally::gate(&explored));
        }
        Ok(())
    }

    fn nextest(&self, filter: &str) -> Command {
        let mut command = self
            .checkout
            .cargo(&["nextest", "run", "--workspace", "--no-fail-fast"]);
        command.args([
            "--color",
            "never",
            "--features",
            app::FEATURES,
            "--filterset",
            filter,
        ]);
        command
    }

    fn clippy(&self) -> Command {
        let mut command = self
            .checkout
            .cargo(&["clippy", "--workspace", "--all-targets"]);
        command.args(["--features", app::FEATURES, "--", "-D", "warnings"]);
        command
    }

    fn gate(&mut self, title: &str, log: &str, command: Command) -> Result<()> {
        let finished = self.progress.tool(title, log, command)?;
        self.count(title, Tally::gate(&finished));
        Ok(())
    }

    /// A gate that this program is itself.
    fn own(&mut self, title: &str, work: impl FnOnce() -> Result<()>) {
        let done = self.progress.work(title, work);
        if let Err(error) = &done {
            println!("{error:#}");
        }
        let finished = Finished {
            ok: done.is_ok(),
            output: String::new(),
        };
        self.count(title, Tally::gate(&finished));
    }

    /// A stage over programs that may not have been built. Old ones would answer for the new.
    fn unless_unbuilt(
        &mut self,
        built: bool,
        title: &str,
        log: &str,
        command: Command,
    ) -> Result<Finished> {
        if built {
            return self.progress.tool(title, log, command);
        }
        self.progress.nothing(title, "not run: the build failed");
        Ok(Finished {
            ok: false,
            output: String::new(),
        })
    }

    fn count(&mut self, what: &str, tally: Tally) {
        if tally.failed > 0 {
            self.failures.push(format!("{what} ({})", tally.failed));
        }
        self.tally.add(tally);
    }
}

fn folder_name(course: &Path) -> String {
    let name = course.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

fn bundled_courses(checkout: &Checkout) -> Result<Vec<PathBuf>> {
    let mut courses = Vec::new();
    for entry in fs::read_dir(checkout.path("courses"))? {
        let path = entry?.path();
        if path.is_dir() {
            courses.push(path);
        }
    }
    courses.sort();
    Ok(courses)
}
