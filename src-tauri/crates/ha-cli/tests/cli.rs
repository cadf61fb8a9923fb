//! The command line as an instructor's CI uses it: the real binary, the real sandbox, its own home.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use serde_json::Value;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// A home folder and a folder with programs.
struct Desk {
    home: TempDir,
}

impl Desk {
    fn new() -> Desk {
        let guest = std::env::var_os("HELLOAGENTS_GUEST").map(PathBuf::from);
        assert!(
            guest.is_some_and(|guest| guest.join("python.wasm.zst").is_file()),
            "the guest is not built; `cargo xtask test` prepares it"
        );
        Desk {
            home: TempDir::new().unwrap(),
        }
    }

    fn file(&self, path: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.home.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
        path
    }

    fn call<A: AsRef<std::ffi::OsStr>>(&self, arguments: &[A], input: &str) -> Output {
        self.call_in("C", arguments, input)
    }

    fn call_in<A: AsRef<std::ffi::OsStr>>(
        &self,
        locale: &str,
        arguments: &[A],
        input: &str,
    ) -> Output {
        let mut child = Command::new(env!("CARGO_BIN_EXE_helloagents"))
            .args(arguments)
            .env("HOME", self.home.path())
            .env("XDG_DATA_HOME", self.home.path().join("data"))
            .env("XDG_CACHE_HOME", self.home.path().join("cache"))
            .env("LC_ALL", locale)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A program that does not read its input may be gone before we wrote it.
        child.stdin.take().unwrap().write_all(input.as_bytes()).ok();
        child.wait_with_output().unwrap()
    }

