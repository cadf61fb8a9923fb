//! Vectors of texts, recorded or made without a model: no service is asked for them.

use super::asked::EmbedCall;
use ha_llm::{EMBEDDING_SIZE, Player, embedding, estimate_tokens};
use serde_json::{Value, json};

/// The vectors of texts, in the JSON of the embeddings that services give. They need no cassette: every
/// text has the vector that is made without a model.
pub(crate) fn embedded(player: Option<&Player>, call: &EmbedCall) -> Value {
    let vector = |text: &String| match player {
        Some(player) => player.embed(text),
        None => embedding(text, EMBEDDING_SIZE),
    };
    let data: Vec<Value> = call
        .input
        .iter()
        .enumerate()
        .map(|(index, text)| json!({ "object": "embedding", "index": index, "embedding": vector(text) }))
        .collect();
    let tokens: u64 = call.input.iter().map(|text| estimate_tokens(text)).sum();
    json!({
        "object": "list",
        "data": data,
        "model": call.model.as_deref().unwrap_or("embedding"),
        "usage": { "prompt_tokens": tokens, "total_tokens": tokens },
    })
}

/// The numbers of each vector of an answer.
pub(crate) fn size(answer: &Value) -> usize {
    let first = answer
        .pointer("/data/0/embedding")
        .and_then(Value::as_array);
    first.map_or(0, Vec::len)
}
