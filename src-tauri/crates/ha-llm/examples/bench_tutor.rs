//! What the client costs on top of a bare HTTP request, against the fake service in this process.
//!
//! `bench_tutor [--answers N]`, in a release build: `cargo xtask bench tutor`. Prints one JSON object.
//! Bare and ours take turns, so that load hits both alike, and both keep their connection. Memory is
//! this process's, the fake service's part included, which forgets what came.

use anyhow::{Context, Result, bail, ensure};
use ha_llm::{
    ChatEvent, ChatRequest, ClientSettings, Endpoint, LlmClient, Message, Provider, Proxy,
    Surroundings,
};
use ha_testkit::fake_chat::{Answer, FakeChat, Step};
use serde_json::json;
use std::time::{Duration, Instant};

/// Answers of which the first word is timed, bare and ours each.
const ROUNDS: usize = 300;
/// Of these, the first are not counted.
const WARM_UP: usize = 30;
/// Answers that are cancelled in the middle.
const CANCELLED: usize = 100;
/// Words of an answer whose memory is looked at.
const WORDS: u32 = 60;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<()> {
    let mut words = std::env::args().skip(1);
    let answers = match (words.next().as_deref(), words.next()) {
        (None, _) => 10_000,
        (Some("--answers"), Some(count)) => count.parse()?,
        _ => bail!("bench_tutor [--answers N]"),
    };
    let fake = FakeChat::start().await;
    let client = client(&fake)?;
    let (bare, ours) = first_words(&fake, &client).await?;
    let cancels = cancels(&fake, &client).await?;
    let stream = stream(&fake, &client).await?;
    let memory = memory(&fake, &client, answers).await?;
    let added = milliseconds(middle(&ours)) - milliseconds(middle(&bare));
    println!(
        "{}",
        json!({
            "first_word_bare_ms": { "p50": milliseconds(middle(&bare)), "p95": milliseconds(late(&bare)) },
            "first_word_ours_ms": { "p50": milliseconds(middle(&ours)), "p95": milliseconds(late(&ours)) },
            "first_word_added_ms": rounded(added),
            "cancel_to_closed_ms": { "p50": milliseconds(middle(&cancels)), "max": milliseconds(last(&cancels)) },
            "words_per_second": stream.round(),
            "memory": memory,
        })
    );
    Ok(())
}

fn client(fake: &FakeChat) -> Result<LlmClient> {
    let settings = ClientSettings {
        per_minute: u32::MAX,
        ..ClientSettings::default()
    };
    let endpoint = Endpoint::new(Provider::Compatible, &fake.base_url(), Proxy::None)?;
    Ok(LlmClient::new(
        endpoint,
        None,
        settings,
        Surroundings::of_this_machine(),
    )?)
}

fn question() -> ChatRequest {
    ChatRequest {
        model: "deepseek-flash".into(),
        messages: vec![Message::User("why does my loop not end? ".repeat(40))],
        ..ChatRequest::default()
    }
}

/// Times to the first word, sorted: of a bare request, and of ours.
async fn first_words(
    fake: &FakeChat,
    client: &LlmClient,
) -> Result<(Vec<Duration>, Vec<Duration>)> {
    let bare_client = reqwest::Client::builder()
        .no_proxy()
        .tls_certs_only([])
        .build()?;
    let body = json!({ "model": "deepseek-flash", "stream": true,
        "messages": [{ "role": "user", "content": "why does my loop not end? ".repeat(40) }] });
    let (mut bare, mut ours) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS + WARM_UP {
        let start = Instant::now();
        let request = bare_client.post(format!("{}/chat/completions", fake.base_url()));
        let mut response = request
            .header("content-type", "application/json")
            .body(body.to_string())
            .send()
            .await?;
        response
            .chunk()
            .await?
            .context("a bare answer without words")?;
        let bare_time = start.elapsed();
        while response.chunk().await?.is_some() {}

        let start = Instant::now();
        let mut chat = client.chat(&question())?;
        let mut our_time = None;
        while let Some(event) = chat.events.recv().await {
            if matches!(event, ChatEvent::Delta(_)) && our_time.is_none() {
                our_time = Some(start.elapsed());
            }
        }
        at_rest(client).await;
        if round >= WARM_UP {
            bare.push(bare_time);
            ours.push(our_time.context("an answer without words")?);
        }
    }
    bare.sort();
    ours.sort();
    Ok((bare, ours))
}

