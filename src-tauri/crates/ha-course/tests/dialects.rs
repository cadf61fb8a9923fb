//! Markdown as authors of docsify, mdBook, VuePress and note takers write it.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod fixture;

use fixture::{BASE, Small, html};
use ha_course::Language;

fn check(markdown: &str, expected: &str) {
    assert_eq!(html(markdown).trim(), expected, "{markdown}");
}

/// A callout around some HTML, in English.
fn callout(class: &str, title: &str, inner: &str) -> String {
    format!(
        "<aside class=\"callout callout-{class}\" role=\"note\" aria-label=\"{title}\">\
         <p class=\"callout-title\">{title}</p>\n{inner}\n</aside>"
    )
}

/// The problems that lint has with a text in both languages.
fn told(markdown: &str) -> String {
    let small = Small::new();
    small
        .write("01-first/lesson.en.md", markdown)
        .write("01-first/lesson.zh.md", markdown);
    small.lint()
}

#[test]
fn docsify_paragraphs_are_callouts() {
    check("?> *a*\nb", &callout("tip", "Tip", "<p> <em>a</em>\nb</p>"));
    check("!> a", &callout("important", "Important", "<p> a</p>"));
    check("a\n?> b", "<p>a\n?&gt; b</p>");
    check("\\?> b", "<p>?&gt; b</p>");
    let image = html("?> ![b](images/a.png \"c\")\n\nafter");
    assert!(image.contains("</aside>\n<p>after</p>"), "{image}");
}

#[test]
fn containers_are_callouts_whatever_stands_in_them() {
    for (name, class, title) in [
        ("tip", "tip", "Tip"),
        (" note", "note", "Note"),
        ("info", "note", "Note"),
        ("WARNING", "warning", "Warning"),
        ("danger", "caution", "Caution"),
        ("important", "important", "Important"),
    ] {
        check(
            &format!(":::{name}\na\n:::"),
            &callout(class, title, "<p>a</p>"),
        );
    }
    check(
        ":::tip 别忘了 <b>\na\n:::",
        &callout("tip", "别忘了 &lt;b&gt;", "<p>a</p>"),
    );
    check(
        "a\n:::tip[T]{#x}\n\n- b\n\n:::\nc",
        &format!(
            "<p>a</p>\n{}\n<p>c</p>",
            callout("tip", "T", "<ul>\n<li>b</li>\n</ul>"),
        ),
    );
    check(
        "::::note\n:::tip\na\n:::\nb\n::::",
        &callout(
            "note",
            "Note",
            &format!("{}\n<p>b</p>", callout("tip", "Tip", "<p>a</p>")),
        ),
    );
    check(
        ":::details 展开\na\n:::",
        "<details><summary>展开</summary>\n<p>a</p>\n</details>",
    );
    check(
        "- a\n  :::tip\n  b\n  :::\n- c",
        &format!(
            "<ul>\n<li>a{}\n</li>\n<li>c</li>\n</ul>",
            callout("tip", "Tip", "b").replace("b\n", "b"),
        ),
    );
}

#[test]
fn containers_keep_lines_and_end_somewhere() {
    let open = ":::tip\na\n\n![](images/a.png)";
    assert!(
        told(open).contains(":1: ::: is not closed where it should be"),
        "{}",
        told(open)
    );
    assert!(
        told(open).contains(":4: the image has no text"),
        "{}",
        told(open)
    );
    check(
        ":::tip\na\n:::\n:::\nb",
        &format!("{}\n<p>:::\nb</p>", callout("tip", "Tip", "<p>a</p>"),),
    );
    let code = html("```\n:::tip\n:::\n```");
    assert!(code.contains(":::tip\n:::"), "{code}");
    let tags = html(":::tip\n<p>a</p>\n:::\n\nb");
    assert!(tags.contains("<p>a</p>\n</aside>\n<p>b</p>"), "{tags}");
    // A comment of the author's own is no container.
    check("<!---->\n\na", "<p>a</p>");
}

#[test]
fn quotes_with_other_signs_are_callouts_too() {
    check(
        "> [!WARNING|style:flat|label:小心]\n> **a**\n>\n> b",
        &callout("warning", "小心", "<p><strong>a</strong></p>\n<p>b</p>"),
    );
    check(
        "> [!tip] Why *this* way\n> a",
        &callout("tip", "Why *this* way", "<p>a</p>"),
    );
    check(
        "> [!danger]\n>\n> a",
        &callout("caution", "Caution", "<p>a</p>"),
    );
    check(
        "> [!note]- <i>Answer</i>\n> a",
        "<details><summary>&lt;i&gt;Answer&lt;/i&gt;</summary>\n<p>a</p>\n</details>",
    );
    check(
        "> [!tip] only\n\na",
        &callout("tip", "only", "<p>a</p>").replace("\n<p>a</p>\n</aside>", "\n</aside>\n<p>a</p>"),
    );
    check(
        "> [!nonsense] a\n> b",
        "<blockquote>\n<p>[!nonsense] a\nb</p>\n</blockquote>",
    );
}

