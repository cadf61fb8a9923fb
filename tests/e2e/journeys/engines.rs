//! The engines as Settings show them, and everything that only Docker runs: whole programs, a terminal,
//! another language than Python.
//!
//! What is in `docker` needs an engine of the tests' own, which `cargo xtask test` starts, and fails without.

use anyhow::{Context, Result, ensure};
use helloagents_e2e::{App, Place};
use serde_json::json;

/// Whether a program runs on a whole Linux: the built-in engine has no processes.
const WHERE: &str = "import os\nprint('processes:', hasattr(os, 'fork'))\n";

async fn open_settings(app: &App<'_>) -> Result<()> {
    app.press("Control+,").await?;
    app.find("dialog", "Settings").await?;
    app.click("tab", "Engine").await
}

async fn close_settings(app: &App<'_>) -> Result<()> {
    app.press("Escape").await?;
    app.gone("dialog", "Settings").await
}

/// Chooses what runs programs.
async fn choose(app: &App<'_>, engine: &str) -> Result<()> {
    let field = app.find("combobox", "What runs programs").await?;
    field.select_by_value(engine).await?;
    let is_chosen = "journey.find('combobox', 'What runs programs')?.value === a[0]";
    app.until("the choice", is_chosen, &[json!(engine)]).await?;
    Ok(())
}

/// Opens the last tab of the results, by keys: in a small window it is half out of sight.
async fn open_terminal(app: &App<'_>) -> Result<()> {
    app.tab("Output").await?;
    app.press("End").await?;
    let is_open = "journey.find('tab', 'Terminal')?.ariaSelected === 'true'";
    app.until("the tab of the terminal", is_open, &[]).await?;
    Ok(())
}

/// Runs the program in the editor; the top bar names the engine that answered.
async fn answers(app: &App<'_>, engine: &str, output: &str) -> Result<()> {
    app.run().await?;
    app.output_has(output).await?;
    app.run_has_ended().await?;
    app.text(&format!("{engine} · ")).await
}

#[tokio::test]
async fn without_docker_settings_say_so_and_what_to_do_and_programs_run() -> Result<()> {
    let place = Place::new()?.with_variable("DOCKER_HOST", "unix:///nowhere/docker.sock");
    let app = App::start(&place).await?;
    open_settings(&app).await?;
    app.text("Docker has not been needed yet").await?;
    choose(&app, "docker").await?;
    app.text("Docker cannot be used now").await?;
    app.text("Start Docker, or install it").await?;
    app.text("/nowhere/docker.sock").await?;
    app.find("button", "Start the Docker engine").await?;
    choose(&app, "wasm").await?;
    app.gone("button", "Start the Docker engine").await?;
    choose(&app, "docker").await?;
    close_settings(&app).await?;

    app.open_first_lesson().await?;
    app.replace_code(WHERE).await?;
    answers(&app, "WASM", "processes: False").await?;
    open_terminal(&app).await?;
    app.text("Docker cannot be used now").await?;
    app.close().await
}

mod docker {
    use super::*;
    use std::process::Command;

    /// The engine of the tests, as docker writes it.
    fn host() -> Result<String> {
        std::env::var("HELLOAGENTS_TEST_DOCKER_HOST").context("run `cargo xtask test`")
    }

    fn place() -> Result<Place> {
        let image = std::env::var("HELLOAGENTS_TEST_IMAGE").context("run `cargo xtask test`")?;
        let place = Place::new()?.with_variable("DOCKER_HOST", &host()?);
        Ok(place.with_variable("HELLOAGENTS_IMAGE", &image))
    }

    /// Chooses Docker in Settings and waits until it is ready.
    async fn with_docker(app: &App<'_>) -> Result<()> {
        open_settings(app).await?;
        choose(app, "docker").await?;
        app.text("Docker is ready").await?;
        close_settings(app).await
    }

    /// Containers of the apps of this place on the engine of the tests, whatever they do.
    fn containers(place: &Place) -> Result<String> {
        let own = std::fs::read_to_string(place.cache().join("containers/place"))?;
        let own = format!("label=helloagents.place={own}");
        let mut docker = Command::new("docker");
        docker.args(["--host", &host()?, "ps", "-aq", "--filter", &own]);
        let listed = docker.output()?;
        ensure!(listed.status.success(), "docker lists its containers");
        Ok(String::from_utf8(listed.stdout)?)
    }

