//! Counts what a run asks of models, and says when it is enough.

use super::refusal::Refusal;
use ha_llm::Usage;

/// Calls of host tools in one run.
const MAX_TOOLS: u32 = 500;

/// The calls and tokens of one run.
#[derive(Debug)]
pub(crate) struct Meter {
    calls: u32,
    call_limit: u32,
    tokens: u64,
    token_limit: u32,
    tools: u32,
}

impl Meter {
    pub(crate) fn new(call_limit: u32, token_limit: u32) -> Meter {
        Meter {
            calls: 0,
            call_limit,
            tokens: 0,
            token_limit,
            tools: 0,
        }
    }

    /// Takes one call, or says why there is none left. The call that goes over the tokens is answered:
    /// nobody knows before what it takes.
    pub(crate) fn allow_call(&mut self) -> Result<(), Refusal> {
        if self.calls >= self.call_limit {
            return Err(Refusal::CallLimit(self.call_limit));
        }
        if self.tokens >= u64::from(self.token_limit) {
            return Err(Refusal::TokenLimit(self.token_limit));
        }
        self.calls += 1;
        Ok(())
    }

    /// Takes one call of a tool, or says that it is enough.
    pub(crate) fn allow_tool(&mut self) -> Result<(), Refusal> {
        if self.tools >= MAX_TOOLS {
            return Err(Refusal::CallLimit(MAX_TOOLS));
        }
        self.tools += 1;
        Ok(())
    }

    pub(crate) fn count(&mut self, usage: &Usage) {
        let both = usage.input.saturating_add(usage.output);
        self.tokens = self.tokens.saturating_add(both);
    }

    pub(crate) fn calls(&self) -> u32 {
        self.calls
    }

    pub(crate) fn call_limit(&self) -> u32 {
        self.call_limit
    }
}
