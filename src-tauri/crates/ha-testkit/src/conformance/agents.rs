//! What agents are written with, over the channel of [`calls`](super::calls): `llm` and the stand-in for
//! `openai`, waiting, streaming, in tasks and in threads.

use super::calls::{answer, answered, next_call, start};
use super::{canary, finish, script, until_printed};
use ha_sandbox::{HostCall, Run, Runner};
use serde_json::{Value, json};

/// What the last message of a request says.
fn question(call: &HostCall) -> String {
    let request: Value = serde_json::from_str(&call.request).unwrap();
    let messages = request["payload"]["request"]["messages"].as_array();
    let last = messages.and_then(|messages| messages.last());
    last.unwrap()["content"].as_str().unwrap().to_owned()
}

/// A whole reply.
fn reply(text: &str) -> String {
    let message = json!({ "role": "assistant", "content": text });
    let choice = json!({ "index": 0, "message": message, "finish_reason": "stop" });
    json!({ "reply": { "id": "r", "choices": [choice] } }).to_string()
}

/// Says a piece of a streamed reply and waits until the program has printed it.
async fn piece(run: &mut Run, call: &HostCall, text: &str) {
    let choice = json!({ "index": 0, "delta": { "content": text }, "finish_reason": null });
    let delta = json!({ "delta": { "id": "r", "choices": [choice] } });
    answer(run, call, &delta.to_string(), false);
    until_printed(run, &format!("{text}|")).await;
}

/// What lessons import asks over this channel, and an error of the host is the program's own traceback.
pub async fn packages_of_lessons_ask_the_host(runner: &dyn Runner) {
    let source = "\
import os, llm
from openai import OpenAI
print(llm.chat('Hello').text)
client = OpenAI(api_key=os.environ['LLM_API_KEY'], base_url=os.environ['LLM_BASE_URL'])
message = {'role': 'user', 'content': 'Hello'}
reply = client.chat.completions.create(model=os.environ['LLM_MODEL_ID'], messages=[message])
print(reply.choices[0].message.content)
llm.chat('once more')";
    let mut run = start(runner, script(source)).await;
    for _ in 0..2 {
        let (call, _) = next_call(&mut run).await;
        let request: serde_json::Value = serde_json::from_str(&call.request).unwrap();
        assert_eq!(request["name"], "chat");
        assert_eq!(request["payload"]["request"]["model"], "lesson-model");
        let said = &request["payload"]["request"]["messages"][0];
        let choice = serde_json::json!({ "index": 0, "message": said, "finish_reason": "stop" });
        let reply = serde_json::json!({ "reply": { "id": "r", "choices": [choice] } });
        answer(&run, &call, &reply.to_string(), true);
    }
    let (call, _) = next_call(&mut run).await;
    let error = "{\"error\": {\"code\": \"call_limit\", \"message\": \"3 calls\"}}";
    answer(&run, &call, error, true);
    let transcript = finish(run).await;
    let traceback = "Traceback (most recent call last):\n  File \"main.py\", line 8, in <module>\n";
    let stderr = transcript.stderr();
    assert!(stderr.starts_with(traceback), "{stderr}");
    assert!(stderr.ends_with("\nllm.CallLimit: 3 calls\n"), "{stderr}");
    assert!(!stderr.contains("_bridge"), "{stderr}");
    canary(runner).await;
}

/// Each piece is in the program's hands before the next one is said.
pub async fn replies_stream_as_they_come(runner: &dyn Runner) {
    let source = "\
import llm
from openai import OpenAI
for piece in llm.chat('Hello', stream=True):
    print(piece, end='|', flush=True)
message = {'role': 'user', 'content': 'Hello'}
stream = OpenAI().chat.completions.create(model='m', messages=[message], stream=True)
for chunk in stream:
    if chunk.choices:
        print(chunk.choices[0].delta.content, end='|', flush=True)
print('over')";
    let mut run = start(runner, script(source)).await;
    for _ in 0..2 {
        let (call, _) = next_call(&mut run).await;
        assert!(
            call.request.contains("\"stream\": true"),
            "{}",
            call.request
        );
        for text in ["one", "二", "three"] {
            piece(&mut run, &call, text).await;
        }
        let done = json!({ "done": { "usage": { "total_tokens": 3 } } });
        answer(&run, &call, &done.to_string(), true);
    }
    assert_eq!(finish(run).await.exited(0).stdout(), "over\n");
}

/// Several questions are under way at once, and the first asked may be the last answered.
pub async fn tasks_of_lessons_ask_at_once(runner: &dyn Runner) {
    let source = "\
import asyncio, llm
from openai import AsyncOpenAI
client = AsyncOpenAI()

async def asks(text):
    message = {'role': 'user', 'content': text}
    reply = await client.chat.completions.create(model='m', messages=[message])
    return reply.choices[0].message.content

async def main():
    print(*await asyncio.gather(asks('a'), asks('b'), llm.chat_async('c')))

asyncio.run(main())";
    let mut run = start(runner, script(source)).await;
    let mut calls = Vec::new();
    for _ in 0..3 {
        calls.push(next_call(&mut run).await.0);
    }
    for call in calls.iter().rev() {
        answer(&run, call, &reply(&question(call).to_uppercase()), true);
    }
    assert_eq!(finish(run).await.exited(0).stdout(), "A B C\n");
}

/// Threads get their own answers, whether they really run side by side or one after the other.
pub async fn threads_of_lessons_ask(runner: &dyn Runner) {
    let source = "\
import llm
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(3) as pool:
    print(*pool.map(lambda n: llm.chat(str(n)).text, range(6)))";
    let transcript = answered(runner, source, |call| {
        reply(&format!("<{}>", question(call)))
    });
    let stdout = transcript.await.exited(0).stdout();
    assert_eq!(stdout, "<0> <1> <2> <3> <4> <5>\n");
    canary(runner).await;
}

/// Nobody carries it anywhere, the program learns why, and its next question is as good as any. Where a
/// program has no room for such a text, that is an error of Python's own.
pub async fn a_prompt_of_a_hundred_megabytes_is_refused(runner: &dyn Runner) {
    let source = "\
import llm
for size in (20 << 20, 100 << 20):
    try:
        llm.chat('x' * size)
    except (llm.BadRequest, MemoryError) as error:
        print(str(error) or 'no memory')
print(llm.chat('short').text)";
    let mut asked = 0;
    let transcript = answered(runner, source, |call| {
        asked += 1;
        reply(&question(call))
    });
    let stdout = transcript.await.exited(0).stdout();
    let lines: Vec<&str> = stdout.lines().collect();
    let [first, second, last]: [&str; 3] = lines.try_into().unwrap();
    let refused = "this request is larger than 1 MiB: send less text";
    assert_eq!(first, refused);
    assert!([refused, "no memory"].contains(&second), "{second}");
    assert_eq!((last, asked), ("short", 1));
    canary(runner).await;
}
