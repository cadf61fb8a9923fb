//! A course from an author's empty folder to another learner's machine: the six commands that the
//! README shows, by the real binary, with a home for each of the two.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

// It presses Ctrl+C, and puts a program of its own in the window's place.
#[cfg(unix)]
mod preview;

use ha_api::wire::FileText;
use ha_api::{App, Places};
use ha_testkit::FakeRunner;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// Somebody's machine.
struct Machine {
    home: TempDir,
}

impl Machine {
    fn new() -> Machine {
        Machine {
            home: TempDir::new().unwrap(),
        }
    }

    fn path(&self, path: &str) -> PathBuf {
        self.home.path().join(path)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_helloagents"));
        command
            .arg("course")
            .args(arguments)
            .current_dir(self.home.path())
            .env("HOME", self.home.path())
            .env("XDG_DATA_HOME", self.path("data"))
            .env("XDG_CACHE_HOME", self.path("cache"))
            // Whatever keyring this machine has is none of a test's business.
            .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
            .env("LC_ALL", "C")
            .stdin(Stdio::null());
        command
    }

    /// Everything it said, for a call that ends with this code.
    fn says(&self, arguments: &[&str], code: i32) -> String {
        let output = self.command(arguments).output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8(said).unwrap();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        said
    }

    /// The same on a Chinese system.
    fn says_in_chinese(&self, arguments: &[&str], code: i32) -> String {
        let mut command = self.command(arguments);
        // Empty is as good as not set.
        command.env("LC_ALL", "").env("LANG", "zh_CN.UTF-8");
        let output = command.output().unwrap();
        let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
        said
    }

    fn is_installed(&self) -> bool {
        self.path("data/helloagents/courses/my-course/course.toml")
            .is_file()
    }

    /// Makes, packs and signs a course as the README says.
    fn author() -> Machine {
        let author = Machine::new();
        author.says(&["new", "my-course"], 0);
        author.says(&["pack", "my-course", "-o", "my.hacourse"], 0);
        author.says(&["key", "author.key"], 0);
        author.says(&["sign", "my.hacourse", "--key", "author.key"], 0);
        author
    }

    /// Writes something into the first lesson of the course, as the window does.
    async fn works(&self) {
        let data = self.path("data/helloagents");
        let places = Places {
            database: data.join("helloagents.sqlite"),
            cache: self.path("cache/helloagents"),
            logs: data.join("logs"),
            courses: self.path("bundled"),
            templates: self.path("templates"),
            guest: self.path("guest"),
            image: self.path("image"),
            downloads: self.path("downloads"),
        };
        let app = App::open(places, FakeRunner::silent(), || 0);
        let home = app.home().await.unwrap();
        let lesson = home.courses[0].next.clone().unwrap();
        let mine = FileText {
            path: "main.py".into(),
            text: "print('mine')".into(),
        };
        app.draft_save(lesson, mine).await.unwrap();
    }

    fn hand_to(&self, other: &Machine) {
        fs::copy(self.path("my.hacourse"), other.path("my.hacourse")).unwrap();
    }
}

#[test]
fn what_is_said_is_in_the_language_of_the_environment() {
    let author = Machine::author();
    fs::write(author.path("my-course/01-decide/hint.md"), "").unwrap();
    let check = ["check", "my-course"];
    let english = author.says(&check, 1);
    assert_eq!(
        english,
        "01-decide/hint.md: \"hint.md\" is not a part of a lesson: is it misspelt?\n\
         my-course: 1 lessons, 2 checks, 0 cells, 1 problems\n"
    );
    assert_eq!(
        author.says_in_chinese(&check, 1),
        "01-decide/hint.md: \"hint.md\" 不是一课里该有的：是不是名字写错了？\n\
         my-course：1 课，2 项检查，0 个代码块，1 处问题\n"
    );
    // Programs read the same everywhere.
    let junit = author.says_in_chinese(&["check", "my-course", "--format", "junit"], 1);
    assert!(junit.contains("is not a part of a lesson"), "{junit}");
    let json = author.says_in_chinese(&["check", "my-course", "--json"], 1);
    let json: Value = serde_json::from_str(&json).unwrap();
    let reason = &json["problems"][0]["reason"];
    assert!(
        reason["en"].as_str().unwrap().contains("not a part"),
        "{json}"
    );
    assert!(
        reason["zh"].as_str().unwrap().contains("是不是名字写错了"),
        "{json}"
    );

    fs::write(author.path("none.hacourse"), "text").unwrap();
    let refused = author.says_in_chinese(&["verify", "none.hacourse"], 1);
    assert_eq!(refused, "helloagents: 这不是课程包：文件开头不对\n");
    let unread = author.says_in_chinese(&["verfy", "my.hacourse"], 2);
    let meant = "helloagents: 没有 verfy 这个命令；是不是想写 verify？\n";
    assert!(unread.starts_with(meant), "{unread}");
    let looked = author.says_in_chinese(&["verify", "my.hacourse"], 0);
    assert!(looked.contains("签名，以前没有见过"), "{looked}");

    fs::create_dir(author.path("book")).unwrap();
    fs::write(
        author.path("book/_sidebar.md"),
        "- [A](a.md)\n- [B](b.md)\n",
    )
    .unwrap();
    fs::write(author.path("book/a.md"), "# A\n").unwrap();
    let import = ["import", "book", "-o", "book-course", "--no-run"];
    let report = author.says_in_chinese(&import, 1);
    let lost = "没有导入的：\n  _sidebar.md:2: \"B\" 指向 b.md，那里没有文件\n";
    assert!(report.contains(lost), "{report}");
}

