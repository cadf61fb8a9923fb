//! The conversation as it is sent: the last ten rounds, and a summary of what was before them. The
//! words alone: what was thought and looked up on the way belongs to its own answer.

use super::kept::{parts, words};
use super::prompts::Prompts;
use ha_llm::Message;
use ha_store::{MessageRole, MessageRow, ThreadRow};

/// Questions with their answers that are sent whole.
pub(crate) const ROUNDS: usize = 10;
/// So many more before the oldest are summarised: once in a while, not with every question. Until
/// then the learner's own words, cut short, stand in for them.
const SLACK: usize = 4;
/// Characters of a message that stand in for it when there is no summary.
const STAND_IN: usize = 120;

/// The messages from the first to `leaf`, oldest first.
pub(crate) fn branch<'a>(rows: &'a [MessageRow], leaf: Option<&str>) -> Vec<&'a MessageRow> {
    let mut branch: Vec<&MessageRow> = Vec::new();
    let mut next = leaf;
    while let Some(id) = next {
        let Some(row) = rows.iter().find(|row| row.id == id) else {
            break;
        };
        // A parent is always older: a damaged table cannot lead round in a circle.
        if branch
            .last()
            .is_some_and(|child| child.number <= row.number)
        {
            break;
        }
        branch.push(row);
        next = row.parent.as_deref();
    }
    branch.reverse();
    branch
}

/// What is sent of a branch: a summary of its older part, if there is one, and the rest.
pub(crate) fn history(branch: &[&MessageRow], thread: Option<&ThreadRow>) -> Vec<Message> {
    let recent = start_of_recent(branch, ROUNDS);
    let summarised = thread.and_then(|thread| {
        let to = thread.summary_to.as_deref()?;
        let at = branch.iter().position(|row| row.id == to)?;
        (!thread.summary.is_empty()).then(|| (at + 1, thread.summary.clone()))
    });
    let (from, before) = match summarised {
        Some((from, summary)) if from >= recent => (from.min(branch.len()), summary),
        Some((from, summary)) => (
            recent,
            format!("{summary}\n{}", stand_in(&branch[from..recent])),
        ),
        None => (recent, stand_in(&branch[..recent])),
    };
    let mut messages = Vec::new();
    if !before.trim().is_empty() {
        messages.push(Message::System(format!(
            "<earlier>\n{}\n</earlier>",
            before.trim()
        )));
    }
    messages.extend(branch[from..].iter().filter_map(|row| {
        let text = words(&parts(row));
        match row.role {
            _ if text.is_empty() => None,
            MessageRole::User => Some(Message::User(text)),
            MessageRole::Assistant => Some(Message::assistant(text)),
        }
    }));
    messages
}

/// What should be summarised now: the messages to read, and the last of them.
pub(crate) fn to_summarise<'a>(
    branch: &[&'a MessageRow],
    thread: &ThreadRow,
) -> Option<(Vec<&'a MessageRow>, &'a str)> {
    let done = thread.summary_to.as_deref();
    let from = done.and_then(|to| branch.iter().position(|row| row.id == to));
    let from = from.map_or(0, |at| at + 1);
    if start_of_recent(branch, ROUNDS + SLACK) <= from {
        return None;
    }
    let to = start_of_recent(branch, ROUNDS);
    let last = branch.get(to.checked_sub(1)?)?;
    Some((branch[from..to].to_vec(), &last.id))
}

/// The request for a summary.
pub(crate) fn summary_request(
    read: &[&MessageRow],
    thread: &ThreadRow,
    prompts: &Prompts,
) -> Vec<Message> {
    let mut text = String::new();
    if !thread.summary.is_empty() {
        text.push_str(&format!("<earlier>\n{}\n</earlier>\n", thread.summary));
    }
    for row in read {
        let who = match row.role {
            MessageRole::User => "learner",
            MessageRole::Assistant => "tutor",
        };
        text.push_str(&format!("<{who}>\n{}\n</{who}>\n", words(&parts(row))));
    }
    vec![
        Message::System(prompts.filled("summary", &[])),
        Message::User(text),
    ]
}

/// Where the newest `rounds` questions begin.
fn start_of_recent(branch: &[&MessageRow], rounds: usize) -> usize {
    let questions = branch.iter().enumerate().rev();
    let mut questions = questions.filter(|(_, row)| row.role == MessageRole::User);
    questions
        .nth(rounds.saturating_sub(1))
        .map_or(0, |(at, _)| at)
}

