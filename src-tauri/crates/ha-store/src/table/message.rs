//! Messages: what was said in a thread, by whom, and what it cost.
//!
//! Each names the one it answers, so that a thread is a tree: a question that was edited and an
//! answer that was asked for again are branches beside the old ones. An answer is written down when
//! it begins and again while it comes, so that a crash leaves it as far as it got.

use super::spending::{self, Spent};
use super::thread;
use super::words::word_enum;
use crate::search_words::{indexed, question};
use crate::{Store, StoreError, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row};

/// The long column comes last, as in `run`. The words of a message are in an index of their own
/// that keeps no copy of the text.
pub(crate) const CREATE: &str = "
CREATE TABLE message (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    thread TEXT NOT NULL REFERENCES thread (id) ON DELETE CASCADE,
    parent TEXT,
    role TEXT NOT NULL CHECK (role IN ('user', 'assistant')),
    status TEXT NOT NULL CHECK (status IN ('streaming', 'done', 'stopped', 'failed', 'lost')),
    created_at INTEGER NOT NULL,
    model TEXT NOT NULL DEFAULT '',
    request_id TEXT NOT NULL DEFAULT '',
    input_tokens INTEGER,
    cached_tokens INTEGER,
    output_tokens INTEGER,
    cost_pico INTEGER,
    currency TEXT,
    about TEXT NOT NULL,
    parts TEXT NOT NULL
) STRICT;
CREATE INDEX message_by_thread ON message (thread, number);
CREATE INDEX message_streaming ON message (status) WHERE status = 'streaming';
CREATE VIRTUAL TABLE message_words USING fts5 (
    words, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2'
);
";

const INSERT: &str = "INSERT INTO message
        (id, thread, parent, role, status, created_at, about, parts)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
const INDEX: &str = "INSERT INTO message_words (rowid, words) VALUES (?1, ?2)";
const UNINDEX: &str = "DELETE FROM message_words WHERE rowid = ?1";
const GROW: &str = "UPDATE message SET parts = ?2 WHERE id = ?1 AND status = 'streaming'
    RETURNING number";
/// An answer that another process called lost ends after all.
const FINISH: &str = "UPDATE message SET status = ?2, model = ?3, request_id = ?4,
        input_tokens = ?5, cached_tokens = ?6, output_tokens = ?7, cost_pico = ?8, currency = ?9,
        about = ?10, parts = ?11
    WHERE id = ?1 AND status IN ('streaming', 'lost')
    RETURNING number";
pub(super) const LOSE_ALL: &str = "UPDATE message SET status = 'lost' WHERE status = 'streaming'";
/// The columns of a [`MessageRow`], with the rest of the statement behind them.
macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT m.number, m.id, m.thread, m.parent, m.role, m.status, m.created_at, m.model,
                m.request_id, m.input_tokens, m.cached_tokens, m.output_tokens, m.cost_pico,
                m.currency, m.about, m.parts ",
            $rest
        )
    };
}
pub(super) const BY_THREAD: &str = select!("FROM message m WHERE m.thread = ?1 ORDER BY m.number");
pub(super) const MATCHING: &str = select!(
    "FROM message_words w JOIN message m ON m.number = w.rowid
    WHERE w.words MATCH ?1 ORDER BY w.rowid DESC LIMIT ?2"
);
const NUMBERS: &str = "SELECT number FROM message WHERE thread = ?1";
const DELETE_OF: &str = "DELETE FROM message WHERE thread = ?1";

word_enum! {
    /// Who said it.
    MessageRole {
        /// The learner.
        User = "user",
        /// The model.
        Assistant = "assistant",
    }
}

word_enum! {
    /// Where a message is in its life.
    MessageStatus {
        /// An answer that is on its way.
        Streaming = "streaming",
        /// Whole.
        Done = "done",
        /// The learner stopped it; what came until then is here.
        Stopped = "stopped",
        /// The service failed; what came until then is here.
        Failed = "failed",
        /// The app died under it; what came until then is here.
        Lost = "lost",
    }
}

/// A message that begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMessage {
    /// Made by the caller, unique.
    pub id: String,
    /// Its conversation.
    pub thread: String,
    /// The message it follows; none for the first.
    pub parent: Option<String>,
    /// Who says it.
    pub role: MessageRole,
    /// `Streaming` for an answer that is still to come.
    pub status: MessageStatus,
    /// When.
    pub created_at: Timestamp,
    /// What it is about and was made from, as JSON.
    pub about: String,
    /// Its typed parts (text, thinking, tools) as JSON.
    pub parts: String,
    /// Its text, for the search.
    pub words: String,
}

/// How an answer ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageEnd {
    /// Anything but `Streaming`.
    pub status: MessageStatus,
    /// The model that answered.
    pub model: String,
    /// The service's name of the request.
    pub request_id: String,
    /// What it cost; none when the service did not say.
    pub spent: Option<Spent>,
    /// What it is about and was made from, as JSON.
    pub about: String,
    /// Its typed parts as JSON.
    pub parts: String,
    /// Its text, for the search.
    pub words: String,
}

/// One message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageRow {
    /// Grows with time.
    pub number: i64,
    /// Its id.
    pub id: String,
    /// Its conversation.
    pub thread: String,
    /// The message it follows.
    pub parent: Option<String>,
    /// Who said it.
    pub role: MessageRole,
    /// Where it is in its life.
    pub status: MessageStatus,
    /// When it began.
    pub created_at: Timestamp,
    /// The model that answered; empty for a learner's.
    pub model: String,
    /// The service's name of the request.
    pub request_id: String,
    /// What it cost.
    pub spent: Option<Spent>,
    /// What it is about and was made from, as JSON.
    pub about: String,
    /// Its typed parts as JSON.
    pub parts: String,
}

