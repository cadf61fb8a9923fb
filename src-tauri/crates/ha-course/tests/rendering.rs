//! What Markdown becomes: each of the things the format promises, as small as it can be.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod fixture;

use fixture::{BASE, Small, html};
use ha_course::{Heading, Language, LessonText, RenderedReply, ReplyPage, render_reply};

fn check(markdown: &str, expected: &str) {
    assert_eq!(html(markdown).trim(), expected, "{markdown}");
}

/// For what is long: only that the page holds it.
fn check_holds(markdown: &str, part: &str) {
    let html = html(markdown);
    assert!(html.contains(part), "{markdown}\nbecame\n{html}");
}

fn opened(markdown: &str) -> LessonText {
    let small = Small::new();
    small.write("01-first/lesson.en.md", markdown);
    small.open(Language::En)
}

/// The problems that lint has with a text, without the missing other headings.
fn told(markdown: &str) -> String {
    let small = Small::new();
    small
        .write("01-first/lesson.en.md", markdown)
        .write("01-first/lesson.zh.md", markdown);
    small.lint()
}

#[test]
fn headings_have_anchors_and_make_the_outline() {
    check(
        "## What *is* `x`?",
        "<h2 id=\"h-what-is-x\">What <em>is</em> <code>x</code>?</h2>",
    );
    check(
        "# 三个词，一个圈",
        "<h1 id=\"h-三个词一个圈\">三个词，一个圈</h1>",
    );
    let outline = opened("# A\n\n> ## B & C\n\n## A\n\nSetext\n===").outline;
    let heading = |id: &str, level, text: &str| Heading {
        id: id.into(),
        level,
        text: text.into(),
    };
    let expected = [
        heading("h-a", 1, "A"),
        heading("h-b--c", 2, "B & C"),
        heading("h-a-1", 2, "A"),
        heading("h-setext", 1, "Setext"),
    ];
    assert_eq!(outline, expected);
}

#[test]
fn tables_scroll_in_a_frame_the_keyboard_reaches() {
    check(
        "|a|b|\n|:-|-:|\n|c|d|",
        "<div class=\"table-scroll\" role=\"group\" tabindex=\"0\" aria-label=\"Table\"><table>\n\
         <thead><tr><th class=\"align-left\">a</th><th class=\"align-right\">b</th></tr></thead><tbody>\n\
         <tr><td class=\"align-left\">c</td><td class=\"align-right\">d</td></tr>\n\
         </tbody></table></div>",
    );
}

#[test]
fn lists_tasks_and_strikes_are_githubs() {
    check(
        "3. a\n4. b",
        "<ol start=\"3\">\n<li>a</li>\n<li>b</li>\n</ol>",
    );
    check("~~a~~", "<p><del>a</del></p>");
    check_holds(
        "- [x] a",
        "<input type=\"checkbox\" disabled=\"\" checked=\"\" aria-label=\"Done\"> a",
    );
    check_holds(
        "- [ ] a",
        "<input type=\"checkbox\" disabled=\"\" aria-label=\"To do\"> a",
    );
}

#[test]
fn footnotes_are_numbered_by_mention_and_lead_back() {
    let html = html("a[^late] b[^early] c[^late]\n\n[^early]: E\n[^late]: L");
    let mention = |n: u32| {
        format!("<sup><a class=\"footnote\" href=\"#h-note.{n}\" id=\"h-ref.{n}\">{n}</a></sup>")
    };
    assert!(
        html.contains(&format!("a{} b{}", mention(1), mention(2))),
        "{html}"
    );
    assert!(
        html.contains("c<sup><a class=\"footnote\" href=\"#h-note.1\">1</a></sup>"),
        "{html}"
    );
    let (first, second) = (
        html.find("<p>L</p>").unwrap(),
        html.find("<p>E</p>").unwrap(),
    );
    assert!(first < second, "{html}");
    assert!(
        html.contains("href=\"#h-ref.2\" aria-label=\"Back to the text\""),
        "{html}"
    );
    assert!(told("a\n\n[^lost]: x").contains(":3: the footnote [^lost] is never mentioned"));
}