/// What the learner asked, in a line each.
fn stand_in(rows: &[&MessageRow]) -> String {
    let asked = rows.iter().filter(|row| row.role == MessageRole::User);
    let lines = asked.map(|row| {
        let text = words(&parts(row));
        let line: String = text.chars().take(STAND_IN).collect();
        format!("- {}", line.replace('\n', " "))
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::super::kept::{Part, parts_json};
    use super::*;
    use ha_store::{MessageStatus, Timestamp};

    fn rows(rounds: usize) -> Vec<MessageRow> {
        let row = |number: usize| MessageRow {
            number: number as i64,
            id: number.to_string(),
            thread: "t".into(),
            parent: number.checked_sub(1).map(|parent| parent.to_string()),
            role: match number % 2 {
                0 => MessageRole::User,
                _ => MessageRole::Assistant,
            },
            status: MessageStatus::Done,
            created_at: Timestamp(0),
            model: String::new(),
            request_id: String::new(),
            spent: None,
            about: "{}".into(),
            parts: parts_json(&[
                Part::Thinking {
                    text: "thought".into(),
                },
                Part::Text {
                    text: format!("said {number}"),
                },
            ]),
        };
        (0..rounds * 2).map(row).collect()
    }

    fn thread(summary: &str, to: Option<&str>) -> ThreadRow {
        ThreadRow {
            id: "t".into(),
            course: "c".into(),
            lesson: "l".into(),
            created_at: Timestamp(0),
            updated_at: Timestamp(0),
            leaf: None,
            title: String::new(),
            summary: summary.into(),
            summary_to: to.map(str::to_string),
        }
    }

    fn sent(rounds: usize, thread: &ThreadRow) -> (usize, String) {
        let rows = rows(rounds);
        let leaf = (rounds * 2 - 1).to_string();
        let messages = history(&branch(&rows, Some(&leaf)), Some(thread));
        let first = match &messages[0] {
            Message::System(text) | Message::User(text) => text.clone(),
            _ => String::new(),
        };
        (messages.len(), first)
    }

    #[test]
    fn a_short_conversation_is_sent_whole_and_thinking_never() {
        assert_eq!(sent(3, &thread("", None)), (6, "said 0".into()));
        assert_eq!(sent(10, &thread("", None)).0, 20);
    }

    #[test]
    fn of_a_long_one_the_last_rounds_and_what_stands_for_the_rest() {
        let (count, first) = sent(20, &thread("", None));
        assert_eq!(count, 21, "ten rounds and one text of what was before");
        assert!(
            first.contains("- said 0\n- said 2\n") && first.contains("- said 18\n"),
            "{first}"
        );
        assert!(!first.contains("said 20"), "{first}");
        assert_eq!(sent(11, &thread("", None)).0, 21);
        let (count, first) = sent(20, &thread("in short", Some("19")));
        assert_eq!((count, &*first), (21, "<earlier>\nin short\n</earlier>"));
        let (count, first) = sent(40, &thread("in short", Some("19")));
        assert_eq!(count, 21);
        assert!(first.contains("in short\n- said 20"), "{first}");
        // The summary is of another branch.
        assert_eq!(
            sent(3, &thread("in short", Some("x"))),
            (6, "said 0".into())
        );
    }

    #[test]
    fn a_summary_is_asked_for_once_in_a_while() {
        let ask = |rounds: usize, thread: &ThreadRow| {
            let rows = rows(rounds);
            let leaf = (rounds * 2 - 1).to_string();
            let branch = branch(&rows, Some(&leaf));
            let asked = to_summarise(&branch, thread);
            asked.map(|(read, to)| (read.len(), to.to_string()))
        };
        assert_eq!(ask(14, &thread("", None)), None);
        assert_eq!(ask(15, &thread("", None)), Some((10, "9".into())));
        assert_eq!(ask(18, &thread("s", Some("9"))), None);
        assert_eq!(ask(20, &thread("s", Some("9"))), Some((10, "19".into())));
    }

    #[test]
    fn a_branch_follows_parents_and_never_in_a_circle() {
        let mut rows = rows(3);
        let ids = |rows: &[MessageRow], leaf| {
            branch(rows, leaf)
                .iter()
                .map(|row| row.id.clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(ids(&rows, Some("3")), ["0", "1", "2", "3"]);
        assert_eq!(ids(&rows, None), [] as [&str; 0]);
        assert_eq!(ids(&rows, Some("nobody")), [] as [&str; 0]);
        rows[0].parent = Some("3".into());
        assert_eq!(ids(&rows, Some("3")).len(), 4);
    }
}