#[test]
fn six_commands_bring_a_course_to_another_machine() {
    let (author, learner) = (Machine::new(), Machine::new());
    author.says(&["new", "my-course"], 0);
    let checked = author.says(&["check", "my-course"], 0);
    assert!(checked.contains("1 lessons"), "{checked}");
    assert!(checked.contains(" 0 problems"), "{checked}");
    author.says(&["pack", "my-course", "-o", "my.hacourse"], 0);
    let made = author.says(&["key", "author.key"], 0);
    let signer = made.trim().rsplit(' ').next().unwrap().to_string();
    author.says(&["sign", "my.hacourse", "--key", "author.key"], 0);
    author.hand_to(&learner);
    let installed = learner.says(&["install", "my.hacourse"], 0);
    assert!(installed.contains(&signer), "{installed}");
    assert!(installed.contains("who is new here"), "{installed}");
    assert!(learner.is_installed());
    assert!(!author.is_installed());
}

#[test]
fn the_same_folder_gives_the_same_bytes() {
    let author = Machine::new();
    author.says(&["new", "my-course"], 0);
    author.says(&["pack", "my-course", "-o", "a.hacourse"], 0);
    author.says(&["pack", "my-course", "-o", "b.hacourse"], 0);
    assert!(
        fs::read(author.path("a.hacourse")).unwrap()
            == fs::read(author.path("b.hacourse")).unwrap()
    );
}

#[test]
fn another_signer_is_refused_until_it_is_meant() {
    let (author, thief, learner) = (Machine::author(), Machine::author(), Machine::new());
    author.hand_to(&learner);
    learner.says(&["install", "my.hacourse"], 0);
    thief.hand_to(&learner);
    let verified = learner.says(&["verify", "my.hacourse"], 0);
    assert!(verified.contains("until now it was"), "{verified}");
    let refused = learner.says(&["install", "my.hacourse"], 1);
    assert!(refused.contains("was signed by"), "{refused}");
    learner.says(&["install", "my.hacourse", "--trust-new-signer"], 0);
}

#[test]
fn a_course_of_the_app_is_not_replaced_by_a_strangers_unasked() {
    let (author, learner) = (Machine::author(), Machine::new());
    author.hand_to(&learner);
    let bundled = author.path("my-course");
    let install = |more: &[&str]| {
        let arguments = [&["install", "my.hacourse"][..], more].concat();
        let mut command = learner.command(&arguments);
        let output = command.env("HELLOAGENTS_COURSES", bundled.parent().unwrap());
        let output = output.output().unwrap();
        let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        (output.status.code(), said)
    };
    let (code, said) = install(&[]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("NOT part of the app"), "{said}");
    assert!(!learner.is_installed());
    assert_eq!(install(&["--trust-new-signer"]).0, Some(0));
    let (code, said) = install(&[]);
    assert_eq!(code, Some(0), "{said}");
}