    /// What the app had is gone a second after it, at the latest.
    async fn nothing_is_left(place: &Place) -> Result<()> {
        let start = std::time::Instant::now();
        loop {
            let left = containers(place)?;
            if left.is_empty() {
                return Ok(());
            }
            ensure!(start.elapsed().as_secs() < 10, "left: {left}");
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    }

    #[tokio::test]
    async fn the_setting_is_obeyed_and_the_top_bar_says_who_answered() -> Result<()> {
        let place = place()?;
        let app = App::start(&place).await?;
        app.open_first_lesson().await?;
        app.replace_code(WHERE).await?;
        answers(&app, "WASM", "processes: False").await?;
        with_docker(&app).await?;
        answers(&app, "Docker", "processes: True").await?;
        open_settings(&app).await?;
        choose(&app, "wasm").await?;
        close_settings(&app).await?;
        answers(&app, "WASM", "processes: False").await?;
        nothing_is_left(&place).await?;
        open_settings(&app).await?;
        choose(&app, "docker").await?;
        close_settings(&app).await?;
        let app = app.restart().await?;
        app.click("button", "Continue").await?;
        app.lesson_is_open().await?;
        // The choice was kept, and Docker is being made ready meanwhile.
        open_settings(&app).await?;
        app.text("Docker is ready").await?;
        close_settings(&app).await?;
        answers(&app, "Docker", "processes: True").await?;
        app.close().await?;
        nothing_is_left(&place).await
    }

    const SCREEN: &str = "document.querySelector('.xterm-rows')?.innerText ?? ''";

    async fn shows(app: &App<'_>, text: &str) -> Result<()> {
        let shown = format!("({SCREEN}).replaceAll('\\u00a0', ' ').includes(a[0])");
        app.until(&format!("the terminal {text:?}"), &shown, &[json!(text)])
            .await?;
        Ok(())
    }

    /// Types a line into the terminal and waits for what comes of it.
    async fn says(app: &App<'_>, line: &str, expected: &str) -> Result<()> {
        app.type_text(&format!("{line}\n")).await?;
        shows(app, expected).await
    }

    #[tokio::test]
    async fn a_terminal_types_chinese_copies_pastes_grows_and_leaves_nothing() -> Result<()> {
        let place = place()?;
        let app = App::start(&place).await?;
        app.open_first_lesson().await?;
        app.replace_code("print('from the', 'lesson')\n").await?;
        with_docker(&app).await?;
        open_terminal(&app).await?;
        shows(&app, "$").await?;
        let focused = "document.activeElement?.classList.contains('xterm-helper-textarea')";
        app.until("the terminal to have the focus", focused, &[])
            .await?;
        says(&app, "python3 main.py", "from the lesson").await?;
        says(&app, "echo 你好$((40+2))", "你好42").await?;

        // A word is selected by a double click, copied and pasted by the keys of a terminal.
        says(&app, "clear; echo pasted$((1+1))word", "pasted2word").await?;
        app.ask(SELECT, &[json!("pasted2word")]).await?;
        app.press("Control+Shift+C").await?;
        app.type_text("echo again-").await?;
        app.press("Control+Shift+V").await?;
        shows(&app, "echo again-pasted2word").await?;
        app.type_text("\n").await?;
        shows(&app, "\nagain-pasted2word").await?;
        // Without a selection Ctrl+C interrupts.
        says(&app, "clear; echo begun; sleep 100", "begun").await?;
        app.press("Control+c").await?;
        says(&app, "echo $((50+5))", "55").await?;

        let columns = async || -> Result<u32> {
            says(&app, "clear; echo \"size:$(stty size):\"", ":").await?;
            let size = format!("({SCREEN}).match(/size:\\d+ (\\d+):/)?.[1]");
            let size = app.until("the size", &size, &[]).await?;
            Ok(size.as_str().unwrap_or_default().parse()?)
        };
        let before = columns().await?;
        app.client.set_window_size(1000, 820).await?;
        let start = std::time::Instant::now();
        while columns().await? >= before {
            ensure!(start.elapsed().as_secs() < 30, "the shell keeps its size");
        }
        says(&app, "exit 3", "exit").await?;
        app.text("The terminal ended with exit code 3.").await?;
        app.click("button", "Open another").await?;
        shows(&app, "$").await?;
        app.close().await?;
        nothing_is_left(&place).await
    }

    /// Double clicks on a word of the screen, as a mouse does.
    const SELECT: &str = "(() => { \
        const row = [...document.querySelectorAll('.xterm-rows > div')] \
            .find((row) => row.textContent.trim() === a[0]); \
        const { left, top, height } = row.getBoundingClientRect(); \
        const at = { bubbles: true, cancelable: true, button: 0, buttons: 1, view: window, \
            clientX: left + 12, clientY: top + height / 2 }; \
        for (const detail of [1, 2]) { \
            row.dispatchEvent(new MouseEvent('mousedown', { ...at, detail })); \
            row.dispatchEvent(new MouseEvent('mouseup', { ...at, detail })); \
        } \
    })()";

    #[tokio::test]
    async fn a_lesson_in_javascript_runs_and_passes_its_check() -> Result<()> {
        let courses = tempfile::tempdir()?;
        let write = |path: &str, text: &str| -> Result<()> {
            let path = courses.path().join("small").join(path);
            std::fs::create_dir_all(path.parent().context("a file lies in a folder")?)?;
            Ok(std::fs::write(path, text)?)
        };
        write(
            "course.toml",
            "format_version = 1\nid = \"small\"\nversion = \"1.0.0\"\ntitle = \"Small\"\n\
             [[chapter]]\nid = \"start\"\ntitle = \"Start\"\n[[chapter.lesson]]\nid = \"first\"\n\
             path = \"01\"\ntitle = \"First\"\nminutes = 5\nlanguage = \"javascript\"\n",
        )?;
        let text = format!(
            "# A program in Node\n\n{}\n",
            "Words to be read. ".repeat(20)
        );
        for language in ["zh", "en"] {
            write(&format!("01/lesson.{language}.md"), &text)?;
        }
        write("01/starter/main.js", "console.log('nothing yet');\n")?;
        write("01/solution/main.js", "console.log('hello from node');\n")?;
        write(
            "01/checks.toml",
            "[[check]]\nid = \"says\"\ntitle = \"Says hello\"\ntype = \"output\"\nexpect = \"hello from node\"\n",
        )?;
        let place = place()?.with_courses(courses.path());
        let app = App::start(&place).await?;
        app.open_first_lesson().await?;
        app.find("tab", "main.js").await?;
        answers(&app, "Docker", "nothing yet").await?;
        let program = "const words = ['hello', 'from', 'node'];\nconsole.log(words.join(' '));\n";
        app.replace_code(program).await?;
        // Coloured as JavaScript is: its keyword stands alone.
        let coloured = "[...document.querySelectorAll('.view-line span span')] \
            .some((span) => span.textContent.trim() === 'const')";
        app.until("the colours of JavaScript", coloured, &[])
            .await?;
        app.check().await?;
        app.text("1/1").await?;
        app.close().await?;
        nothing_is_left(&place).await
    }
}
