//! `course preview`: what the author is told after each save, and how it begins and ends.

use super::Machine;
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

/// How long a line may take before a test gives up. Generous: the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(60);
const LESSON: &str = "我的 课程/01-decide/lesson.en.md";

/// A preview that goes on, and what it says.
struct Preview {
    process: Child,
    lines: Receiver<String>,
}

impl Preview {
    fn start(mut command: Command) -> Preview {
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let (sender, lines) = channel();
        tell(process.stdout.take().unwrap(), sender.clone());
        tell(process.stderr.take().unwrap(), sender);
        Preview { process, lines }
    }

    fn of(author: &Machine) -> Preview {
        Preview::start(author.command(&["preview", "我的 课程", "--no-window"]))
    }

    /// Waits for a line with these words and answers it, with all that came before it.
    fn says(&self, words: &str) -> Vec<String> {
        let mut said: Vec<String> = Vec::new();
        while !said.last().is_some_and(|line| line.contains(words)) {
            match self.lines.recv_timeout(PATIENCE) {
                Ok(line) => said.push(line),
                Err(error) => panic!("{error} while waiting for {words:?}; it said {said:#?}"),
            }
        }
        said
    }

    /// Presses Ctrl+C.
    fn stop(mut self) -> ExitStatus {
        let pid = self.process.id().to_string();
        let sent = Command::new("kill").args(["-INT", &pid]).status().unwrap();
        assert!(sent.success());
        self.process.wait().unwrap()
    }
}

