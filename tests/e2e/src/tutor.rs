//! The tutor beside the lesson, and the settings of the service behind it. Names are those of the
//! English window.

use crate::app::App;
use crate::service::Service;
use anyhow::Result;
use serde_json::json;

/// The key that the journeys enter; it must never be seen again.
pub const KEY: &str = "sk-journey-7f3a91";

impl App<'_> {
    /// Enters address and key in the settings, as a learner does, and leaves the settings open.
    pub async fn enter_service(&self, service: &Service) -> Result<()> {
        self.press("Control+,").await?;
        self.find("dialog", "Settings").await?;
        self.tab("AI").await?;
        self.click("textbox", "Address").await?;
        self.type_text(&format!("{}\n", service.address)).await?;
        self.click("textbox", "Key").await?;
        self.type_text(&format!("{KEY}\n")).await?;
        self.find("button", "Forget").await?;
        Ok(())
    }

    /// From Home: the first lesson is open, the tutor knows the service and its pane is shown.
    pub async fn sit_with_tutor(&self, service: &Service) -> Result<()> {
        self.open_first_lesson().await?;
        self.enter_service(service).await?;
        self.press("Escape").await?;
        self.gone("dialog", "Settings").await?;
        self.tab("Tutor").await?;
        self.find("textbox", "Your question").await?;
        Ok(())
    }

    /// Asks in one's own words.
    pub async fn ask_tutor(&self, words: &str) -> Result<()> {
        self.click("textbox", "Your question").await?;
        self.type_text(words).await?;
        self.press("Enter").await
    }

    /// Waits for words in the conversation.
    pub async fn tutor_says(&self, words: &str) -> Result<()> {
        let what = format!("the tutor to say {words:?}");
        self.until(
            &what,
            &format!("{LOG}.innerText.includes(a[0])"),
            &[json!(words)],
        )
        .await?;
        Ok(())
    }

    /// Waits until nothing is on its way any more.
    pub async fn tutor_is_done(&self) -> Result<()> {
        let is_done = "journey.names('button').includes('Ask')";
        self.until("the end of the answer", is_done, &[]).await?;
        Ok(())
    }
}

/// The conversation, as an expression in the page.
pub const LOG: &str = "document.querySelector('[role=log]')";
