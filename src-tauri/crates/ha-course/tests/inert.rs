//! Hostile lessons: whatever an author writes, the page gets nothing that runs, loads or styles.
//!
//! Each payload is put where authors can put text, and what comes out is judged by a list of what
//! may be there, not by looking for what may not.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod fixture;

use fixture::Small;
use fixture::judges::assert_inert;
use ha_course::Language;

/// Payloads by technique, one a line; what they hold beside letters is written as in Rust.
const MARKUP: [&str; 11] = [
    include_str!("xss/attributes-and-ids.txt"),
    include_str!("xss/containers.txt"),
    include_str!("xss/embedding.txt"),
    include_str!("xss/encodings.txt"),
    include_str!("xss/event-handlers.txt"),
    include_str!("xss/foreign-content.txt"),
    include_str!("xss/forms.txt"),
    include_str!("xss/loading.txt"),
    include_str!("xss/raw-text-elements.txt"),
    include_str!("xss/script-elements.txt"),
    include_str!("xss/styles-and-heads.txt"),
];
const ADDRESSES: &str = include_str!("xss/addresses.txt");
const CUT: &str = include_str!("xss/cut.txt");

/// The payloads of a file.
fn payloads(file: &str) -> Vec<String> {
    let lines = file.lines().filter(|line| !line.starts_with("// "));
    lines.map(unescaped).collect()
}

/// `\n`, `\t`, `\\` and `\u{…}` as what they stand for.
fn unescaped(line: &str) -> String {
    let mut text = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('\\') {
        text.push_str(before);
        let (sign, after) = after.split_at(1);
        rest = after;
        match sign {
            "n" => text.push('\n'),
            "t" => text.push('\t'),
            "\\" => text.push('\\'),
            "u" => {
                let (code, after) = rest[1..].split_once('}').unwrap();
                text.push(char::from_u32(u32::from_str_radix(code, 16).unwrap()).unwrap());
                rest = after;
            }
            other => panic!("\\{other} in {line}"),
        }
    }
    text + rest
}

/// Where an author can put markup; `@` stands for it.
const PLACES: &[&str] = &[
    "@",
    "text @ text",
    "# @",
    "> @",
    "> [!NOTE]\n> @",
    "- @\n- [ ] @",
    "| @ |\n|---|\n| @ |",
    "`@`",
    "```\n@\n```",
    "```python\n@\n```",
    "```html\n@\n```",
    "```@\nx\n```",
    "```mermaid\n@\n```",
    "    @",
    "$@$",
    "$$\n@\n$$",
    "x[^1]\n\n[^1]: @",
    "x[^@]\n\n[^@]: x",
    "![@](images/a.png \"@\")",
    "[@](https://a.example \"@\")",
    "[x](https://a.example/@)",
    "[x](<@>)",
    "![x](<@>)",
    "<https://a.example/@>",
    "<details><summary>@</summary>\n\n@\n\n</details>",
    "<abbr title=\"@\">x</abbr>",
    "<table><tr><td>@",
    "**@** *@* ~~@~~",
    ":::tip @\n@\n:::",
    "?> @",
    "<!-- tabs:start -->\n\n#### **@**\n\n@\n\n<!-- tabs:end -->",
    "<div align=\"@\">@</div>",
    "![@|300](images/a.png \":size=@\")",
    "# x {#@}",
];

/// Where an author can put an address.
const ADDRESS_PLACES: &[&str] = &[
    "[x](<@>)",
    "[x](@)",
    "[x]\n\n[x]: @",
    "[x]: <@>\n\n[x]",
    "<@>",
    "![x](<@>)",
    "![x](<@> \"title\")",
    "[![x](<@>)](<@>)",
    "<a href=\"@\">x</a>",
    "<a href='@'>x</a>",
    "<a href=@>x</a>",
    "<img src=\"@\">",
    "<img alt=x src=@>",
    "```mermaid\nclick A \"@\"\n```",
];

fn assert_all_inert(payloads: &[String], places: &[&str]) {
    let small = Small::new();
    small.write("01-first/images/a.png", "x");
    for payload in payloads {
        // All places in one text would hide what one payload leaves open from the next.
        for place in places {
            let markdown = place.replace('@', payload);
            small.write("01-first/lesson.en.md", &markdown).write(
                "01-first/hints.en.md",
                format!("## {payload}\n\n{markdown}"),
            );
            let text = small.open(Language::En);
            assert_inert(&text.html, &markdown);
            text.hints
                .iter()
                .for_each(|hint| assert_inert(hint, &markdown));
        }
    }
}

#[test]
fn no_markup_gets_through_anywhere() {
    for file in MARKUP {
        assert_all_inert(&payloads(file), PLACES);
    }
}

#[test]
fn no_address_gets_through_anywhere() {
    let addresses = payloads(ADDRESSES);
    assert_all_inert(&addresses, ADDRESS_PLACES);
    assert_all_inert(&addresses, PLACES);
}

#[test]
fn a_payload_cut_in_two_stays_inert() {
    assert_all_inert(&payloads(CUT), &["@", "> @", "- @"]);
}

#[test]
fn the_corpus_is_as_large_as_it_says() {
    let mut all: Vec<_> = MARKUP.into_iter().flat_map(payloads).collect();
    all.extend(payloads(ADDRESSES));
    all.extend(payloads(CUT));
    all.sort();
    all.dedup();
    assert!(all.len() >= 150, "{}", all.len());
}

#[test]
fn what_the_course_says_is_as_inert_as_what_it_holds() {
    let small = Small::new();
    let evil = "\\\"><script>alert(1)</script>";
    small.write(
        "course.toml",
        fixture::manifest(&fixture::lesson("first", "01-first")).replace("第一课", evil),
    );
    small.write(
        "01-first/lesson.en.md",
        "[x](../01-first/lesson.en.md#\"><b>)",
    );
    assert_inert(&small.open(Language::En).html, evil);
}

#[test]
fn the_judge_sees_what_it_should_see() {
    for bad in [
        "<script>",
        "<p onclick=\"x\">",
        "<a href=\"javascript:x\">",
        "<img src=\"https://a.example/x.png\">",
        "<p class=\"app-toolbar\">",
        "<p id=\"root\">",
    ] {
        assert!(
            std::panic::catch_unwind(|| assert_inert(bad, "")).is_err(),
            "{bad}"
        );
    }
}
