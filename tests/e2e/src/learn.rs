//! The place where one learns: tree, lesson, editor, results. Names are those of the English window.

use crate::app::App;
use crate::page::PATIENCE;
use anyhow::{Result, bail, ensure};
use serde_json::json;
use std::time::Instant;

impl App<'_> {
    /// From Home on the first start: presses *Start* and waits for the lesson and its editor.
    pub async fn open_first_lesson(&self) -> Result<()> {
        self.click("button", "Start").await?;
        self.lesson_is_open().await
    }

    /// Waits for a lesson with its editor, ready to type.
    pub async fn lesson_is_open(&self) -> Result<()> {
        let editor = "document.querySelector('.monaco-editor .view-line') !== null";
        self.until("the editor", editor, &[]).await?;
        let text =
            "document.querySelector('article, .lesson, [data-lesson]')?.innerText.length > 200";
        self.until("the lesson's text", text, &[]).await?;
        Ok(())
    }

    /// Waits for the text of the lesson with this number.
    pub async fn shows_lesson(&self, number: &str) -> Result<()> {
        let shown = "document.querySelector('article h1')?.innerText.startsWith(a[0])";
        let what = format!("lesson {number}");
        self.until(&what, shown, &[json!(number)]).await?;
        Ok(())
    }

    /// Puts the cursor into the editor.
    pub async fn focus_editor(&self) -> Result<()> {
        let start = Instant::now();
        let focused = "document.activeElement?.closest('.monaco-editor') != null";
        while self.ask(focused, &[]).await? != json!(true) {
            if start.elapsed() > PATIENCE {
                bail!("the editor does not take the focus");
            }
            let lines = self
                .client
                .find(fantoccini::Locator::Css(".monaco-editor .view-lines"));
            lines.await?.click().await?;
        }
        Ok(())
    }

    /// Replaces the open file's text, by select-all and paste.
    pub async fn replace_code(&self, text: &str) -> Result<()> {
        self.focus_editor().await?;
        self.press("Control+a").await?;
        self.ask("journey.paste(a[0])", &[json!(text)]).await?;
        // The cursor is at the end now, and the end is what can be seen.
        let last = text.trim_end().lines().last().unwrap_or_default();
        self.code_has(last.trim()).await
    }

    /// The open file's lines that are on the screen.
    pub async fn code(&self) -> Result<String> {
        self.read("journey.code()", &[]).await
    }

    /// Waits until the part of the code that is on the screen has this text.
    pub async fn code_has(&self, text: &str) -> Result<()> {
        let what = format!("the code {text:?}");
        self.until(&what, "journey.codeHas(a[0])", &[json!(text)])
            .await?;
        Ok(())
    }

    /// Runs the program by its key.
    pub async fn run(&self) -> Result<()> {
        self.press("Control+Enter").await
    }

    /// Waits for the end of a run or of checks, whatever it is.
    pub async fn run_has_ended(&self) -> Result<()> {
        let ended =
            "['Finished', 'Ended with', 'Stopped'].some((word) => journey.text().includes(word))";
        self.until("the end of the run", ended, &[]).await?;
        Ok(())
    }

    /// Checks by its key.
    pub async fn check(&self) -> Result<()> {
        self.press("Control+Shift+Enter").await
    }

    /// Waits for a text in the output.
    pub async fn output_has(&self, text: &str) -> Result<()> {
        let what = format!("the output {text:?}");
        let output = "journey.textIn('region', 'Output of the program').includes(a[0])";
        self.until(&what, output, &[json!(text)]).await?;
        Ok(())
    }

    /// The output as it is on the screen.
    pub async fn output(&self) -> Result<String> {
        self.read("journey.textIn('region', 'Output of the program')", &[])
            .await
    }

    /// Opens a tab, from the menu behind its row where the row has no room for it.
    pub async fn tab(&self, name: &str) -> Result<()> {
        let there = "journey.find('tab', a[0]) || journey.find('button', 'More tabs')";
        self.until("a tab", &format!("({there}) !== null"), &[json!(name)])
            .await?;
        let place = "journey.find('tab', a[0]) ? 'row' : 'menu'";
        if self.read(place, &[json!(name)]).await? == "row" {
            return self.click("tab", name).await;
        }
        self.click("button", "More tabs").await?;
        self.click("menuitem", name).await
    }

    /// The state the tree tells of a lesson, by the number it has there: `not started`, `started`, `passed`.
    pub async fn state_in_tree(&self, number: &str) -> Result<String> {
        let find = "journey.names('treeitem').find((name) => name.startsWith(a[0] + ' ')) ?? ''";
        let name = self.read(find, &[json!(number)]).await?;
        ensure!(!name.is_empty(), "the tree has no lesson {number}");
        Ok(name.rsplit(", ").next().unwrap_or_default().to_owned())
    }
}
