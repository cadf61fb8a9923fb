//! What answers a run, decided before it begins.

use super::fork::Fork;
use super::live::Live;
use super::tools::HostTools;
use crate::app::learner_language;
use crate::wire::{AiSettings, ArmedFault, CourseProblem, FaultKind, Language, ModelMode, Words};
use crate::{ApiResult, App};
use ha_course::Agent;
use ha_llm::{Cassette, Fault};
use ha_sandbox::SourceFile;
use std::sync::Arc;

/// Calls of a model in one run, where the lesson says nothing.
const CALLS: u32 = 50;
/// Tokens of one run, where the lesson says nothing.
const TOKENS: u32 = 100_000;
/// The most that a lesson can ask for.
const MOST_CALLS: u32 = 1_000;
const MOST_TOKENS: u32 = 2_000_000;
/// Faults of one run.
const MOST_FAULTS: usize = 8;

/// What answers the calls of a run, and how far.
#[derive(Debug, Clone)]
pub struct BridgePlan {
    pub(crate) mode: ModelMode,
    pub(crate) cassette: Option<Arc<Cassette>>,
    /// Replies come without their recorded pauses.
    pub(crate) at_once: bool,
    pub(crate) calls: u32,
    pub(crate) tokens: u32,
    pub(crate) language: Language,
    /// The tools of the host that the lesson offers.
    pub(crate) tools: HostTools,
    /// The learner's service, where it may be asked.
    pub(crate) live: Option<Live>,
    /// The learner did not let this course ask the service.
    pub(crate) is_service_closed: bool,
    /// What goes wrong on purpose: what, and at which call of a model, from 1.
    pub(crate) faults: Vec<(Fault, u32)>,
    /// The way of an older run that it goes first.
    pub(crate) fork: Option<Arc<Fork>>,
}

/// A cassette as it was read: what can be played, and what is wrong with the file.
#[derive(Debug, Clone)]
pub struct CassetteFile {
    /// What can be played.
    pub(crate) cassette: Arc<Cassette>,
    /// What is wrong, each with `file` as its place.
    pub problems: Vec<CourseProblem>,
}

impl CassetteFile {
    /// Reads the text of a cassette. `file` names it in the problems.
    pub fn read(file: &str, text: &str) -> CassetteFile {
        let (cassette, problems) = Cassette::parse(text);
        let problems = problems.into_iter().map(|problem| CourseProblem {
            file: file.into(),
            line: problem.line,
            reason: Words {
                zh: problem.zh,
                en: problem.en,
            },
        });
        CassetteFile {
            cassette: Arc::new(cassette),
            problems: problems.collect(),
        }
    }
}

impl BridgePlan {
    /// For a program that belongs to no lesson.
    pub fn new(cassette: Option<&CassetteFile>, language: Language) -> BridgePlan {
        BridgePlan {
            mode: ModelMode::Scripted,
            cassette: cassette.map(|file| Arc::clone(&file.cassette)),
            at_once: false,
            calls: CALLS,
            tokens: TOKENS,
            language,
            tools: HostTools::default(),
            live: None,
            is_service_closed: false,
            faults: Vec::new(),
            fork: None,
        }
    }

    /// For a program of a lesson, as its author wrote the cassette. What is wrong with that was told
    /// to the author; the rest plays.
    pub(crate) fn of_lesson(agent: &Agent, cassette: Option<&str>, language: Language) -> Self {
        let file = cassette.map(|text| CassetteFile::read("", text));
        let plan = BridgePlan::new(file.as_ref(), language);
        BridgePlan {
            calls: agent.calls.unwrap_or(CALLS).min(MOST_CALLS),
            tokens: agent.tokens.unwrap_or(TOKENS).min(MOST_TOKENS),
            ..plan
        }
    }

    /// For what must go the same way everywhere, as checks: recorded replies without their pauses, and
    /// the tools that need nothing but the lesson.
    pub(crate) fn offline(
        agent: &Agent,
        cassette: Option<&str>,
        data: &[SourceFile],
        language: Language,
    ) -> Self {
        BridgePlan::of_lesson(agent, cassette, language)
            .with_tools(HostTools::offline(agent, data))
            .at_once()
    }

    /// The same with tools of the host.
    pub(crate) fn with_tools(mut self, tools: HostTools) -> Self {
        self.tools = tools;
        self
    }

    /// The same with faults; more than eight are nobody's exercise.
    pub(crate) fn with_faults(mut self, faults: &[ArmedFault]) -> Self {
        let armed = faults.iter().take(MOST_FAULTS);
        self.faults = armed
            .map(|armed| (fault(armed.kind), armed.at_call))
            .collect();
        self
    }

    /// The same, forked from an older run.
    pub(crate) fn with_fork(mut self, fork: Option<Fork>) -> Self {
        self.fork = fork.map(Arc::new);
        self
    }

    /// What goes wrong at a call; an endless loop begins at its call and stays.
    pub(crate) fn fault_at(&self, call: u32) -> Option<Fault> {
        let at = |(fault, begins): &&(Fault, u32)| match fault {
            Fault::Endless => call >= *begins,
            _ => call == *begins,
        };
        self.faults.iter().find(at).map(|(fault, _)| *fault)
    }

    /// The same without the recorded pauses.
    pub fn at_once(mut self) -> Self {
        self.at_once = true;
        self
    }
}

impl App {
    /// The same plan with the learner's service behind it: its model, its key, its cap.
    pub(crate) fn live_plan(
        self: &Arc<Self>,
        plan: BridgePlan,
        mode: ModelMode,
        ai: AiSettings,
    ) -> BridgePlan {
        BridgePlan {
            mode,
            live: Some(Live::new(Arc::clone(self), ai)),
            ..plan
        }
    }

    /// A plan for a program that belongs to no lesson, with the service of the settings.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn bridge_plan(
        self: &Arc<Self>,
        cassette: Option<&CassetteFile>,
        mode: ModelMode,
    ) -> ApiResult<BridgePlan> {
        let settings = self.settings().await?;
        let plan = BridgePlan::new(cassette, learner_language(&settings));
        Ok(self.live_plan(plan, mode, settings.ai))
    }
}

fn fault(kind: FaultKind) -> Fault {
    match kind {
        FaultKind::CallFails => Fault::CallFails,
        FaultKind::Slow => Fault::Slow,
        FaultKind::MalformedAction => Fault::MalformedAction,
        FaultKind::TwoActions => Fault::TwoActions,
        FaultKind::Endless => Fault::Endless,
    }
}