#[test]
fn maths_crosses_as_escaped_source() {
    let text = opened("a $x<1$ b\n\n$$\n\\frac{1}{2} & y\n$$");
    assert!(text.has_math && !text.has_diagrams);
    let inline = "<span class=\"math\" data-display=\"false\">x&lt;1</span>";
    let display = "<span class=\"math\" data-display=\"true\">\n\\frac{1}{2} &amp; y\n</span>";
    assert!(
        text.html.contains(inline) && text.html.contains(display),
        "{}",
        text.html
    );
    assert!(!opened("it costs $5 and $10").has_math);
}

#[test]
fn diagrams_cross_as_escaped_source() {
    let text = opened("```mermaid\nA --> B[\"<b>\"]\n```");
    assert!(text.has_diagrams && !text.has_math);
    assert_eq!(
        text.html.trim(),
        "<pre class=\"mermaid\">A --&gt; B[\"&lt;b&gt;\"]\n</pre>"
    );
}

#[test]
fn only_a_python_block_is_marked_to_run_where_it_stands() {
    check(
        "```python run\n1\n```",
        "<pre class=\"code\" data-language=\"python\" data-run=\"\" tabindex=\"0\"><code>\
         <span class=\"hl-constant hl-numeric hl-integer hl-decimal hl-python\">1\n</span></code></pre>",
    );
    for fence in [
        "python",
        "python title=run",
        "run",
        "sh run",
        "python running",
    ] {
        let html = opened(&format!("```{fence}\n1\n```")).html;
        assert!(!html.contains("data-run"), "{fence}: {html}");
    }
}

#[test]
fn code_is_coloured_by_class() {
    check(
        "```python title=x\nx = \"a\"  # b\n```",
        "<pre class=\"code\" data-language=\"python\" tabindex=\"0\"><code>x \
         <span class=\"hl-keyword hl-operator hl-assignment hl-python\">= </span>\
         <span class=\"hl-string hl-quoted hl-double hl-python\">\"a\"  </span>\
         <span class=\"hl-comment hl-line hl-number-sign hl-python\"># b\n</span></code></pre>",
    );
    check(
        "```nolanguage\n<x>\n```",
        "<pre class=\"code\" data-language=\"nolanguage\" tabindex=\"0\"><code>&lt;x&gt;\n</code></pre>",
    );
    for (language, class) in [
        ("py", "hl-storage"),
        ("console", "hl-"),
        ("ts", "hl-"),
        ("json", "hl-"),
        ("yml", "hl-"),
        ("rs", "hl-"),
        ("toml", "<code>"),
    ] {
        check_holds(&format!("```{language}\ndef f(): \"x\"\n```"), class);
    }
}

#[test]
fn callouts_say_what_they_are_in_the_lessons_language() {
    let small = Small::new();
    let markdown = "> [!WARNING]\n> a";
    small
        .write("01-first/lesson.en.md", markdown)
        .write("01-first/lesson.zh.md", markdown);
    for (language, title) in [(Language::En, "Warning"), (Language::Zh, "注意")] {
        let expected = format!(
            "<aside class=\"callout callout-warning\" role=\"note\" aria-label=\"{title}\">\
             <p class=\"callout-title\">{title}</p>\n<p>a</p>\n</aside>"
        );
        assert_eq!(small.open(language).html.trim(), expected);
    }
    for (kind, class) in [
        ("NOTE", "note"),
        ("tip", "tip"),
        ("IMPORTANT", "important"),
        ("CAUTION", "caution"),
    ] {
        check_holds(
            &format!("> [!{kind}]\n> a"),
            &format!("class=\"callout callout-{class}\""),
        );
    }
}

#[test]
fn images_come_from_the_course_and_load_late() {
    let img = format!("<img src=\"{BASE}01-first/images/a.png\" alt=\"b\" loading=\"lazy\"");
    check("![b](images/a.png)", &format!("<p>{img}></p>"));
    check(
        "![b](./images/../images//a.png?x#y)",
        &format!("<p>{img}></p>"),
    );
    check(
        "x ![b](images/a.png \"c\")",
        &format!("<p>x {img} title=\"c\"></p>"),
    );
    check(
        "![b](images/a.png \"c & d\")",
        &format!("<figure>{img}><figcaption>c &amp; d</figcaption></figure>"),
    );
    check(
        "<img src=\"images/a.png\" alt=b width=\"40px\" height=4%>",
        &format!("{img} width=\"40\">"),
    );
    check(
        "![b](<../shared/图 1.PNG>)",
        &format!("<p><img src=\"{BASE}shared/%E5%9B%BE%201.PNG\" alt=\"b\" loading=\"lazy\"></p>"),
    );
}