#[test]
fn titles_of_strangers_command_no_terminal_and_forge_no_line() {
    let author = Machine::new();
    author.says(&["new", "my-course"], 0);
    let file = author.path("my-course/course.toml");
    let text = fs::read_to_string(&file).unwrap();
    let (head, chapters) = text.split_once("[[chapter]]").unwrap();
    let title = |line: &&str| !line.starts_with("title") && !line.starts_with("authors");
    let head: Vec<&str> = head.lines().filter(title).collect();
    let evil = r#"title = "\u001b[2J\u001b]0;pwn\u0007\nsigned by TRUSTED, as before\u202e"
authors = ["a\rb\nc"]
"#;
    let text = format!("{}\n{evil}[[chapter]]{chapters}", head.join("\n"));
    fs::write(&file, text).unwrap();
    author.says(&["pack", "my-course", "-o", "my.hacourse"], 0);
    for arguments in [["verify", "my.hacourse"], ["install", "my.hacourse"]] {
        let said = author.says(&arguments, 0);
        assert!(said.contains("pwn"), "{said:?}");
        assert!(
            said.lines()
                .all(|line| !line.starts_with("signed by TRUSTED")),
            "{said}"
        );
        let obeyed = |c: char| c != '\n' && (c.is_control() || c == '\u{202e}');
        assert!(!said.contains(obeyed), "{said:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_reader_that_went_away_changes_nothing() {
    let author = Machine::author();
    for arguments in [
        &["verify", "my.hacourse"][..],
        &["verify", "my.hacourse", "--json"],
        &["diff", "my-course", "my-course"],
        &["install", "my.hacourse"],
    ] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = author.command(arguments);
        let status = command.stdout(writer).stderr(Stdio::piped()).output();
        let output = status.unwrap();
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        assert!(output.stderr.is_empty(), "{output:?}");
    }
}

#[test]
fn what_cannot_be_done_is_told_by_the_documented_codes() {
    let author = Machine::author();
    for arguments in [
        &["verify", "nowhere.hacourse"][..],
        &["install", "nowhere.hacourse"],
        &["sign", "my-course", "--key", "author.key"],
        &["sign", "my.hacourse", "--key", "nowhere.key"],
        &["key", "author.key"],
        &["pack", "my-course", "-o", "my-course"],
        &["diff", "nowhere", "my-course"],
        &["new", "my-course"],
    ] {
        let said = author.says(arguments, 2);
        assert!(!said.contains("panicked"), "{said}");
    }
    let unnamed = author.says(&["new", "我的 课程"], 2);
    assert!(unnamed.contains("--id"), "{unnamed}");
    author.says(&["new", "我的 课程", "--id", "mine"], 0);
    fs::write(author.path("no.hacourse"), "no bundle").unwrap();
    let said = author.says(&["verify", "no.hacourse"], 1);
    assert!(said.contains("this is no bundle"), "{said}");
    fs::copy(author.path("author.key"), author.path("my-course/mine")).unwrap();
    let said = author.says(&["pack", "my-course", "-o", "x.hacourse"], 1);
    assert!(
        said.contains("mine: this is an author's secret key"),
        "{said}"
    );
    assert!(!author.path("x.hacourse").exists());
}

#[test]
fn verifying_disturbs_nobody_who_installs() {
    let (author, learner) = (Machine::author(), Machine::new());
    author.hand_to(&learner);
    let unpacking = learner.path("data/helloagents/incoming/other/file");
    fs::create_dir_all(unpacking.parent().unwrap()).unwrap();
    fs::write(&unpacking, "half").unwrap();
    learner.says(&["verify", "my.hacourse"], 0);
    assert!(unpacking.is_file());
}

#[test]
fn what_was_changed_on_the_way_is_not_installed() {
    let (author, learner) = (Machine::author(), Machine::new());
    let mut bytes = fs::read(author.path("my.hacourse")).unwrap();
    let at = bytes.len() / 2;
    bytes[at] ^= 1;
    fs::write(learner.path("my.hacourse"), bytes).unwrap();
    learner.says(&["install", "my.hacourse"], 1);
    assert!(!learner.is_installed());
}

#[test]
fn an_update_says_whose_work_it_touches() {
    let author = Machine::author();
    author.says(&["new", "next", "--id", "my-course"], 0);
    let same = author.says(&["diff", "my-course", "next"], 0);
    assert!(same.contains("1 the same"), "{same}");
    fs::write(
        author.path("next/01-decide/starter/main.py"),
        "print('new')\n",
    )
    .unwrap();
    let touched = author.says(&["diff", "my-course", "next"], 1);
    assert!(
        touched.contains("files learners work on: main.py"),
        "{touched}"
    );
    author.says(&["pack", "next", "-o", "next.hacourse"], 0);
    let bundles = author.says(&["diff", "my.hacourse", "next.hacourse"], 1);
    assert_eq!(bundles, touched);
}

#[test]
fn without_a_keyring_the_key_is_in_a_file_of_ones_own() {
    let author = Machine::new();
    author.says(&["new", "my-course"], 0);
    author.says(&["pack", "my-course", "-o", "my.hacourse"], 0);
    let missing = author.says(&["sign", "my.hacourse"], 2);
    assert!(missing.contains("helloagents course key"), "{missing}");
    let made = author.says(&["key"], 0);
    assert!(made.contains("author.key"), "{made}");
    assert_eq!(author.says(&["key"], 0), made, "it is made once");
    let signed = author.says(&["sign", "my.hacourse"], 0);
    let signer = signed.trim().rsplit(' ').next().unwrap();
    assert!(made.contains(signer), "{made}");
    is_private(&author.path("data/helloagents/author.key"));
}

fn is_private(path: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    assert!(path.is_file());
}

#[test]
fn a_course_is_removed_once() {
    let (author, learner) = (Machine::author(), Machine::new());
    author.hand_to(&learner);
    learner.says(&["install", "my.hacourse"], 0);
    let removed = learner.says(&["remove", "my-course"], 0);
    assert!(removed.contains("your work in it stays"), "{removed}");
    assert!(!learner.is_installed());
    learner.says(&["remove", "my-course"], 1);
}

#[test]
fn a_course_goes_with_the_work_in_it_when_that_is_said() {
    let (author, learner) = (Machine::author(), Machine::new());
    author.hand_to(&learner);
    learner.says(&["install", "my.hacourse"], 0);
    let removed = learner.says(&["remove", "my-course", "--with-work"], 0);
    let copy = removed.trim().split("before, it was ").nth(1);
    assert!(Path::new(copy.expect(&removed)).is_file(), "{removed}");
    learner.says(&["remove", "my-course", "--with-work"], 1);
}

#[tokio::test]
async fn work_that_was_kept_is_forgotten_later() {
    let (author, learner) = (Machine::author(), Machine::new());
    author.hand_to(&learner);
    learner.says(&["install", "my.hacourse"], 0);
    learner.works().await;
    learner.says(&["remove", "my-course"], 0);
    learner.says(&["remove", "my-course"], 1);
    let removed = learner.says(&["remove", "my-course", "--with-work"], 0);
    assert!(
        removed.starts_with("your work in it is removed"),
        "{removed}"
    );
    let copy = removed.trim().split("before, it was ").nth(1);
    assert!(Path::new(copy.expect(&removed)).is_file(), "{removed}");
    let nothing = learner.says(&["remove", "my-course", "--with-work"], 1);
    assert!(nothing.contains("no work in it is kept"), "{nothing}");
}

#[test]
fn a_program_reads_what_verify_says() {
    let author = Machine::author();
    let said = author.says(&["verify", "my.hacourse", "--json"], 0);
    let said: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(said["course"], "my-course");
    assert!(said["signer"].is_string());
    assert!(said["knownSigner"].is_null());
}

/// Turns of the loop, and what is said when they are over.
fn agent(loop_head: &str) -> String {
    format!(
        "import llm\n\n\n\
         def run_agent(question):\n    \
             messages = [{{\"role\": \"user\", \"content\": question}}]\n    \
             {loop_head}:\n        \
                 text = llm.chat(messages).text\n        \
                 if text.startswith(\"Answer: \"):\n            \
                     return text.removeprefix(\"Answer: \")\n        \
                 messages += [{{\"role\": \"assistant\", \"content\": text}}]\n    \
             return None\n"
    )
}

const FAULTS: &str = r#"
from hacheck import call, expect_equal, fault, load, scripted, watch


def agent():
    return call(load("main", "run_agent"), "How deep is it?")


def test_slow():
    with scripted("Action: look[x]", "Answer: done"), fault("slow"):
        expect_equal(got=agent(), expected="done")


def test_endless():
    with scripted("Action: look[x]", "Answer: done"), fault("endless"), watch() as trace:
        expect_equal(got=agent(), expected=None)
    trace.expect_model_calls(at_most=4)
"#;

#[test]
fn checks_of_a_course_slow_a_model_down_and_have_it_repeat_itself() {
    let author = Machine::new();
    author.says(&["new", "my-course"], 0);
    let write = |file: &str, text: &str| {
        fs::write(author.path("my-course/01-decide").join(file), text).unwrap();
    };
    let checks = ["slow", "endless"].map(|id| {
        format!(
            "[[check]]\nid = \"{id}\"\ntitle = {{ zh = \"故障\", en = \"A fault\" }}\n\
             type = \"python\"\nfunction = \"test_{id}\"\n"
        )
    });
    write("checks.toml", &checks.concat());
    write("checks.py", FAULTS);
    write("starter/main.py", &agent("for _ in range(0)"));
    write("solution/main.py", &agent("for _ in range(4)"));
    let checked = author.says(&["check", "my-course"], 0);
    assert!(checked.contains("2 checks"), "{checked}");

    // An agent that never gives up passes the slow model and ends at its time with the endless one.
    write("solution/main.py", &agent("while True"));
    let checked = author.says(&["check", "my-course"], 1);
    assert!(
        checked.contains("does not pass \"endless\": it runs longer than it may"),
        "{checked}"
    );
    assert!(!checked.contains("does not pass \"slow\""), "{checked}");
}
