//! Texts made to be slow, huge or deep: every one is shown, in bounded time, size and depth.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod fixture;

use fixture::judges::assert_bounded;
use fixture::{Small, html};
use ha_course::{CourseError, Language, MAX_FILE_BYTES};
use std::time::{Duration, Instant};

/// Several times what the slowest of these takes unoptimised on a busy machine, and far below
/// what a text takes whose cost grows with its square.
const PATIENCE: Duration = Duration::from_secs(20);

/// A text of `bytes` made of `unit`.
fn filled(unit: &str, bytes: usize) -> String {
    unit.repeat(bytes / unit.len())
}

fn check(name: &str, markdown: &str) {
    let started = Instant::now();
    let html = html(markdown);
    let taken = started.elapsed();
    assert!(taken < PATIENCE, "{name:?} took {taken:?}");
    assert_bounded(&html, markdown);
}

#[test]
fn markdown_at_the_limit_is_shown_in_bounded_time() {
    let blocks = [
        "> ",
        "- ",
        "1. ",
        "> - ",
        "> > [!NOTE]\n",
        "> 1. a\n",
        " - a\n",
        "# a\n",
        "a\n\n",
        "```\n",
        "````python x\n",
        "|",
        "|a",
        "|a|b\n|-|-|\n|c|d|\n\n",
        "[^a]: ",
        "[^1]: x\n\n",
        "[a]: b\n",
        "\t",
        "\0",
        ":::tip\n",
        ":::tip\n:::\n",
        ":::\n",
        "?> a\n\n",
        "<!-- tabs:start -->\n",
        "<!-- tabs:start -->\n# **a**\n",
    ];
    let inlines = [
        "*a ",
        "**a ",
        "_a ",
        "*_",
        "~~a ",
        "*",
        "_",
        "~",
        "[",
        "![",
        "](",
        "[a](https://b.c ",
        "[^a",
        "[^1]",
        "((((",
        "`a``b```",
        "$x$ ",
        "a:b@c.d <e:f> ",
        "\\[\\]",
        "&",
        "&#x41;&amp;&nbsp;",
    ];
    for unit in blocks.into_iter().chain(inlines) {
        check(unit, &filled(unit, MAX_FILE_BYTES as usize));
    }
}

#[test]
fn html_at_the_limit_is_shown_in_bounded_time() {
    for unit in [
        "<a ",
        "<div>",
        "<b>x",
        "<b>\n\nx\n\n",
        "<details>\n\n",
        "<table><tr><td>",
        "<table><td>",
        "*<b>*",
        "<a href=\"https://e.f\">x\n\n",
        "<p><a href=\"https://a.b\">",
        "<p a=b a=b a=b>",
        "<!--",
        "<script>",
        "<![CDATA[",
        "<?",
        "</b>",
        "<b></i>",
        "<img src=a.png>",
        "<p>&",
    ] {
        check(unit, &filled(unit, MAX_FILE_BYTES as usize));
    }
}

#[test]
fn hostile_code_is_shown_in_bounded_time() {
    for (language, unit) in [
        ("python", "((((\n"),
        ("python", "def f(a, b=[1, 2]):\n    return \"x\" + f'{a}'\n"),
        ("python", "(x, 'y', "),
        ("python", "f'{f\"{\n"),
        ("bash", "$(\"$(`\n"),
        ("js", "`${`a/b/c\n"),
        ("json", "[{\"a\":"),
        ("json", "[{\"a\":\n"),
        ("yaml", "- a: [b, {c: *d\n"),
        ("md", "> *a [b](c\n"),
        ("md", "- > 1. "),
        ("rust", "fn f<'a, T: A<B<C>>>(x: &'a [[[\n"),
        ("c", "#if (\n"),
        ("cpp", "template<typename T> R\"(\n"),
        ("css", "a{b:c(d(\n"),
        ("diff", "@@ -1 +1 @@\n-a\n+b\n"),
        ("go", "func(a struct{\n"),
        ("html", "<a b=c><!--\n"),
        ("html", "<script>`${<style>\n"),
        ("java", "class A<B<C<D<E<F> x( @\n"),
        ("sql", "select ' -- /*\n"),
        ("xml", "<a><b c='\n"),
    ] {
        let code = filled(unit, 64 * 1024);
        check(unit, &format!("```{language}\n{code}\n```\n"));
    }
}

#[test]
fn ten_thousand_levels_keep_their_text() {
    for unit in ["> ", "- ", "<div>", "**a ", "<b>"] {
        let html = html(&format!("{}still here", unit.repeat(10_000)));
        assert!(html.contains("still here"), "{unit:?}");
    }
}

#[test]
fn a_lesson_above_the_limit_is_refused_and_says_so() {
    let small = Small::new();
    small.write("01-first/lesson.en.md", "a\n".repeat(1_000_000));
    let (course, _) = small.load();
    let refused = course.open("first", Language::En, fixture::BASE);
    let Err(CourseError::Broken { file, reason, .. }) = refused else {
        panic!("opened");
    };
    assert_eq!(file, "01-first/lesson.en.md");
    assert!(reason.en.contains("1 MiB"), "{reason:?}");
    assert!(
        small
            .lint()
            .contains("01-first/lesson.en.md: larger than 1 MiB")
    );
}

#[test]
fn a_manifest_of_junk_is_read_in_bounded_time() {
    for unit in [
        "[[chapter]]\n",
        "a = [\n",
        "[a.b]\n",
        "x = {",
        "[[chapter.lesson]]\nid = 1\n",
        "\"\n",
    ] {
        let small = Small::new();
        small.write("course.toml", filled(unit, MAX_FILE_BYTES as usize - 64));
        let started = Instant::now();
        let (_, problems) = small.load();
        assert!(
            started.elapsed() < PATIENCE,
            "{unit:?} took {:?}",
            started.elapsed()
        );
        assert!(
            !problems.is_empty() && problems.len() < 1000,
            "{unit:?}: {}",
            problems.len()
        );
    }
}