#[test]
fn images_from_elsewhere_are_never_loaded() {
    let link = "data-external=\"\" rel=\"noopener noreferrer\">b</a></p>";
    check(
        "![b](https://a.example/x.png)",
        &format!("<p><a href=\"https://a.example/x.png\" {link}"),
    );
    check(
        "![b](//a.example/x.png)",
        &format!("<p><a href=\"https://a.example/x.png\" {link}"),
    );
    check("![b](../../x.png)", "<p>b</p>");
    check("![b](x.exe)", "<p>b</p>");
    assert!(
        told("a\n\n![b](https://a.example/x.png)")
            .contains(":3: the image \"https://a.example/x.png\" is on the web")
    );
    assert!(told("![b](../../x.png)").contains("must be a file inside the course"));
    assert!(told("![](images/a.png)").contains("no text for those who cannot see it"));
}

#[test]
fn links_lead_to_lessons_headings_and_the_web_only() {
    let lesson = "<a href=\"#lesson/first\" data-lesson=\"first\">x</a>";
    for address in [
        "../01-first/lesson.zh.md",
        "../01-first/",
        "../01-first",
        "lesson.en.md",
        ".",
    ] {
        check(&format!("[x]({address})"), &format!("<p>{lesson}</p>"));
    }
    check_holds(
        "[x](lesson.zh.md#%E4%B8%AD)",
        "data-lesson=\"first\" data-anchor=\"h-中\"",
    );
    check_holds("[x](#a-b)", "<a href=\"#h-a-b\">x</a>");
    check(
        "[x](https://a.example/?b=1&c \"t\")",
        "<p><a href=\"https://a.example/?b=1&amp;c\" data-external=\"\" rel=\"noopener noreferrer\" title=\"t\">x</a></p>",
    );
    check(
        "<a href='https://a.example'>x</a>",
        "<p><a href=\"https://a.example\" data-external=\"\" rel=\"noopener noreferrer\">x</a></p>",
    );
    for address in [
        "mailto:a@b.example",
        "starter/main.py",
        "../01-firstly/",
        "/elsewhere",
    ] {
        check(&format!("[x]({address})"), "<p>x</p>");
        assert!(
            told(&format!("[x]({address})")).contains("is shown as text"),
            "{address}"
        );
    }
}

#[test]
fn links_are_not_nested() {
    check_holds(
        "[<a href=https://b.example>x</a>](https://a.example)",
        ">x</a></p>",
    );
    check_holds(
        "[![b](https://b.example/x.png)](https://a.example)",
        "<a href=\"https://a.example\"",
    );
    check_holds(
        "<a href=https://a.example>a[^1]</a>\n\n[^1]: x",
        ">a<sup>1</sup></a>",
    );
}

#[test]
fn details_may_hold_markdown_and_end_with_what_is_around_them() {
    check(
        "<details open>\n<summary>a <code>b</code></summary>\n\n*c*\n\n</details>",
        "<details open=\"\">\n<summary>a <code>b</code></summary>\n<p><em>c</em></p>\n</details>",
    );
    let quoted = "> <details>\n> <summary>a</summary>\n\nb";
    check_holds(quoted, "</details></blockquote>\n<p>b</p>");
    assert!(told(quoted).contains(":1: <details> is not closed where it should be"));
    check("a <b>b *c</b> d*", "<p>a <b>b <em>c d</em></b></p>");
    check("<!-- for authors -->\n\na", "<p>a</p>");
    check(
        "<kbd>Ctrl</kbd> &amp; &nbsp;<br> 1 < 2",
        "<p><kbd>Ctrl</kbd> &amp; &nbsp;<br> 1 &lt; 2</p>",
    );
    assert!(told("<font>a</font>").contains("<font> is not shown in lessons; what is in it is"));
    assert!(told("<iframe></iframe>").contains("<iframe> is not shown in lessons"));
}

