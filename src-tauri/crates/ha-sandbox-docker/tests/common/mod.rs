//! The engine of the tests: the one that `cargo xtask test` started for them. Without it the tests fail,
//! because what does not run proves nothing.
#![allow(dead_code, reason = "every test file uses a part of this")]

use bollard::Docker;
use bollard::query_parameters::ListContainersOptionsBuilder;
use ha_sandbox_docker::{DockerRunner, DockerSettings, ImageSources, PoolSize, Surroundings};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

/// The address of the engine, as docker writes it.
pub fn host() -> String {
    std::env::var("HELLOAGENTS_TEST_DOCKER_HOST").expect(
        "these tests need a Docker engine of their own: run `cargo xtask test`, or set \
         HELLOAGENTS_TEST_DOCKER_HOST",
    )
}

/// The archive of the image.
pub fn image() -> ImageSources {
    ImageSources {
        archives: std::env::var_os("HELLOAGENTS_TEST_IMAGE")
            .map(PathBuf::from)
            .into_iter()
            .collect(),
        may_pull: false,
    }
}

/// Settings for the engine at `host`.
pub fn settings(host: &str) -> DockerSettings {
    DockerSettings {
        surroundings: Surroundings {
            environment: HashMap::from([("DOCKER_HOST".into(), host.into())]),
            home: None,
        },
        image: image(),
        locks: PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("locks"),
        size: PoolSize::default(),
    }
}

/// The runner of this process.
pub fn runner() -> Arc<DockerRunner> {
    static RUNNER: OnceLock<Arc<DockerRunner>> = OnceLock::new();
    RUNNER
        .get_or_init(|| DockerRunner::open(settings(&host())))
        .clone()
}

/// A busy test machine gets many times what is usual.
pub const SOON: Duration = Duration::from_secs(30);

/// The containers of a pool once it is at rest: none is being made, and those that were thrown away, that
/// of the proof among them, are gone.
pub async fn pooled(runner: &DockerRunner, docker: &Docker) -> Vec<String> {
    let begun = Instant::now();
    loop {
        let counts = runner.statistics();
        let found = ours(docker).await;
        if counts.starting == 0 && found.len() == counts.available + counts.in_use {
            return found;
        }
        assert!(begun.elapsed() < SOON, "{found:?}: {counts:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Containers of ours, whatever they do.
pub async fn ours(docker: &Docker) -> Vec<String> {
    listed(docker, &[]).await
}

/// Those of ours that pass more filters, as the engine names them.
pub async fn listed(docker: &Docker, more: &[(&'static str, Vec<&'static str>)]) -> Vec<String> {
    let mut filters = HashMap::from([("label", vec!["helloagents"])]);
    filters.extend(more.iter().cloned());
    let options = ListContainersOptionsBuilder::default()
        .all(true)
        .filters(&filters)
        .build();
    let found = docker
        .list_containers(Some(options))
        .await
        .expect("the engine lists its containers");
    found
        .into_iter()
        .filter_map(|container| container.id)
        .collect()
}