/// From the call of cancel to the service seeing its connection closed, sorted.
async fn cancels(fake: &FakeChat, client: &LlmClient) -> Result<Vec<Duration>> {
    let mut times = Vec::new();
    for _ in 0..CANCELLED {
        let before = fake.open();
        fake.script([Answer::stream([Step::Words("so ".into()), Step::Hold])]);
        let mut chat = client.chat(&question())?;
        while !matches!(chat.events.recv().await, Some(ChatEvent::Delta(_)) | None) {}
        // The answer took a kept connection, or a new one beside it.
        let expected = before.max(fake.open()) - 1;
        let start = Instant::now();
        chat.control.cancel();
        fake.wait_for_connections(expected).await;
        times.push(start.elapsed());
        at_rest(client).await;
    }
    times.sort();
    Ok(times)
}

/// Words in a second, as fast as they come.
async fn stream(fake: &FakeChat, client: &LlmClient) -> Result<f64> {
    let count = 100_000;
    fake.script([Answer::stream([Step::Repeat(
        Box::new(Step::Words("word ".into())),
        Some(count),
    )])
    .ended()]);
    let start = Instant::now();
    ensure!(
        hear(client).await? == count as usize * "word ".len(),
        "words are missing"
    );
    Ok(f64::from(count) / start.elapsed().as_secs_f64())
}

/// Resident memory over many answers.
async fn memory(fake: &FakeChat, client: &LlmClient, answers: usize) -> Result<serde_json::Value> {
    fake.otherwise(
        Answer::stream([Step::Repeat(
            Box::new(Step::Words("word ".into())),
            Some(WORDS),
        )])
        .ended(),
    );
    let early = answers / 10;
    let mut at_early = None;
    for answer in 0..answers {
        hear(client).await?;
        fake.forget_requests();
        if answer + 1 == early {
            at_early = resident();
        }
    }
    let at_end = resident();
    Ok(json!({
        "answers": answers,
        "early_after": early,
        "early_mb": at_early.map(rounded),
        "end_mb": at_end.map(rounded),
        "growth_mb": at_early.zip(at_end).map(|(early, end)| rounded(end - early)),
        "connections_made": fake.accepted(),
    }))
}

/// Bytes of words in one answer.
async fn hear(client: &LlmClient) -> Result<usize> {
    let mut chat = client.chat(&question())?;
    let mut bytes = 0;
    while let Some(event) = chat.events.recv().await {
        match event {
            ChatEvent::Delta(text) => bytes += text.len(),
            ChatEvent::Failed(error) => return Err(error.into()),
            _ => {}
        }
    }
    at_rest(client).await;
    Ok(bytes)
}

/// Until the connection of the last answer can be used again.
async fn at_rest(client: &LlmClient) {
    while client.in_flight() > 0 {
        tokio::task::yield_now().await;
    }
}

/// Megabytes of this process; none where the system does not say it.
fn resident() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes / 1024.0)
}

fn middle(sorted: &[Duration]) -> Duration {
    sorted[sorted.len() / 2]
}

fn late(sorted: &[Duration]) -> Duration {
    sorted[sorted.len() * 95 / 100]
}

fn last(sorted: &[Duration]) -> Duration {
    sorted[sorted.len() - 1]
}

fn milliseconds(time: Duration) -> f64 {
    rounded(time.as_secs_f64() * 1e3)
}

fn rounded(number: f64) -> f64 {
    (number * 1_000.0).round() / 1_000.0
}