#[test]
fn chinese_lines_join_without_a_gap() {
    check("你好\n世界", "<p>你好世界</p>");
    check(
        "> 你好，\n> 世界",
        "<blockquote>\n<p>你好，世界</p>\n</blockquote>",
    );
    check("用 Python\n写", "<p>用 Python\n写</p>");
    check("a\nb", "<p>a\nb</p>");
}

#[test]
fn anchors_that_do_not_exist_are_told() {
    assert!(told("## a\n\n[x](#a) [y](#b)").contains(":3: no heading there has the anchor #b"));
    assert!(!told("## a\n\n[x](#a)").contains("anchor"));
    assert!(told("## a\n\n[x](lesson.zh.md#c)").contains("no heading there has the anchor #c"));
}

#[test]
fn a_windows_file_reads_like_any_other() {
    let html = html("\u{feff}# A\r\n\r\n```python\r\nx = 1\r\n```\r\n");
    assert!(
        html.contains("<h1 id=\"h-a\">A</h1>") && html.contains("data-language=\"python\""),
        "{html}"
    );
}

#[test]
fn hints_are_pages_of_their_own() {
    let small = Small::new();
    small.write(
        "01-first/hints.en.md",
        "## A\n\nx[^1]\n\n```\n## no\n```\n\n[^1]: y\n\n## A\n\n$z$ [b](#a)\n",
    );
    let text = small.open(Language::En);
    let [first, second] = &text.hints[..] else {
        panic!("{:?}", text.hints);
    };
    assert!(
        first.contains("<h2 id=\"h-hint1-a\">A</h2>") && first.contains("id=\"h-hint1-note.1\""),
        "{first}"
    );
    assert!(
        second.contains("<h2 id=\"h-hint2-a\">A</h2>") && second.contains("href=\"#h-hint2-a\""),
        "{second}"
    );
    assert!(text.has_math, "maths in a hint needs the renderer too");
}

/// What a window shows of a reply that comes letter by letter: blocks that are final, then the rest.
fn drawn_while_it_grows(text: &str, page: &ReplyPage<'_>) -> String {
    let mut html = String::new();
    let mut sealed = 0;
    for (at, letter) in text.char_indices() {
        let so_far = &text[sealed..at + letter.len_utf8()];
        let grows_from = RenderedReply::growing_from(so_far);
        html += &render_reply(&so_far[..grows_from], page).html;
        sealed += grows_from;
    }
    html + &render_reply(&text[sealed..], page).html
}

#[test]
fn a_reply_reads_the_same_while_it_grows() {
    let small = Small::new();
    let (course, _) = small.load();
    let page = ReplyPage {
        course: &course,
        lesson: "first",
        language: Language::En,
        id: "m1",
    };
    for text in [
        "Your loop **looks** first; 循环先观察。\n\n1. Print `it`.\n2. Compare.\n\n```python\nx = 1\n\ny = 2\n```\n\n| a | b |\n|---|---|\n| c | d |\n\nAnd on.\n\n---\n\n> Said.\n\n## Next\n\n$$\nx^2\n$$\n\nEnd.",
        "> [!TIP]\n> Look.\n\n- a\n\n  b\n- c\n\n1. one\n\n2. two\n\nSetext\n======\n\nEnd",
    ] {
        let whole = render_reply(text, &page).html;
        assert_eq!(drawn_while_it_grows(text, &page), whole, "{text}");
    }
}

#[test]
fn a_reply_shows_no_picture_but_its_words() {
    let small = Small::new();
    small.write("01-first/images/a.png", "x");
    let (course, _) = small.load();
    let page = ReplyPage {
        course: &course,
        lesson: "first",
        language: Language::En,
        id: "m1",
    };
    for text in [
        "See ![the loop](images/a.png \"A\").",
        "See <img src=\"images/a.png\" alt=\"the loop\">.",
    ] {
        let html = render_reply(text, &page).html;
        assert_eq!(html, "<p>See the loop.</p>\n", "{text}");
    }
}