impl Drop for Preview {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

fn tell(pipe: impl Read + Send + 'static, lines: Sender<String>) {
    thread::spawn(move || {
        let mut said = BufReader::new(pipe).lines().map_while(Result::ok);
        said.try_for_each(|line| lines.send(line))
    });
}

/// An author with a course of one lesson, in a folder that is hard on programs.
fn author() -> Machine {
    let author = Machine::new();
    author.says(&["new", "我的 课程", "--id", "my-course"], 0);
    author
}

/// The lesson with a picture that is not there, and the place that is told with it. The other
/// language lacking a picture is told too.
fn broken(author: &Machine) -> (String, String) {
    let text = fs::read_to_string(author.path(LESSON)).unwrap();
    let text = format!("{}\n\n![a](images/none.png)\n", text.trim_end());
    let place = format!("01-decide/lesson.en.md:{}: ", text.lines().count());
    (text, place)
}

#[test]
fn each_save_says_what_is_new_and_what_is_mended() {
    let author = author();
    let whole = fs::read_to_string(author.path(LESSON)).unwrap();
    let (text, place) = broken(&author);
    let preview = Preview::of(&author);
    preview.says("my-course 1.0.0: 1 lesson, no problems");
    preview.says("Ctrl+C ends it");

    fs::write(author.path(LESSON), text).unwrap();
    let said = preview.says("2 problems");
    assert!(said[0].starts_with(&place), "{said:?} for {place}");
    // As editors save that never leave half a file.
    fs::write(author.path("我的 课程/.lesson.swp"), &whole).unwrap();
    fs::rename(author.path("我的 课程/.lesson.swp"), author.path(LESSON)).unwrap();
    let said = preview.says("no problems");
    assert!(said[0].starts_with(&format!("mended: {place}")), "{said:?}");
    assert!(said[1].starts_with("mended: 01-decide"), "{said:?}");
    assert_eq!(said.len(), 3, "{said:?}");
    assert_eq!(preview.stop().code(), Some(0));
}

#[test]
fn problems_that_are_there_already_come_first() {
    let author = author();
    let (text, place) = broken(&author);
    fs::write(author.path(LESSON), text).unwrap();
    let preview = Preview::of(&author);
    let said = preview.says("1 lesson, 2 problems");
    assert!(said[0].starts_with(&place), "{said:?}");
}

#[test]
fn what_is_broken_or_gone_for_a_while_ends_nothing() {
    let author = author();
    let manifest = author.path("我的 课程/course.toml");
    let whole = fs::read_to_string(&manifest).unwrap();
    let preview = Preview::of(&author);
    preview.says("Ctrl+C ends it");

    fs::write(&manifest, &whole[..whole.len() / 2]).unwrap();
    let said = preview.says("course.toml");
    assert!(
        !said.iter().any(|line| line.starts_with("mended")),
        "{said:?}"
    );
    fs::write(&manifest, &whole).unwrap();
    preview.says("no problems");

    fs::rename(author.path("我的 课程"), author.path("elsewhere")).unwrap();
    preview.says("the folder is gone");
    fs::rename(author.path("elsewhere"), author.path("我的 课程")).unwrap();
    preview.says("no problems");
    assert_eq!(preview.stop().code(), Some(0));
}

#[test]
fn what_cannot_be_previewed_is_said_before_anything_opens() {
    let author = author();
    fs::create_dir(author.path("empty")).unwrap();
    let said = author.says(&["preview", "nowhere"], 2);
    assert!(said.contains("nowhere is not a folder"), "{said}");
    let said = author.says(&["preview", "empty"], 1);
    assert!(said.contains("there is no course.toml"), "{said}");
    let said = author.says(&["preview", "我的 课程", "--lesson", "none"], 2);
    assert!(said.contains("there are decide"), "{said}");
}

/// The command line where only this test puts programs: in a folder `bin`, with a display.
fn alone(author: &Machine, arguments: &[&str]) -> Command {
    let bin = author.path("bin");
    let program = bin.join("helloagents");
    if !bin.is_dir() {
        fs::create_dir(&bin).unwrap();
        let built = env!("CARGO_BIN_EXE_helloagents");
        // Another disk takes no links.
        if fs::hard_link(built, &program).is_err() {
            fs::copy(built, &program).unwrap();
        }
    }
    let like = author.command(arguments);
    let mut command = Command::new(program);
    command
        .args(like.get_args())
        .current_dir(author.home.path())
        .env("PATH", author.path("path"))
        .env("DISPLAY", ":nobody-looks")
        .stdin(Stdio::null());
    for (name, value) in like.get_envs() {
        command.env(name, value.unwrap());
    }
    command
}

#[test]
fn without_a_window_one_is_told_what_to_do() {
    let author = author();
    let refused = |mut command: Command, words: &str| {
        let output = command.output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(125), "{said}");
        assert!(said.contains(words), "{said}");
        assert!(said.contains("course check"), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    };
    let preview = ["preview", "我的 课程"];
    refused(
        alone(&author, &preview),
        "neither beside this program nor on the PATH",
    );
    if cfg!(target_os = "linux") {
        let mut blind = alone(&author, &preview);
        blind.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
        refused(blind, "there is no display");
    }
}

#[test]
fn the_window_is_told_what_to_show_and_its_end_is_no_end() {
    let author = author();
    fs::create_dir(author.path("path")).unwrap();
    let window = author.path("path/helloagents-desktop");
    let script = "#!/bin/sh\nprintf '%s\\n' \"$@\" > \"$HOME/shown\"\nexit 3\n";
    fs::write(&window, script).unwrap();
    fs::set_permissions(&window, fs::Permissions::from_mode(0o755)).unwrap();
    let arguments = [
        "preview",
        "我的 课程",
        "--lesson",
        "decide",
        "--language",
        "zh",
    ];
    let preview = Preview::start(alone(&author, &arguments));
    preview.says("the window ended badly");
    let shown = fs::read_to_string(author.path("shown")).unwrap();
    let dir = author.path("我的 课程").display().to_string();
    let expected = [dir.as_str(), "--lesson", "decide", "--language", "zh"];
    assert_eq!(shown.lines().collect::<Vec<_>>(), expected);
    let (text, place) = broken(&author);
    fs::write(author.path(LESSON), text).unwrap();
    preview.says(&place);
    assert_eq!(preview.stop().code(), Some(0));
}
