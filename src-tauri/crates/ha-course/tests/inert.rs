//! Hostile lessons: whatever an author writes, the page gets nothing that runs, loads or styles.
//!
//! Each payload is put where authors can put text, and what comes out is judged by a list of what
//! may be there, not by looking for what may not.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod fixture;

use fixture::{BASE, Small};
use ha_course::Language;

/// Elements that may be on the page.
const ELEMENTS: &str = "a abbr aside b blockquote br cite code dd del details div dl dt em \
    figcaption figure h1 h2 h3 h4 h5 h6 hr i img input ins kbd li mark ol p pre q rp rt ruby s \
    samp section small span strong sub summary sup table tbody td tfoot th thead tr u ul var wbr";

/// Attributes that may be on the page.
const ATTRIBUTES: &str = "alt aria-label checked class colspan data-anchor data-display \
    data-external data-language data-lesson data-run disabled height href id loading open rel role rowspan \
    src start tabindex title type width";

/// Every technique that is written as markup.
const MARKUP: &[&str] = &[
    "<script>alert(1)</script>",
    "<ScRiPt >alert(1)</sCrIpT\t>",
    "<script src=https://evil.example/x.js></script>",
    "<script/x>alert(1)</script/y>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<<script>alert(1)//<</script>",
    "<script><!--\nalert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img src=x oNeRrOr=alert(1)//",
    "<img/src=x/onerror=alert(1)>",
    "<img src=\"images/a.png\" onload=\"alert(1)\" style=\"position:fixed\">",
    "<img src='x' onerror='alert(1)' x=\"",
    "<img \u{0}src=x onerror\u{0}=alert(1)>",
    "<img src=x:alert(1) onerror=eval(src)>",
    "<img src=`x`onerror=alert(1)>",
    "<img src=javascript:alert(1)>",
    "<img src=\"data:image/svg+xml,<svg onload=alert(1)>\">",
    "<img srcset=\"https://evil.example/a.png 2x\">",
    "<img src=https://evil.example/track.gif>",
    "<img src=//evil.example/track.gif>",
    "<img src=\\\\evil.example\\track.gif>",
    "<img src=\"../../../../etc/passwd.png\">",
    "<img src=\"%2e%2e/%2e%2e/%2e%2e/other.png\">",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href=\"javascript:alert(1)\"><text>x</text></a></svg>",
    "<svg><animate href=#x attributeName=href values=javascript:alert(1) /><a id=x>y</a></svg>",
    "<svg><use href=\"data:image/svg+xml,<svg id='x' onload='alert(1)'/>#x\"></svg>",
    "<svg><foreignObject><iframe src=javascript:alert(1)></iframe></foreignObject></svg>",
    "<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">",
    "<math href=javascript:alert(1)>x</math>",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
    "<math><annotation-xml encoding=\"text/html\"><script>alert(1)</script></annotation-xml></math>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<style>@import 'https://evil.example/x.css'; * { display: none }</style>",
    "<style><img src=\"</style><img src=x onerror=alert(1)>\"></style>",
    "<p style=\"background:url(javascript:alert(1))\">x</p>",
    "<div style=\"position:fixed;inset:0;z-index:9\">x</div>",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "<link rel=prefetch href=https://evil.example>",
    "<base href=https://evil.example/>",
    "<meta http-equiv=refresh content=\"0;url=javascript:alert(1)\">",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc=\"<script>alert(1)</script>\"></iframe>",
    "<object data=javascript:alert(1)></object>",
    "<embed src=javascript:alert(1)>",
    "<applet code=x></applet>",
    "<frameset onload=alert(1)><frame src=javascript:alert(1)></frameset>",
    "<body onload=alert(1)>",
    "<html onmouseover=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)>",
    "<video poster=https://evil.example/x.png></video>",
    "<input autofocus onfocus=alert(1)>",
    "<input type=image src=x onerror=alert(1)>",
    "<input type=text name=password>",
    "<select autofocus onfocus=alert(1)></select>",
    "<textarea autofocus onfocus=alert(1)></textarea><textarea></textarea><img src=x onerror=alert(1)>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<form action=javascript:alert(1)><input type=submit></form>",
    "<isindex action=javascript:alert(1) type=image>",
    "<details open ontoggle=alert(1)><summary onclick=alert(1)>x</summary></details>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<dialog open onclose=alert(1)>x</dialog>",
    "<template><script>alert(1)</script></template>",
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\"></noscript>",
    "<noembed><img title=\"</noembed><img src=x onerror=alert(1)>\"></noembed>",
    "<xmp><img title=\"</xmp><img src=x onerror=alert(1)>\"></xmp>",
    "<title><img title=\"</title><img src=x onerror=alert(1)>\"></title>",
    "<plaintext><script>alert(1)</script>",
    "<custom-element onclick=alert(1)>x</custom-element>",
    "<p id=root class=\"app-toolbar hl-x\">x</p>",
    "<a id=\"h-x\" name=location>x</a>",
    "<p onclick=alert(1) onmouseover=alert(1)>x</p>",
    "<b/onclick=alert(1)>x</b>",
    "<b\u{c}onclick=alert(1)>x</b>",
    "<p title=\"><script>alert(1)</script>\">x</p>",
    "<abbr title='\" onmouseover=alert(1) x=\"'>x</abbr>",
    "<abbr title=\"&quot; onmouseover=alert(1) x=&quot;\">x</abbr>",
    "<td background=javascript:alert(1)>x</td>",
    "<table background=javascript:alert(1)><tr><td>x</table>",
    "<ol start=\"1 onclick=alert(1)\"><li value=1>x</ol>",
    "</p></div></body></html><script>alert(1)</script>",
    "<!--><script>alert(1)</script>-->",
    "<!-- --!><script>alert(1)</script> -->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<!DOCTYPE html [<!ENTITY x \"<script>\">]>&x;",
    "<?xml version=\"1.0\"?><?php echo '<script>' ?>",
    "<a href=\"https://a.example\" target=_top ping=https://evil.example onclick=alert(1)>x</a>",
    "<a href=\"#lesson/x\" data-lesson=\"x\" data-foo=1>x</a>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "\u{ff1c}script\u{ff1e}alert(1)\u{ff1c}/script\u{ff1e}",
    "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    "<img src=x onerror=alert(1)",
    "<a href=\"x",
    "<div <div <img src=x onerror=alert(1)>",
];

