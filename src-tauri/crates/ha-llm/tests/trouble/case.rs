//! A case of the table: what the service does, what time does meanwhile, and what must come of it.

use ha_llm::ClientSettings;
use ha_testkit::fake_chat::{Answer, Step};
use serde_json::json;
use std::time::Duration;

/// One thing a service may do.
pub struct Case {
    pub name: &'static str,
    /// Its answers, one for every time it is asked.
    pub answers: Vec<Answer>,
    /// What happens meanwhile, in this order.
    pub moves: Vec<Move>,
    /// What differs from the usual settings.
    pub settings: fn(&mut ClientSettings),
    /// How it ends: the finish or the error.
    pub end: &'static str,
    /// What was said; none where that is a matter of luck.
    pub words: Option<&'static str>,
    pub thinking: &'static str,
    /// Names and arguments.
    pub calls: Vec<(&'static str, &'static str)>,
    /// Input, cached, output, thinking; none where it does not matter.
    pub tokens: Option<Option<[u64; 4]>>,
    /// How often the service was asked.
    pub asked: usize,
}

/// Something that happens while the reply is on its way.
pub enum Move {
    /// The service stands at its so-manieth gate.
    Gate(usize),
    /// A gate opens.
    Release,
    /// The client waits for exactly so long.
    Listening(Duration),
    /// Time passes.
    Pass(Duration),
    /// The client waits for exactly so long, and that time passes.
    Skip(Duration),
}

pub const FIRST_TOKEN: Duration = Duration::from_secs(90);
pub const IDLE: Duration = Duration::from_secs(45);
pub const TOTAL: Duration = Duration::from_secs(600);
pub const DRAIN: Duration = Duration::from_millis(250);
/// Longer than everything else.
pub const NEVER: Duration = Duration::from_secs(3_000);
/// The waits after the first and the second try, without chance.
pub const BACK_OFF: [Duration; 2] = [Duration::from_millis(200), Duration::from_millis(400)];

pub fn says(text: &str) -> Step {
    Step::Words(text.into())
}

pub fn end(reason: &str) -> Step {
    Step::End(reason.into(), [100, 64, 20, 5])
}

pub fn raw(text: &str) -> Step {
    Step::Text(text.into())
}

pub fn tool(index: usize, id: Option<&str>, arguments: &str) -> Step {
    Step::Tool {
        index,
        id: id.map(Into::into),
        name: id.map(|_| "run".into()),
        arguments: arguments.into(),
    }
}

pub fn well() -> Answer {
    Answer::words(&["well"])
}

pub fn for_ever(step: Step) -> Step {
    Step::Repeat(Box::new(step), None)
}

pub fn error_event(kind: &str) -> Step {
    Step::Event(json!({ "error": { "message": "boom", "type": kind, "code": null } }))
}

/// A case that ends well after one question.
pub fn good(name: &'static str, answer: Answer, words: &'static str) -> Case {
    Case {
        name,
        answers: vec![answer],
        moves: Vec::new(),
        settings: |_| {},
        end: "stop",
        words: Some(words),
        thinking: "",
        calls: Vec::new(),
        tokens: None,
        asked: 1,
    }
}

/// A case that fails at the first answer.
pub fn bad(name: &'static str, answer: Answer, end: &'static str) -> Case {
    Case {
        end,
        ..good(name, answer, "")
    }
}

/// A case in which the service fails with these answers and then does well.
pub fn recovers(name: &'static str, failures: &[Answer], waits: &[Duration]) -> Case {
    let mut answers = failures.to_vec();
    answers.push(well());
    Case {
        asked: answers.len(),
        answers,
        moves: waits.iter().map(|wait| Move::Skip(*wait)).collect(),
        ..good(name, well(), "well")
    }
}

/// A case in which the service fails every time.
pub fn stays(name: &'static str, answer: Answer, end: &'static str) -> Case {
    Case {
        answers: vec![answer; 3],
        asked: 3,
        moves: BACK_OFF.iter().map(|wait| Move::Skip(*wait)).collect(),
        ..bad(name, well(), end)
    }
}
