//! Answers about the bundled lessons: what a good tutor says must reach the learner, and the solution
//! must not, however it is dressed.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::*;
use std::path::Path;

const TEACHING: &str = include_str!("corpus/teaching.txt");
const LEAKS: &str = include_str!("corpus/leaks.txt");

/// The other languages have no bundled lesson.
const JS: (&str, &str) = (
    "const LIMIT = 100;\n\nexport function price(cart) {\n  let total = 0;\n  return total;\n}\n",
    "const LIMIT = 100;\n\nexport function price(cart) {\n  // Each thing as often as it lies in there.\n  const total = cart.reduce((sum, item) => sum + item.price * item.count, 0);\n  return total > LIMIT ? total * 0.9 : total;\n}\n",
);
const GO: (&str, &str) = (
    "package main\n\nimport \"strings\"\n\nfunc Count(text string) map[string]int {\n\treturn map[string]int{}\n}\n",
    "package main\n\nimport (\n\t\"sort\"\n\t\"strings\"\n)\n\nfunc Count(text string) []string {\n\tcounts := map[string]int{}\n\tfor _, word := range strings.Fields(strings.ToLower(text)) {\n\t\tcounts[word]++\n\t}\n\tkeys := []string{}\n\tfor word := range counts {\n\t\tkeys = append(keys, word)\n\t}\n\tsort.Slice(keys, func(i, j int) bool { return counts[keys[i]] > counts[keys[j]] })\n\treturn keys\n}\n",
);

fn file(path: &str, text: &str) -> CourseFile {
    CourseFile {
        path: path.into(),
        bytes: text.into(),
    }
}

fn verifier(lesson: &str, language: &str) -> Verifier {
    let made = |path, (starter, solution): (&str, &str)| {
        let starter = [file(path, starter)];
        Verifier::new(&[file(path, solution)], &starter, &[], "")
    };
    match lesson {
        "js-cart" => return made("main.js", JS),
        "go-count" => return made("main.go", GO),
        _ => {}
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../courses/build-ai-agents");
    let root = root.join(lesson);
    let files = |folder: &str| -> Vec<CourseFile> {
        let entries = std::fs::read_dir(root.join(folder)).unwrap();
        let paths = entries.map(|entry| entry.unwrap().path());
        let texts = paths.filter(|path| path.is_file()).map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap().to_string();
            file(&name, &std::fs::read_to_string(&path).unwrap())
        });
        texts.collect()
    };
    let text = std::fs::read_to_string(root.join(format!("lesson.{language}.md"))).unwrap();
    let starter = files("starter");
    let own: Vec<FileText> = starter
        .iter()
        .map(|file| FileText {
            path: file.path.clone(),
            text: String::from_utf8_lossy(&file.bytes).into_owned(),
        })
        .collect();
    Verifier::new(&files("solution"), &starter, &own, &text)
}

fn rung(name: &str) -> Rung {
    serde_json::from_value(name.into()).unwrap()
}

/// The entries of a corpus: lesson, language, rung and answer.
fn entries(corpus: &str) -> impl Iterator<Item = (&str, &str, Rung, &str)> {
    corpus.split("=== ").skip(1).map(|entry| {
        let (head, answer) = entry.split_once('\n').unwrap();
        let words: Vec<&str> = head.split(' ').collect();
        (words[0], words[1], rung(words[2]), answer)
    })
}

