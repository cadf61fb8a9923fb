//! Faults on purpose: what a model or a service does wrong one day, done wrong now, so that an agent
//! can learn to go on.

use crate::WholeReply;

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fault {
    /// The service has a fault of its own (500); the next try works.
    CallFails,
    /// The reply takes much longer.
    Slow,
    /// The action in the reply cannot be read.
    MalformedAction,
    /// The reply asks for two actions at once, and makes up what the first one observed.
    TwoActions,
    /// From here on the model says the same again and again.
    Endless,
}

impl Fault {
    /// A stable name.
    pub fn name(self) -> &'static str {
        match self {
            Fault::CallFails => "next_call_fails",
            Fault::Slow => "slow",
            Fault::MalformedAction => "malformed_action",
            Fault::TwoActions => "two_actions",
            Fault::Endless => "endless",
        }
    }

    /// Changes the words of a reply; faults that are not of words change nothing.
    pub fn apply(self, reply: &mut WholeReply) {
        match self {
            Fault::CallFails | Fault::Slow | Fault::Endless => {}
            Fault::MalformedAction => malform(reply),
            Fault::TwoActions => double(reply),
        }
    }
}

fn malform(reply: &mut WholeReply) {
    if let Some(call) = reply.tool_calls.first_mut() {
        // As a model that was cut off: no closing brace.
        call.arguments = without_end(&call.arguments);
        return;
    }
    match action(&reply.content) {
        Some((start, end)) => {
            let line = without_end(&reply.content[start..end]);
            reply.content.replace_range(start..end, &line);
        }
        None => reply.content = without_end(&reply.content),
    }
}

fn double(reply: &mut WholeReply) {
    if let Some(call) = reply.tool_calls.first().cloned() {
        let mut second = call;
        second.id.push_str("_again");
        reply.tool_calls.push(second);
        return;
    }
    if let Some((start, end)) = action(&reply.content) {
        let line = reply.content[start..end].to_string();
        let made_up = format!("\nObservation: done\n{line}");
        reply.content.insert_str(end, &made_up);
    }
}

/// The line of the first action.
fn action(content: &str) -> Option<(usize, usize)> {
    let mut start = 0;
    for line in content.split_inclusive('\n') {
        let plain = line.trim_start_matches(|sign: char| !sign.is_alphanumeric());
        let lower = plain.to_lowercase();
        if ["action", "行动", "动作"]
            .iter()
            .any(|name| lower.starts_with(name))
        {
            return Some((start, start + line.trim_end().len()));
        }
        start += line.len();
    }
    None
}

/// A text whose last bracket, or last third, got lost.
fn without_end(text: &str) -> String {
    let text = text.trim_end();
    if let Some(rest) = text.strip_suffix([']', ')', '}', '】', '）']) {
        return rest.to_string();
    }
    let end = text.floor_char_boundary(text.len() * 2 / 3);
    text[..end].to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ReplyHead, ToolCall, Usage};

    fn reply(content: &str, arguments: &[&str]) -> WholeReply {
        let call = |arguments: &&str| ToolCall {
            id: "1".into(),
            name: "f".into(),
            arguments: (*arguments).into(),
        };
        WholeReply {
            head: ReplyHead {
                id: String::new(),
                model: String::new(),
                created: 0,
            },
            content: content.into(),
            reasoning: String::new(),
            tool_calls: arguments.iter().map(call).collect(),
            finish: "stop".into(),
            usage: Usage::default(),
        }
    }

    fn check(fault: Fault, content: &str, expected: &str) {
        let mut reply = reply(content, &[]);
        fault.apply(&mut reply);
        assert_eq!(reply.content, expected);
    }

    #[test]
    fn an_action_loses_its_end_or_comes_twice() {
        let said = "Thought: I look.\n**Action:** weather[Oslo]\n";
        check(
            Fault::MalformedAction,
            said,
            "Thought: I look.\n**Action:** weather[Oslo\n",
        );
        check(
            Fault::TwoActions,
            said,
            "Thought: I look.\n**Action:** weather[Oslo]\nObservation: done\n**Action:** weather[Oslo]\n",
        );
        check(Fault::MalformedAction, "行动：查[北京]", "行动：查[北京");
        check(Fault::MalformedAction, "abcdef", "abcd");
        check(Fault::TwoActions, "no action", "no action");
        check(Fault::CallFails, said, said);
    }

    #[test]
    fn so_does_a_tool_call() {
        let mut one = reply("", &["{\"a\": 1}"]);
        Fault::MalformedAction.apply(&mut one);
        assert_eq!(one.tool_calls[0].arguments, "{\"a\": 1");
        let mut two = reply("", &["{}"]);
        Fault::TwoActions.apply(&mut two);
        assert_eq!(two.tool_calls.len(), 2);
    }
}
