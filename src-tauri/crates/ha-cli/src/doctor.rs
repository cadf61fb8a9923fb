//! `helloagents doctor`.

use crate::engine::{containers, sandbox, settled};
use crate::now_ms;
use crate::say::{self, say, spoken};
use ha_api::{App, Engines, Places};
use ha_sandbox::Runner;

/// Prints the health report and answers the exit code.
pub(crate) async fn doctor(places: Places, json: bool) -> u8 {
    let (wasm, docker) = (sandbox(&places), containers(&places, false));
    docker.warm();
    tokio::join!(settled(&*wasm), settled(&*docker));
    let app = App::open(places, Engines::new(wasm, Some(docker)), now_ms);
    let health = app.health().await;
    app.engine_rest().await;
    if json {
        let object = serde_json::to_string(&health).expect("a report is plain data");
        say::object(&object);
    } else {
        say!("HelloAgents {}", health.version);
        for part in &health.parts {
            let mark = match part.healthy {
                true => spoken!("正常", "ok   "),
                false => spoken!("异常", "WRONG"),
            };
            say!("{mark} {:<12} {}", part.name, part.detail);
        }
    }
    u8::from(!health.healthy)
}
