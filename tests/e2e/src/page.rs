//! Questions to the page and hands on it: find by role and name, wait, click, press, type.

use crate::app::App;
use anyhow::{Context, Result, bail};
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::elements::{Element, ElementRef};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// How long anything may take before a journey gives up. Generous: the machine may be busy.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Installed before the first question after every load of the page.
const PRELUDE: &str = include_str!("page.js");

/// Pause between two questions of a wait.
const TICK: Duration = Duration::from_millis(40);

impl App<'_> {
    /// Evaluates an expression; its arguments are `a[0]`, `a[1]`, …
    pub async fn ask(&self, expression: &str, arguments: &[Value]) -> Result<Value> {
        let script = format!("{PRELUDE}; const a = arguments[0]; return {expression}");
        let answer = self.client.execute(&script, vec![json!(arguments)]).await;
        answer.with_context(|| format!("ask the page for {expression}"))
    }

    /// Waits until an expression is true of the page, and answers it. `what` is said when it never is.
    pub async fn until(&self, what: &str, expression: &str, arguments: &[Value]) -> Result<Value> {
        let start = Instant::now();
        loop {
            let answer = self.ask(expression, arguments).await?;
            let truthy =
                !matches!(&answer, Value::Null | Value::Bool(false)) && answer != json!("");
            if truthy {
                return Ok(answer);
            }
            if start.elapsed() > PATIENCE {
                bail!(
                    "waited {PATIENCE:?} for {what}.\n{}",
                    self.situation().await
                );
            }
            tokio::time::sleep(TICK).await;
        }
    }

    /// Waits for a text anywhere on the page.
    pub async fn text(&self, text: &str) -> Result<()> {
        let what = format!("the text {text:?}");
        self.until(&what, "journey.text().includes(a[0])", &[json!(text)])
            .await?;
        Ok(())
    }

    /// Waits until a text is nowhere on the page.
    pub async fn no_text(&self, text: &str) -> Result<()> {
        let what = format!("the text {text:?} to go");
        self.until(&what, "!journey.text().includes(a[0])", &[json!(text)])
            .await?;
        Ok(())
    }

    /// Waits for an element by role and the beginning of its name.
    pub async fn find(&self, role: &str, name: &str) -> Result<Element> {
        let what = format!("the {role} {name:?}");
        let found = self
            .until(
                &what,
                "journey.find(a[0], a[1])",
                &[json!(role), json!(name)],
            )
            .await?;
        let id = found.get(ELEMENT).and_then(Value::as_str);
        let reference = ElementRef::from(id.context("the page answers an element")?.to_owned());
        Ok(Element::from_element_id(self.client.clone(), reference))
    }

    /// Whether there is such an element now.
    pub async fn has(&self, role: &str, name: &str) -> Result<bool> {
        let found = self
            .ask(
                "journey.find(a[0], a[1]) !== null",
                &[json!(role), json!(name)],
            )
            .await?;
        Ok(found == json!(true))
    }

    /// Waits until there is no such element.
    pub async fn gone(&self, role: &str, name: &str) -> Result<()> {
        let what = format!("the {role} {name:?} to go");
        self.until(
            &what,
            "journey.find(a[0], a[1]) === null",
            &[json!(role), json!(name)],
        )
        .await?;
        Ok(())
    }

    /// Waits for an element, and for the moment a click reaches it; then clicks.
    pub async fn click(&self, role: &str, name: &str) -> Result<()> {
        let start = Instant::now();
        loop {
            let clicked = self.find(role, name).await?.click().await;
            match clicked {
                Ok(()) => return Ok(()),
                // Covered for a moment, or drawn again since it was found.
                Err(_) if start.elapsed() < PATIENCE => tokio::time::sleep(TICK).await,
                Err(error) => {
                    let situation = self.situation().await;
                    bail!("cannot click the {role} {name:?}: {error}\n{situation}")
                }
            }
        }
    }

    /// Presses keys together, written as `Control+Shift+Enter`.
    pub async fn press(&self, keys: &str) -> Result<()> {
        let keys: Vec<char> = keys.split('+').map(key).collect::<Result<_>>()?;
        let mut actions = KeyActions::new("keyboard".into());
        for value in &keys {
            actions = actions.then(KeyAction::Down { value: *value });
        }
        for value in keys.iter().rev() {
            actions = actions.then(KeyAction::Up { value: *value });
        }
        self.client.perform_actions(actions).await?;
        Ok(())
    }

    /// Types into what has the focus, key by key.
    pub async fn type_text(&self, text: &str) -> Result<()> {
        let mut actions = KeyActions::new("keyboard".into());
        for value in text.chars() {
            let value = if value == '\n' { ENTER } else { value };
            actions = actions
                .then(KeyAction::Down { value })
                .then(KeyAction::Up { value });
        }
        self.client.perform_actions(actions).await?;
        Ok(())
    }

    /// Runs axe over the page; answers serious and critical findings, one line each. One rule is left
    /// out: it takes the key caps shown in a button for a part of the button's name.
    pub async fn axe(&self) -> Result<Vec<String>> {
        let axe = std::fs::read_to_string(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../ui/node_modules/axe-core/axe.min.js"
        ))
        .context("axe-core is among the npm packages")?;
        self.client
            .execute(&format!("{axe}; return 1"), vec![])
            .await?;
        let script = "const done = arguments[arguments.length - 1]; \
            axe.run(document, { rules: { 'label-content-name-mismatch': { enabled: false } } }).then( \
              ({ violations }) => done(violations \
                .filter(({ impact }) => impact === 'serious' || impact === 'critical') \
                .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 200)} ${node.failureSummary}`))), \
              (error) => done([String(error)]))";
        let findings = self.client.execute_async(script, vec![]).await?;
        Ok(serde_json::from_value(findings)?)
    }

    /// What went wrong in the page so far: thrown errors, refused loads. Empty when all is well.
    pub async fn errors(&self) -> Result<Vec<String>> {
        Ok(serde_json::from_value(
            self.ask("journey.errors", &[]).await?,
        )?)
    }

    /// For a failure's message: where the picture is, and what the page says first.
    async fn situation(&self) -> String {
        let text = self.read("journey.text()", &[]).await.unwrap_or_default();
        let text: Vec<&str> = text
            .lines()
            .filter(|line| !line.is_empty())
            .take(40)
            .collect();
        let errors = self.errors().await.unwrap_or_default().join("\n");
        let picture = self.picture_of_failure();
        format!(
            "Picture: {picture}\nErrors: {errors}\nThe page says:\n{}",
            text.join("\n")
        )
    }
}

/// The key under which WebDriver sends an element's id.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
const ENTER: char = '\u{e007}';

/// WebDriver's code of a named key, or the key's own letter.
fn key(name: &str) -> Result<char> {
    Ok(match name {
        "Control" => '\u{e009}',
        "Shift" => '\u{e008}',
        "Alt" => '\u{e00a}',
        "Enter" => ENTER,
        "Escape" => '\u{e00c}',
        "Tab" => '\u{e004}',
        "Backspace" => '\u{e003}',
        "Delete" => '\u{e017}',
        "Home" => '\u{e011}',
        "End" => '\u{e010}',
        "ArrowLeft" => '\u{e012}',
        "ArrowUp" => '\u{e013}',
        "ArrowRight" => '\u{e014}',
        "ArrowDown" => '\u{e015}',
        "F6" => '\u{e036}',
        letter => {
            let mut letters = letter.chars();
            match (letters.next(), letters.next()) {
                (Some(letter), None) => letter,
                _ => bail!("no key is called {name:?}"),
            }
        }
    })
}