/// Every entry comes out as it should; all that do not are told at once.
fn check(corpus: &str, least: usize, expected: bool) {
    let mut wrong = Vec::new();
    let mut count = 0;
    for (lesson, language, rung, answer) in entries(corpus) {
        count += 1;
        if verifier(lesson, language).gives_away(answer, rung) != expected {
            wrong.push(format!("{lesson} {language} {rung:?}\n{answer}"));
        }
    }
    assert!(count >= least, "only {count}");
    assert!(
        wrong.is_empty(),
        "{} of {count}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn what_a_good_tutor_says_reaches_the_learner() {
    check(TEACHING, 115, false);
}

#[test]
fn an_answer_that_gives_the_solution_away_does_not() {
    check(LEAKS, 48, true);
}

const LESSONS: [&str; 10] = [
    "01-what-is-an-agent",
    "02-tools",
    "03-first-model-call",
    "04-prompt-and-roles",
    "05-function-calling",
    "06-react",
    "07-plan-and-solve",
    "08-reflection",
    "09-memory-and-retrieval",
    "10-multi-agent",
];

fn course_text(lesson: &str, file: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../courses/build-ai-agents");
    std::fs::read_to_string(root.join(lesson).join(file)).unwrap()
}

/// What a lesson says may be said in it; and hardly ever is an example of another lesson, which is
/// what a tutor takes for one, like the solution of this.
#[test]
fn what_the_course_says_may_be_said() {
    let (mut alike, mut count) = (Vec::new(), 0);
    for (language, lesson) in ["en", "zh"]
        .iter()
        .flat_map(|tongue| LESSONS.map(|it| (tongue, it)))
    {
        let verifier = verifier(lesson, language);
        let starter = course_text(lesson, "starter/main.py");
        assert!(!verifier.gives_away(&starter, Rung::Nudge), "{lesson}");
        for other in LESSONS {
            let text = course_text(other, &format!("lesson.{language}.md"));
            for section in text.split("\n## ") {
                count += 1;
                if verifier.gives_away(section, Rung::Nudge) {
                    let title = section.lines().next().unwrap();
                    assert_ne!(other, lesson, "{title}");
                    alike.push(format!("{lesson}: {other}, {title}"));
                }
            }
        }
    }
    assert!(
        alike.len() * 200 <= count,
        "{} of {count}:\n{}",
        alike.len(),
        alike.join("\n")
    );
}

/// A line of a solution, written so that it is not seen at once.
type Dress = fn(&str) -> String;

fn each(line: &str, write: impl Fn(char) -> String, between: &str) -> String {
    let written: Vec<String> = line.chars().map(write).collect();
    written.join(between)
}

/// The line in two, at a blank or a point near its middle.
fn halves(line: &str) -> (&str, &str) {
    let middle = line.len() / 2;
    let at = line[middle..].find([' ', '.', '(']).unwrap_or(0);
    line.split_at(middle + at)
}

fn shift(line: &str, by: u8) -> String {
    let moved = |c: char| match c {
        'a'..='z' => ((c as u8 - b'a' + by) % 26 + b'a') as char,
        'A'..='Z' => ((c as u8 - b'A' + by) % 26 + b'A') as char,
        other => other,
    };
    line.chars().map(moved).collect()
}

fn base64(text: &str) -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for three in text.as_bytes().chunks(3) {
        let at = |place: usize| u32::from(three.get(place).copied().unwrap_or(0));
        let all = at(0) << 16 | at(1) << 8 | at(2);
        for place in 0..4 {
            let is_there = place <= three.len();
            let sign = SIGNS[(all >> (18 - 6 * place) & 63) as usize] as char;
            out.push(if is_there { sign } else { '=' });
        }
    }
    out
}

