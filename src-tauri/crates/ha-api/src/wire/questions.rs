//! Questions of a lesson beside its exercise.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A question as it is asked. What is right is not in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct QuestionView {
    /// Stable, unique in the lesson.
    pub id: String,
    /// What is asked, as sanitised HTML.
    pub prompt: String,
    /// How it is answered.
    pub form: QuestionForm,
    /// The last answer and what it was worth.
    pub answered: Option<QuestionVerdict>,
}

/// How a question is answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(
    tag = "type",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
#[ts(export)]
pub enum QuestionForm {
    /// By choosing.
    Choice {
        /// Sanitised HTML each.
        options: Vec<String>,
        /// Whether several may be right.
        many: bool,
    },
    /// By writing a word or a few.
    Fill,
    /// By saying what a program prints.
    Predict {
        /// The program as sanitised HTML.
        code: String,
    },
    /// By putting lines in order.
    Order {
        /// The lines, shuffled.
        lines: Vec<String>,
        /// Whether some belong nowhere.
        extra: bool,
    },
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(
    tag = "type",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
#[ts(export)]
pub enum QuestionAnswer {
    /// Places of the chosen options, from 0.
    Chosen {
        /// In any order.
        options: Vec<u32>,
    },
    /// What was written.
    Written {
        /// The text, at most 4,000 characters.
        text: String,
    },
    /// Places of the lines, from 0, in the order of the answer; what belongs nowhere is left out.
    Ordered {
        /// Each at most once.
        lines: Vec<u32>,
    },
}

/// What an answer was worth.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export)]
pub struct QuestionVerdict {
    /// The answer.
    pub answer: QuestionAnswer,
    /// Whether it is right.
    pub right: bool,
    /// Answers so far.
    pub tries: u32,
    /// What the author says to it, as sanitised HTML: about what was chosen, and why once it is right.
    pub said: Vec<String>,
}