impl MessageRow {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let tokens: Option<i64> = row.get(9)?;
        let spent = match tokens {
            None => None,
            Some(input) => Some(Spent {
                input,
                cached: row.get(10)?,
                output: row.get(11)?,
                cost_pico: row.get(12)?,
                currency: row.get(13)?,
            }),
        };
        Ok(MessageRow {
            number: row.get(0)?,
            id: row.get(1)?,
            thread: row.get(2)?,
            parent: row.get(3)?,
            role: row.get(4)?,
            status: row.get(5)?,
            created_at: row.get(6)?,
            model: row.get(7)?,
            request_id: row.get(8)?,
            spent,
            about: row.get(14)?,
            parts: row.get(15)?,
        })
    }
}

fn index(connection: &Connection, number: i64, words: &str) -> rusqlite::Result<()> {
    connection.prepare_cached(UNINDEX)?.execute([number])?;
    let words = indexed(words);
    if !words.is_empty() {
        connection.prepare_cached(INDEX)?.execute((number, words))?;
    }
    Ok(())
}

/// Removes what was said in a thread.
pub(crate) fn delete_of(connection: &Connection, thread: &str) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(NUMBERS)?;
    let numbers = statement.query_map([thread], |row| row.get::<_, i64>(0))?;
    let numbers = numbers.collect::<Result<Vec<_>, _>>()?;
    for number in numbers {
        connection.prepare_cached(UNINDEX)?.execute([number])?;
    }
    connection.prepare_cached(DELETE_OF)?.execute([thread])?;
    Ok(())
}

impl Store {
    /// Adds messages to a conversation; the last one becomes the end of the branch that is shown.
    /// One transaction.
    ///
    /// # Errors
    /// [`StoreError::Failed`] when an id is taken or the conversation is gone, and those of writing;
    /// nothing is added then.
    pub fn add_messages(&self, messages: &[NewMessage]) -> Result<(), StoreError> {
        self.transaction(|transaction| {
            for new in messages {
                transaction.prepare_cached(INSERT)?.execute((
                    &new.id,
                    &new.thread,
                    &new.parent,
                    new.role,
                    new.status,
                    new.created_at,
                    &new.about,
                    &new.parts,
                ))?;
                index(transaction, transaction.last_insert_rowid(), &new.words)?;
                let mut touch = transaction.prepare_cached(thread::TOUCH)?;
                touch.execute((&new.thread, &new.id, new.created_at))?;
            }
            Ok(())
        })
    }

    /// Keeps an answer as far as it has come. Nothing happens to one that ended. One transaction.
    ///
    /// # Errors
    /// Those of writing.
    pub fn grow_message(&self, id: &str, parts: &str, words: &str) -> Result<(), StoreError> {
        self.transaction(|transaction| {
            let mut grow = transaction.prepare_cached(GROW)?;
            let number = grow.query_row((id, parts), |row| row.get(0)).optional()?;
            match number {
                Some(number) => index(transaction, number, words),
                None => Ok(()),
            }
        })
    }

    /// Writes down how an answer ended and counts what it cost in the month `month` (`2026-11`).
    /// Answers whether this was the end: `false` when it ended before or is gone. The cost counts in
    /// either case: it was spent. One transaction.
    ///
    /// # Errors
    /// Those of writing; the answer is still on its way then.
    pub fn finish_message(
        &self,
        id: &str,
        end: &MessageEnd,
        month: &str,
    ) -> Result<bool, StoreError> {
        self.transaction(|transaction| {
            if let Some(spent) = &end.spent {
                spending::count(transaction, month, spent)?;
            }
            let spent = end.spent.as_ref();
            let mut statement = transaction.prepare_cached(FINISH)?;
            let values = (
                id,
                end.status,
                &end.model,
                &end.request_id,
                spent.map(|spent| spent.input),
                spent.map(|spent| spent.cached),
                spent.map(|spent| spent.output),
                spent.map(|spent| spent.cost_pico),
                spent.map(|spent| &spent.currency),
                &end.about,
                &end.parts,
            );
            let number = statement.query_row(values, |row| row.get(0)).optional()?;
            match number {
                Some(number) => index(transaction, number, &end.words).map(|()| true),
                None => Ok(false),
            }
        })
    }

    /// Every answer that is still on its way is lost: done at opening, when none of ours can be.
    pub(crate) fn mark_messages_lost(&self) -> Result<(), StoreError> {
        let lost = self.lock().execute(LOSE_ALL, [])?;
        if lost > 0 {
            tracing::info!(lost, "answers of a process that died are marked lost");
        }
        Ok(())
    }

    /// All messages of a conversation, every branch, oldest first.
    ///
    /// # Errors
    /// Those of reading.
    pub fn messages(&self, thread: &str) -> Result<Vec<MessageRow>, StoreError> {
        let connection = self.lock();
        let mut statement = connection.prepare_cached(BY_THREAD)?;
        let rows = statement.query_map([thread], MessageRow::read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Messages that hold every word of `text`, of all conversations, newest first. The last word
    /// may be half typed; Chinese is found by any piece of it.
    ///
    /// # Errors
    /// Those of reading.
    pub fn search_messages(&self, text: &str, limit: u32) -> Result<Vec<MessageRow>, StoreError> {
        let Some(question) = question(text) else {
            return Ok(Vec::new());
        };
        let connection = self.lock();
        let mut statement = connection.prepare_cached(MATCHING)?;
        let rows = statement.query_map((question, limit), MessageRow::read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