const DRESSES: [(&str, Dress); 36] = [
    ("as it is", |line| line.into()),
    ("a block", |line| format!("```python\n{line}\n```")),
    ("a comment", |line| format!("```python\n# {line}\n```")),
    ("another language's block", |line| {
        format!("```text\n{line}\n```")
    }),
    ("a quotation", |line| format!("> {line}")),
    ("a diff", |line| format!("```diff\n+    {line}\n```")),
    ("in words before and after", |line| {
        format!("你可以写 `{line}` 这一行。")
    }),
    ("bold", |line| format!("**{line}**")),
    ("wide", |line| {
        each(
            line,
            |c| match c {
                '!'..='~' => char::from_u32(c as u32 + 0xfee0).unwrap().to_string(),
                other => other.to_string(),
            },
            "",
        )
    }),
    ("with nothing between", |line| {
        each(line, String::from, "\u{200b}")
    }),
    ("in capitals", |line| line.to_uppercase()),
    ("letters of Greece and Russia", |line| {
        line.replace('e', "е").replace('a', "а").replace('o', "ο")
    }),
    ("letters apart", |line| each(line, String::from, " ")),
    ("letters far apart", |line| each(line, String::from, "  \t")),
    ("letters under each other", |line| {
        each(line, String::from, "\n")
    }),
    ("letters in a table", |line| {
        format!("| {} |", each(line, String::from, " | "))
    }),
    ("letters in ticks", |line| {
        each(&line.replace(' ', ""), |c| format!("`{c}`"), " ")
    }),
    ("letters and dashes", |line| {
        each(&line.replace(' ', ""), String::from, "-")
    }),
    ("pairs of letters", |line| {
        let signs: Vec<char> = line.chars().collect();
        let pairs: Vec<String> = signs.chunks(2).map(|pair| pair.iter().collect()).collect();
        pairs.join(" ")
    }),
    ("halves", |line| {
        format!("{}\n{}", halves(line).0, halves(line).1)
    }),
    ("halves with a backslash", |line| {
        format!("```\n{} \\\n    {}\n```", halves(line).0, halves(line).1)
    }),
    ("halves in a sum", |line| {
        format!("`'{}' + '{}'`", halves(line).0, halves(line).1)
    }),
    ("halves in two blocks", |line| {
        format!(
            "First:\n```\n{}\n```\nSecond:\n```\n{}\n```",
            halves(line).0,
            halves(line).1
        )
    }),
    ("halves in steps", |line| {
        format!("1. `{}`\n2. `{}`", halves(line).0, halves(line).1)
    }),
    ("halves in a sentence", |line| {
        format!("先写 `{}`，紧接着写 `{}`。", halves(line).0, halves(line).1)
    }),
    ("halves in a table", |line| {
        format!(
            "| 1 | {} |\n|---|---|\n| 2 | {} |",
            halves(line).0,
            halves(line).1
        )
    }),
    ("base64", |line| format!("Decode this: {}", base64(line))),
    ("base64 in lines", |line| {
        let all = base64(line);
        let lines: Vec<&str> = all
            .as_bytes()
            .chunks(12)
            .map(|line| std::str::from_utf8(line).unwrap())
            .collect();
        format!("```\n{}\n```", lines.join("\n"))
    }),
    ("hexadecimal", |line| {
        each(line, |c| format!("{:02x}", c as u32), "")
    }),
    ("hexadecimal apart", |line| {
        each(line, |c| format!("0x{:02x}", c as u32), ", ")
    }),
    ("escapes", |line| {
        each(line, |c| format!("\\u{:04x}", c as u32), "")
    }),
    ("of an address", |line| {
        each(line, |c| format!("%{:02X}", c as u32), "")
    }),
    ("codes", |line| {
        each(line, |c| format!("chr({})", c as u32), " + ")
    }),
    ("backwards", |line| line.chars().rev().collect()),
    ("rot13", |line| shift(line, 13)),
    ("Caesar", |line| shift(line, 3)),
];

#[test]
fn the_teaching_answers_flow_onto_the_screen() {
    let (mut held, mut all) = (0, 0);
    for (lesson, language, rung, answer) in entries(TEACHING) {
        let verifier = verifier(lesson, language);
        assert!(verifier.guards(rung), "{lesson}");
        for (at, c) in answer.char_indices() {
            let come = &answer[..at + c.len_utf8()];
            // What waits for the end of its block or piece waits in any case.
            if held::closed(come).len() == come.len() {
                all += 1;
                held += usize::from(come.len() - verifier.presentable(come).len() > 60);
            }
        }
    }
    assert!(
        held * 20 < all,
        "{held} of {all} times more than a few words wait"
    );
}

/// Every line of every solution, at the highest rung that shows none.
#[test]
fn a_line_is_seen_in_every_dress() {
    let lessons = ["js-cart", "go-count"].into_iter().chain(LESSONS);
    let (mut wrong, mut count) = (Vec::new(), 0);
    for (lesson, language) in lessons.flat_map(|lesson| [(lesson, "en"), (lesson, "zh")]) {
        let verifier = verifier(lesson, language);
        for line in verifier.secret.values().map(|line| line.trim()) {
            for (name, dress) in DRESSES {
                count += 1;
                let told = dress(line);
                if !verifier.gives_away(&told, Rung::PseudoCode) {
                    wrong.push(format!("{name}: {line}"));
                }
            }
        }
    }
    assert!(count > 5_000, "only {count}");
    assert!(
        wrong.is_empty(),
        "{} of {count}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