    /// Runs a program given on standard input.
    fn run(&self, program: &str, flags: &[&str]) -> Output {
        self.call(&[&["run", "-"], flags].concat(), program)
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn object(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn a_program_speaks_and_ends_as_under_python() {
    let desk = Desk::new();
    for (program, stdout, stderr, expected) in [
        ("print('你好')", "你好\n", "", 0),
        ("import sys; sys.exit(7)", "", "", 7),
        ("raise SystemExit('no')", "", "no\n", 1),
        (
            "1/0",
            "",
            "Traceback (most recent call last):\n  File \"main.py\", line 1, in <module>\n    1/0\n    ~^~\nZeroDivisionError: division by zero\n",
            1,
        ),
    ] {
        let output = desk.run(program, &[]);
        assert_eq!(text(&output.stdout), stdout, "{program}");
        assert_eq!(text(&output.stderr), stderr, "{program}");
        assert_eq!(code(&output), expected, "{program}");
    }
}

#[test]
fn a_file_imports_its_neighbours_reads_our_input_and_takes_arguments() {
    let desk = Desk::new();
    desk.file("helper.py", "def greet(name): return f'hi {name}'\n");
    desk.file("too_large_to_come_along.py", "#".repeat(1024 * 1024));
    let main = desk.file(
        "agent.py",
        "import sys\nfrom helper import greet\nprint(greet(input()), sys.argv[1:])\n",
    );
    let input = desk.file("lines.txt", "from a file\n");
    let main = main.to_str().unwrap();
    let typed = desk.call(&["run", main, "--", "-x", "2"], "小明\n");
    assert_eq!(text(&typed.stdout), "hi 小明 ['-x', '2']\n");
    let flags = ["run", main, "--stdin", input.to_str().unwrap()];
    let given = desk.call(&flags, "ignored");
    assert_eq!(text(&given.stdout), "hi from a file []\n");
}

#[test]
fn json_is_one_object_with_everything() {
    let desk = Desk::new();
    let program = "import sys\nprint('out')\nprint('err', file=sys.stderr)\nsys.exit(4)\n";
    let output = desk.run(program, &["--json"]);
    let object = object(&output);
    assert_eq!(object["outcome"], "exited");
    assert_eq!(object["exit_code"], 4);
    assert_eq!(object["stdout"], "out\n");
    assert_eq!(object["stderr"], "err\n");
    assert_eq!(object["engine"], "wasm");
    assert!(object["duration_ms"].as_f64().unwrap() > 0.0);
    assert_eq!(code(&output), 4);
}

#[test]
fn every_unusual_end_has_its_code() {
    let desk = Desk::new();
    for (program, outcome, expected) in [
        ("while True: pass", "timed_out", 124),
        ("import time; time.sleep(60)", "timed_out", 124),
        ("while True: print('x' * 1000)", "output_limit", 122),
    ] {
        let output = desk.run(program, &["--timeout", "1", "--json"]);
        assert_eq!(object(&output)["outcome"], outcome, "{program}");
        assert_eq!(code(&output), expected, "{program}");
    }
}

#[test]
fn an_unusual_end_is_said_in_the_language_of_the_environment() {
    let desk = Desk::new();
    for (program, english, chinese) in [
        (
            "while True: pass",
            "helloagents: stopped after 1 s (--timeout)\n",
            "helloagents: 运行了 1 秒，到时间停下了（--timeout）\n",
        ),
        (
            "while True: print('x' * 1000)",
            "helloagents: stopped: it printed far more than is kept\n",
            "helloagents: 停下了：打印得太多，放不下\n",
        ),
    ] {
        for (locale, expected) in [("C", english), ("zh_CN.UTF-8", chinese)] {
            let output = desk.call_in(locale, &["run", "-", "--timeout", "1"], program);
            let said = text(&output.stderr);
            assert!(said.ends_with(expected), "{locale}: {said}");
        }
    }
    let not_text = desk.file("nul.py", b"print()\0");
    let refused = desk.call_in("zh_CN.UTF-8", &["run", not_text.to_str().unwrap()], "");
    let said = text(&refused.stderr);
    assert_eq!(said, "helloagents: nul.py 里有 NUL 字节，不是文本文件\n");
    assert_eq!(code(&refused), 2);
}

#[test]
fn of_a_long_output_the_end_is_shown_and_what_is_missing_is_said() {
    let desk = Desk::new();
    let program = "for n in range(300_000): print(n)\n1 / 0";
    let output = desk.run(program, &["--json"]);
    let object = object(&output);
    let printed: usize = (0..300_000).map(|n: u32| n.to_string().len() + 1).sum();
    let kept = |key: &str| object[key].as_str().unwrap().len();
    let missing = object["left_out_bytes"].as_u64().unwrap() as usize;
    assert_eq!(kept("stdout") + missing, printed);
    assert!(missing > 0);
    assert_eq!(code(&output), 1);
    let output = desk.run(program, &[]);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(
        stderr.contains("bytes of output are left out here"),
        "{stderr}"
    );
    assert!(
        stderr
            .trim_end()
            .ends_with("ZeroDivisionError: division by zero"),
        "{stderr}"
    );
}

#[test]
fn an_end_that_needs_its_reason_says_it() {
    let desk = Desk::new();
    for (program, note, sentence) in [
        (
            "import queue\nqueue.Queue().get()",
            "deadlock",
            "deadlock: the program waited",
        ),
        (
            "from _sandbox import report\nwhile True: report('x' * 100_000)",
            "report_limit",
            "the program reported more than it may",
        ),
    ] {
        assert_eq!(object(&desk.run(program, &["--json"]))["note"], note);
        let plain = desk.run(program, &[]);
        assert!(text(&plain.stderr).contains(sentence), "{plain:?}");
    }
    let fine = desk.run("print()", &["--json"]);
    assert!(object(&fine)["note"].is_null());
}

#[test]
fn wrong_use_is_two_and_says_why() {
    let desk = Desk::new();
    let not_text = desk.file("nul.py", b"print()\0");
    let large = desk.file("large.py", "#".repeat(5 * 1024 * 1024));
    for (arguments, words) in [
        (vec!["run"], "FILE"),
        (vec!["run", "nowhere.py"], "nowhere.py"),
        (vec!["run", "-", "--timeout", "0"], "1..=60"),
        (vec!["run", "-", "--timeout", "61"], "1..=60"),
        (vec!["run", "-", "--engine", "none"], "none"),
        (vec!["run", not_text.to_str().unwrap()], "NUL byte"),
        (vec!["run", large.to_str().unwrap()], "bytes"),
        (vec!["course", "check", "nowhere"], "nowhere"),
    ] {
        let output = desk.call(&arguments, "");
        assert_eq!(code(&output), 2, "{arguments:?}");
        assert!(text(&output.stderr).contains(words), "{output:?}");
    }
}

#[test]
fn the_bundled_course_is_proven() {
    let desk = Desk::new();
    let course = Path::new(&std::env::var("HELLOAGENTS_COURSES").unwrap()).join("build-ai-agents");
    let output = desk.call(&["course", "check", course.to_str().unwrap(), "--json"], "");
    let object = object(&output);
    assert_eq!(object["problems"], Value::Array(Vec::new()));
    assert_eq!(object["lessons"], 10);
    assert_eq!(code(&output), 0);
}

/// A course whose lessons are named, with starter and solution; returns its folder.
fn course_of(desk: &Desk, lessons: &[(&str, &str, Option<&str>)]) -> String {
    let title = r#"{ zh = "题", en = "T" }"#;
    let mut manifest = format!(
        "format_version = 1\nid = \"c\"\nversion = \"1.0.0\"\ntitle = {title}\nsummary = {title}\nauthors = [\"a\"]\nlicense = \"x\"\n\
         [[chapter]]\nid = \"one\"\ntitle = {title}\n"
    );
    let checks = format!(
        "[[check]]\nid = \"says\"\ntitle = {title}\ntype = \"output\"\nexpect = \"done\"\n"
    );
    for (lesson, starter, solution) in lessons {
        manifest.push_str(&format!(
            "[[chapter.lesson]]\nid = \"{lesson}\"\npath = \"{lesson}\"\ntitle = {title}\nminutes = 1\n"
        ));
        for (path, text) in [
            ("lesson.zh.md", "# 题\n\n```python run\nprint(1)\n```\n"),
            ("lesson.en.md", "# T\n\n```python run\nprint(1)\n```\n"),
            ("hints.zh.md", "## 提示\n\n想。\n"),
            ("hints.en.md", "## Hint\n\nThink.\n"),
            ("starter/main.py", starter),
            ("checks.toml", &checks),
        ] {
            desk.file(&format!("c/{lesson}/{path}"), text);
        }
        if let Some(solution) = solution {
            desk.file(&format!("c/{lesson}/solution/main.py"), solution);
        }
    }
    desk.file("c/course.toml", manifest);
    desk.home.path().join("c").display().to_string()
}

#[test]
fn a_course_whose_starter_passes_or_whose_solution_fails_is_named() {
    let desk = Desk::new();
    let folder = course_of(
        &desk,
        &[
            ("easy", "print('done')\n", Some("print('done')\n")),
            ("wrong", "print('not yet')\n", Some("print('wrong')\n")),
        ],
    );
    let output = desk.call(&["course", "check", &folder], "");
    let report = text(&output.stdout);
    assert!(
        report.contains("easy/starter: the starter passes every check"),
        "{report}"
    );
    assert!(
        report.contains("wrong/solution: the solution does not pass \"says\""),
        "{report}"
    );
    assert!(report.contains("2 problems"), "{report}");
    assert_eq!(code(&output), 1);
    let output = desk.call_in("zh_CN.UTF-8", &["course", "check", &folder], "");
    let report = text(&output.stdout);
    assert!(
        report.contains("wrong/solution: 参考答案没有通过 \"says\"："),
        "{report}"
    );
    assert!(report.contains("2 处问题"), "{report}");
    assert_eq!(code(&output), 1);
}

#[test]
fn a_lesson_that_cannot_be_run_costs_no_other_its_proof() {
    let desk = Desk::new();
    let large = format!("x = '{}'\n", "a".repeat(600_000));
    let folder = course_of(
        &desk,
        &[
            ("large", &large, Some("print('done')\n")),
            ("unsolved", "print('not yet')\n", None),
            (
                "raising",
                "print('not yet')\n",
                Some("def f():\n    raise ValueError('no')\nf()\n"),
            ),
            ("easy", "print('done')\n", Some("print('done')\n")),
        ],
    );
    // Each is small enough for a file, and together they are too much for a program.
    desk.file("c/large/starter/more.py", &large);
    let output = desk.call(&["course", "check", &folder], "");
    let chinese = desk.call_in("zh_CN.UTF-8", &["course", "check", &folder], "");
    let chinese = text(&chinese.stdout);
    assert!(
        chinese.contains("large/starter: 运行不了：文件一共 "),
        "{chinese}"
    );
    let report = text(&output.stdout);
    for line in [
        "large/starter: this cannot be run: ",
        "unsolved/solution: there are checks but no solution, so nothing proves that they can pass",
        "raising/solution: the solution does not pass \"says\": ValueError: no",
        "easy/starter: the starter passes every check, so there is nothing to do",
        "c: 4 lessons, 4 checks, 8 cells, 4 problems",
    ] {
        let found = report.lines().filter(|told| told.starts_with(line)).count();
        assert_eq!(found, 1, "{line}\n{report}");
    }
    assert_eq!(report.lines().count(), 5, "one line each\n{report}");
    assert_eq!(code(&output), 1);
}

#[test]
fn a_build_server_reads_a_case_for_each_cell_and_each_problem() {
    let desk = Desk::new();
    let folder = course_of(
        &desk,
        &[
            ("good", "print('not yet')\n", Some("print('done')\n")),
            ("easy", "print('done')\n", Some("print('done')\n")),
        ],
    );
    desk.file(
        "c/good/lesson.en.md",
        "# T\n\n```python run\nprint(undefined)\n```\n",
    );
    let output = desk.call(&["course", "check", &folder, "--format", "junit"], "");
    let report = text(&output.stdout);
    assert!(
        report.contains("<testsuite name=\"c\" tests=\"5\" failures=\"2\">"),
        "{report}"
    );
    assert_eq!(report.matches(" time=\"0.").count(), 4, "{report}");
    let broken = report.lines().find(|line| line.contains("lesson.en.md:3"));
    let broken = broken.unwrap();
    assert!(
        broken.contains("name=\"good/lesson.en.md:3\" time="),
        "{broken}"
    );
    assert!(
        broken.contains("<failure message=\"this cell does not run: NameError"),
        "{broken}"
    );
    assert!(
        report.contains("name=\"easy/starter\"><failure"),
        "{report}"
    );
}

#[test]
fn doctor_says_what_is_wrong() {
    let desk = Desk::new();
    let healthy = desk.call(&["doctor", "--json"], "");
    assert_eq!(object(&healthy)["healthy"], true, "{healthy:?}");
    assert_eq!(code(&healthy), 0);
    desk.file("data/helloagents/helloagents.sqlite", [7u8; 4096]);
    let sick = desk.call(&["doctor"], "");
    assert!(text(&sick.stdout).contains("WRONG database"), "{sick:?}");
    assert_eq!(code(&sick), 1);
}

#[test]
fn check_code_reads_and_runs_nothing() {
    let desk = Desk::new();
    let main = desk.file(
        "a/main.py",
        "import socket, os as o\nsocket.say()\no.system('ls')\n",
    );
    let own = desk.file("a/socket.py", "def say(): ...\n");
    let call = |flags: &[&str]| {
        let files = [main.to_str().unwrap(), own.to_str().unwrap()];
        desk.call(&[&["check-code"], flags, &files].concat(), "")
    };
    let advice = call(&[]);
    assert_eq!(code(&advice), 0);
    let said = text(&advice.stdout);
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(said.contains("main.py:3:1: advice (os.system): "), "{said}");

    let denied = call(&["--deny", "os.system", "--json"]);
    assert_eq!(code(&denied), 1);
    let found = &object(&denied)["findings"][0];
    assert_eq!(
        (&found["rule"], &found["action"], &found["line"]),
        (&"os.system".into(), &"denied".into(), &3.into())
    );

    let chinese = desk.call_in("zh_CN.UTF-8", &["check-code", main.to_str().unwrap()], "");
    let said = text(&chinese.stdout);
    assert!(
        said.contains("main.py:3:1: 提醒 (os.system): 这里要启动"),
        "{said}"
    );

    assert_eq!(text(&call(&["--allow", "os.system"]).stdout), "");
    assert_eq!(code(&call(&["--deny", "os"])), 2);
    let other = desk.file("b/other.py", "eval('1')\n");
    let apart = desk.call(
        &[Path::new("check-code"), main.as_path(), other.as_path()],
        "",
    );
    let line = format!("{}:1:1: advice (eval): ", other.display());
    assert!(text(&apart.stdout).contains(&line));
    let missing = desk.call(&["check-code", "nowhere.py"], "");
    assert_eq!(code(&missing), 2);
}
