//! A course written by an attacker: the window shows it and executes nothing of it.

use super::root;
use anyhow::Result;
use helloagents_e2e::{App, Place};
use serde_json::{Value, json};

#[tokio::test]
async fn a_hostile_lesson_executes_nothing() -> Result<()> {
    let place = Place::new()?.with_courses(root().join("tests/fixtures/hostile"));
    let app = App::start(&place).await?;
    unharmed(&app, "on the shelf").await?;
    app.click("button", "Start").await?;
    app.lesson_is_open().await?;
    app.text("The end of the attacks.").await?;
    unharmed(&app, "in the lesson").await?;

    // Whatever can be clicked in the text is clicked.
    let click = "for (const e of within(article)) if (e.matches('a, svg *, summary')) e.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, composed: true }))";
    in_article(&app, click).await?;
    app.find("dialog", "Open in the browser?").await?;
    app.text("https://example.invalid/out").await?;
    app.click("button", "Cancel").await?;
    unharmed(&app, "after clicking its links").await?;

    app.tab("Hints").await?;
    app.click("button", "Show hint 1").await?;
    app.text("A hint.").await?;
    app.focus_editor().await?;
    app.run().await?;
    app.output_has("red <img src=x").await?;
    app.check().await?;
    app.text("0 of 1 checks pass.").await?;
    unharmed(&app, "after its program and its check").await?;

    let address = app.client.current_url().await?;
    assert_eq!(address.scheme(), "tauri", "the window never left its page");
    assert!(!app.client.title().await?.contains("pwned"));
    Ok(())
}

/// Nothing of the attacker ran, nothing covers the window, nothing but the lesson's own was fetched.
async fn unharmed(app: &App<'_>, place: &str) -> Result<()> {
    let pwned = app.ask("window.pwned ?? null", &[]).await?;
    assert_eq!(pwned, json!(null), "{place}");
    let visible = app
        .ask("getComputedStyle(document.body).display !== 'none'", &[])
        .await?;
    assert_eq!(visible, json!(true), "{place}");
    let remote = "performance.getEntriesByType('resource').map(({ name }) => name).filter((name) => !/^(tauri|ipc|course|blob|data):|^http:\\/\\/ipc\\.localhost/.test(name))";
    assert_eq!(app.ask(remote, &[]).await?, json!([]), "{place}");
    // A drawn diagram has a style sheet of its own, made by us, behind a root of its own.
    let alien = "return within(article).filter((e) => e.matches('script, iframe, object, embed, form, style, link, meta, base, [onerror], [onload], [onclick], [ontoggle], [onfocus]') && !(e.localName === 'style' && e.getRootNode() !== document)).map((e) => e.outerHTML.slice(0, 200))";
    assert_eq!(in_article(app, alien).await?, json!([]), "{place}");
    Ok(())
}

/// Runs statements that see `article` and `within`, which answers all elements below another one,
/// those of drawings too. Where no lesson is open they see an empty one.
async fn in_article(app: &App<'_>, statements: &str) -> Result<Value> {
    let frame = format!(
        "(() => {{ const within = (root) => [...root.querySelectorAll('*')].flatMap((e) => [e, ...(e.shadowRoot ? within(e.shadowRoot) : [])]); const article = document.querySelector('article') ?? new DocumentFragment(); {statements} }})() ?? null"
    );
    app.ask(&frame, &[]).await
}

/// The corpus of the renderer's own tests: payloads by technique, one a line.
const CORPUS: &str = "src-tauri/crates/ha-course/tests/xss";

#[tokio::test]
async fn no_payload_of_the_corpus_executes() -> Result<()> {
    let payloads = corpus()?;
    assert!(payloads.len() >= 250, "{} payloads", payloads.len());
    let folder = tempfile::tempdir()?;
    write_course(&folder.path().join("corpus"), &payloads)?;
    let place = Place::new()?.with_courses(folder.path());
    let app = App::start(&place).await?;
    let trap = "['alert', 'confirm', 'prompt'].forEach((name) => { window[name] = () => { window.pwned = name; }; })";
    app.ask(trap, &[]).await?;
    app.click("button", "Start").await?;
    for (number, payload) in payloads.iter().enumerate() {
        let title = format!("Payload {number}.");
        let shown = "document.querySelector('#lesson-title')?.innerText.includes(a[0]) === true && document.querySelector('article')?.innerText.includes('Before it.') === true";
        app.until(&title, shown, &[json!(title)]).await?;
        unharmed(&app, payload).await?;
        if number + 1 < payloads.len() {
            // From the text: the keys of a lesson are quiet in the editor.
            app.ask("document.querySelector('article').focus()", &[])
                .await?;
            app.press("n").await?;
        }
    }
    assert_eq!(
        app.errors().await?,
        [] as [String; 0],
        "nothing was refused, because nothing was asked for"
    );
    Ok(())
}

/// Every payload, addresses as links and images.
fn corpus() -> Result<Vec<String>> {
    let mut payloads = Vec::new();
    let mut files: Vec<_> = std::fs::read_dir(root().join(CORPUS))?
        .collect::<Result<Vec<_>, _>>()?
        .into_iter()
        .map(|entry| entry.path())
        .collect();
    files.sort();
    for file in files {
        let is_addresses = file.file_stem().is_some_and(|name| name == "addresses");
        let text = std::fs::read_to_string(&file)?;
        for line in text.lines().filter(|line| !line.starts_with("// ")) {
            let payload = unescaped(line);
            payloads.push(match is_addresses {
                true => {
                    format!("[x](<{payload}>) <a href=\"{payload}\">y</a> <img src=\"{payload}\">")
                }
                false => payload,
            });
        }
    }
    Ok(payloads)
}

/// `\n`, `\t`, `\\` and `\u{…}` as what they stand for.
fn unescaped(line: &str) -> String {
    let mut text = String::new();
    let mut rest = line.chars();
    while let Some(c) = rest.next() {
        match (c, if c == '\\' { rest.next() } else { None }) {
            ('\\', Some('n')) => text.push('\n'),
            ('\\', Some('t')) => text.push('\t'),
            ('\\', Some('u')) => {
                let code: String = rest.by_ref().skip(1).take_while(|c| *c != '}').collect();
                let code = u32::from_str_radix(&code, 16).ok().and_then(char::from_u32);
                text.extend(code);
            }
            (_, Some(sign)) => text.push(sign),
            (c, None) => text.push(c),
        }
    }
    text
}

/// A course with a lesson for each payload, so that none hides what comes after it.
fn write_course(dir: &std::path::Path, payloads: &[String]) -> Result<()> {
    let mut manifest = String::from(
        "format_version = 1\nid = \"corpus\"\nversion = \"1.0.0\"\ntitle = \"Corpus\"\nsummary = \"x\"\n\
         [[chapter]]\nid = \"all\"\ntitle = \"All\"\n",
    );
    for (number, payload) in payloads.iter().enumerate() {
        manifest += &format!(
            "[[chapter.lesson]]\nid = \"p{number}\"\npath = \"{number}\"\ntitle = \"Payload {number}.\"\nminutes = 1\n"
        );
        let lesson = dir.join(number.to_string());
        std::fs::create_dir_all(&lesson)?;
        std::fs::write(
            lesson.join("lesson.en.md"),
            format!("# Payload\n\nBefore it.\n\n{payload}\n"),
        )?;
    }
    std::fs::write(dir.join("course.toml"), manifest)?;
    Ok(())
}