#[test]
fn tabs_are_sections_with_titles() {
    check(
        "<!-- tabs:start -->\n\n#### **Windows**\n\na\n\n### **macOS `x`**\n\n## b\n\n<!--tabs:end-->\n\nc",
        "<div class=\"tabs\">\n\
         <section class=\"tab\"><p class=\"tab-title\">Windows</p>\n<p>a</p>\n</section>\n\
         <section class=\"tab\"><p class=\"tab-title\">macOS x</p>\n<h2 id=\"h-b\">b</h2>\n</section>\n\
         </div>\n<p>c</p>",
    );
    let small = Small::new();
    let tabs = "<!-- tabs:start -->\n\n#### **One**\n\na\n";
    small.write(
        "01-first/lesson.en.md",
        format!("## A\n\n{tabs}\n<!-- tabs:end -->\n"),
    );
    assert_eq!(
        small.open(Language::En).outline.len(),
        1,
        "titles of tabs are no headings"
    );
    assert!(
        told(tabs).contains("<!-- tabs:start --> is not closed"),
        "{}",
        told(tabs)
    );
    check(
        "<!-- tabs:start -->\n<!-- tab:macOS -->\na\n\n<!-- tab: <b> -->\n\nb\n\n<!-- tabs:end -->\n<!-- tab:x -->",
        "<div class=\"tabs\">\n\
         <section class=\"tab\"><p class=\"tab-title\">macOS</p>\n<p>a</p>\n</section>\n\
         <section class=\"tab\"><p class=\"tab-title\">&lt;b&gt;</p>\n<p>b</p>\n</section>\n\
         </div>",
    );
    check("#### **a**", "<h4 id=\"h-a\"><strong>a</strong></h4>");
}

#[test]
fn images_have_the_size_their_author_gave() {
    let image = |size: &str| {
        format!("<p><img src=\"{BASE}01-first/images/a.png\" alt=\"b\" loading=\"lazy\"{size}></p>")
    };
    check("![b](images/a.png \":size=50%\")", &image(" width=\"50%\""));
    check(
        "![b](images/a.png \":size=300x20 :no-zoom\")",
        &image(" width=\"300\" height=\"20\""),
    );
    check("![b|300](images/a.png)", &image(" width=\"300\""));
    check(
        "![b|300x20](images/a.png)",
        &image(" width=\"300\" height=\"20\""),
    );
    check("![b](images/a.png \":size=huge\")", &image(""));
    let captioned = html("![b](images/a.png \"c :size=40%\")");
    assert!(
        captioned.contains("width=\"40%\"><figcaption>c</figcaption>"),
        "{captioned}"
    );
    for (style, size) in [
        ("zoom:50%;", " width=\"50%\""),
        ("zoom: 0.5", ""),
        ("width: 300px; height:20px", " width=\"300\" height=\"20\""),
        ("position:fixed;width:9999999px", ""),
    ] {
        let tag = format!("a <img src=\"images/a.png\" alt=\"b\" style=\"{style}\" />");
        check(&tag, &image(size).replace("<p>", "<p>a "));
    }
    let piped = html("![a | b](images/a.png)");
    assert!(piped.contains("alt=\"a | b\""), "{piped}");
}

#[test]
fn figures_in_html_are_centred_and_sized() {
    check(
        "<div align=\"center\">\n  <img src=\"images/图 1.png\" alt=\"环\" width=\"85%\"/>\n  <p>图 1.1 智能体的循环</p>\n</div>",
        &format!(
            "<div class=\"align-center\">\n  <img src=\"{BASE}01-first/images/%E5%9B%BE%201.png\" alt=\"环\" loading=\"lazy\" width=\"85%\">\n  \
             <p>图 1.1 智能体的循环</p>\n</div>"
        ),
    );
    check("<p align=center>a</p>", "<p class=\"align-center\">a</p>");
    check("<center>a</center>", "<div class=\"align-center\">a</div>");
    check("<p align=\"evil\">a</p>", "<p>a</p>");
}

#[test]
fn addresses_from_the_root_and_docsifys_fragments_lead_to_lessons() {
    for address in [
        "/01-first/lesson.zh.md",
        "/01-first",
        "#/01-first/lesson.en.md",
        "../01-first/lesson.en.md ':ignore'",
    ] {
        check(
            &format!("[x]({address})"),
            "<p><a href=\"#lesson/first\" data-lesson=\"first\">x</a></p>",
        );
    }
    check(
        "[x](#/01-first/lesson.zh.md?id=%e4%b8%ad)",
        "<p><a href=\"#lesson/first\" data-lesson=\"first\" data-anchor=\"h-中\">x</a></p>",
    );
}

#[test]
fn a_heading_may_name_its_own_anchor() {
    check("## 循环 {#the-loop}", "<h2 id=\"h-the-loop\">循环</h2>");
    check("## f {x}", "<h2 id=\"h-f-x\">f {x}</h2>");
    assert!(!told("## 循环 {#the-loop}\n\n[a](#the-loop)").contains("anchor"));
}

#[test]
fn addresses_in_a_sentence_are_links() {
    for (bare, link) in [
        (
            "See https://e.org/a_b_c?x=1&y=2.",
            "See [https://e.org/a_b_c?x=1&y=2](<https://e.org/a_b_c?x=1&y=2>).",
        ),
        (
            "(http://e.org/x_(y))",
            "([http://e.org/x_(y)](<http://e.org/x_(y)>))",
        ),
        (
            "见 https://e.org/a。然后",
            "见 [https://e.org/a](https://e.org/a)。然后",
        ),
        ("看www.e.org，好", "看[www.e.org](https://www.e.org)，好"),
        (
            "- **https://e.org**",
            "- **[https://e.org](https://e.org)**",
        ),
        (
            "# At https://e.org/",
            "# At [https://e.org/](https://e.org/)",
        ),
    ] {
        assert_eq!(html(bare), html(link), "{bare}");
        assert!(html(bare).contains("<a "), "{bare}");
    }
    for plain in [
        "main.py, e.org and a@e.org",
        "`https://e.org`",
        "    https://e.org",
        "javascript:alert(1) ftp://e.org file:///etc/passwd data:text/html,x",
    ] {
        assert!(!html(plain).contains("<a "), "{}", html(plain));
    }
    let one = html("[at https://e.org now](https://other.org)");
    assert_eq!(one.matches("<a ").count(), 1, "{one}");
}