/// Every technique that is written as an address.
const ADDRESSES: &[&str] = &[
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "java&#10;script:alert(1)",
    "&#106;avascript:alert(1)",
    "&#x6A;avascript&colon;alert(1)",
    "javascript&#58;alert(1)",
    "\u{1}javascript:alert(1)",
    "&#1;javascript:alert(1)",
    " javascript:alert(1)",
    "%6Aavascript:alert(1)",
    "javascript%3Aalert(1)",
    "javascript://https://a.example/%0Aalert(1)",
    "https:javascript:alert(1)",
    "./javascript:alert(1)",
    "#javascript:alert(1)\" onclick=\"alert(1)",
    "vbscript:msgbox(1)",
    "data:text/html,<script>alert(1)</script>",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "file:///etc/passwd",
    "blob:https://a.example/x",
    "about:blank",
    "tauri://localhost/",
    "ipc://localhost/",
    "course://localhost/other/x.png",
    "mailto:a@b.example",
    "//evil.example/x",
    "\\\\evil.example\\x",
    "/etc/passwd",
    "../../../etc/passwd",
    "..%2f..%2f..%2fetc%2fpasswd",
    "02-other/../../x.png",
    "https://",
    "https:///evil",
    "feed:javascript:alert(1)",
    "view-source:javascript:alert(1)",
    "jar:https://a.example!/x",
];

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

/// Fails when the page holds anything that is not on the lists.
fn assert_inert(html: &str, from: &str) {
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let tag = &rest[start + 1..];
        let end = end_of_tag(tag);
        judge_tag(&tag[..end], from, html);
        rest = &tag[end + 1..];
    }
}

/// The serialiser quotes every value with `"`, so a `>` outside of quotes ends the tag.
fn end_of_tag(tag: &str) -> usize {
    let mut quoted = false;
    let end = tag.char_indices().find(|(_, c)| {
        quoted ^= *c == '"';
        *c == '>' && !quoted
    });
    end.expect("every tag ends").0
}

fn judge_tag(tag: &str, from: &str, html: &str) {
    let (name, mut rest) = tag.split_once(' ').unwrap_or((tag, ""));
    let name = name.trim_start_matches('/');
    let is_known = ELEMENTS.split_whitespace().any(|known| known == name);
    assert!(is_known, "<{name}> from {from:?}:\n{html}");
    while !rest.is_empty() {
        let (attribute, after) = rest.split_once("=\"").unwrap();
        let (value, after) = after.split_once('"').unwrap();
        rest = after.trim_start();
        let is_known = ATTRIBUTES
            .split_whitespace()
            .any(|known| known == attribute);
        assert!(is_known, "{attribute}={value:?} from {from:?}:\n{html}");
        let is_harmless = match attribute {
            "href" => ["https://", "http://", "#h-", "#lesson/"]
                .iter()
                .any(|start| {
                    value
                        .get(..start.len())
                        .is_some_and(|begin| begin.eq_ignore_ascii_case(start))
                }),
            "src" => value.starts_with(BASE) && !value.contains(".."),
            "id" => value.starts_with("h-"),
            "type" => value == "checkbox",
            "class" => value.split(' ').all(is_our_class),
            _ => true,
        };
        assert!(is_harmless, "{attribute}={value:?} from {from:?}:\n{html}");
    }
}

fn is_our_class(class: &str) -> bool {
    let ours = "align-center align-left align-right callout callout-note callout-title code \
        footnote footnote-back footnotes math mermaid table-scroll";
    class.starts_with("hl-") || ours.split_whitespace().any(|our| our == class)
}

fn assert_all_inert(payloads: &[&str], places: &[&str]) {
    let small = Small::new();
    small.write("01-first/images/a.png", "x");
    for payload in payloads {
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
    assert_all_inert(MARKUP, PLACES);
}

#[test]
fn no_address_gets_through_anywhere() {
    assert_all_inert(ADDRESSES, ADDRESS_PLACES);
    assert_all_inert(ADDRESSES, PLACES);
}

#[test]
fn a_payload_cut_in_two_stays_inert() {
    assert_all_inert(
        &[
            "<img src=x\n\nonerror=alert(1)>",
            "<scr\n\nipt>alert(1)</script>",
            "<a href=\"\n\njavascript:alert(1)\">x</a>",
            "<b>\n\n</i><script>\n\nalert(1)\n\n</script>",
            "`<img src=x`onerror=alert(1)>`",
            "*<img src=x* onerror=alert(1)>",
            "[<img src=x](onerror=alert(1))>",
            "$<img src=x$onerror=alert(1)>",
            "| <img src=x | onerror=alert(1)> |\n|-|-|",
        ],
        &["@", "> @", "- @"],
    );
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
