//! `helloagents-fake-chat`: the fake chat service for tests in other processes. Writes its address as
//! one line and serves until its standard input ends.

use ha_testkit::fake_chat::FakeChat;
use std::io::Write;
use tokio::io::{AsyncReadExt, stdin};

#[tokio::main]
async fn main() {
    let service = FakeChat::start().await;
    println!("{}", service.base_url());
    std::io::stdout().flush().ok();
    // Whoever started it has gone when the pipe closes, however that came about.
    let mut ignored = [0; 64];
    while matches!(stdin().read(&mut ignored).await, Ok(read) if read > 0) {}
}
