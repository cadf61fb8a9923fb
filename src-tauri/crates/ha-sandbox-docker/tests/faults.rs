//! What an engine, a container or an app may do in the middle of a program: one end, one clear sentence,
//! nothing left behind, and the next program runs.
//!
//! Whatever ends an engine is done to one that the test has started itself.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use bollard::Docker;
use bollard::query_parameters::{
    ListImagesOptions, RemoveContainerOptionsBuilder, RemoveImageOptionsBuilder,
};
use common::{SOON, listed, ours, pooled};
use ha_sandbox::{PoolReport, Run, RunError, RunOutcome, Runner, Standing, Stdin};
use ha_sandbox_docker::DockerRunner;
use ha_testkit::conformance::{
    NoReport, Transcript, canary, finish, listen, run, script, until_printed,
};
use ha_testkit::engine::PrivateEngine;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// An engine of the test's own, our runner on it, and a client that does what others might do.
struct Stage {
    engine: PrivateEngine,
    runner: Arc<DockerRunner>,
    docker: Docker,
    _locks: tempfile::TempDir,
}

impl Stage {
    fn new() -> Stage {
        Stage::on(PrivateEngine::start().unwrap())
    }

    fn on(engine: PrivateEngine) -> Stage {
        let locks = tempfile::tempdir().unwrap();
        let mut settings = common::settings(&engine.host());
        settings.locks = locks.path().into();
        let docker = client(&engine.host());
        Stage {
            runner: DockerRunner::open(settings),
            engine,
            docker,
            _locks: locks,
        }
    }

    /// A program of two processes that waits for ever, and has begun.
    async fn waiting(&self) -> Run {
        waiting(&*self.runner).await
    }

    /// The container that runs a program.
    async fn busy(&self) -> String {
        let found = pooled(&self.runner, &self.docker).await;
        let mut busy = Vec::new();
        for id in found {
            let top = self.docker.top_processes(&id, None).await.unwrap();
            // The program, beside the runner and the child it keeps ready.
            if top.processes.unwrap().len() > 2 {
                busy.push(id);
            }
        }
        match busy.as_slice() {
            [only] => only.clone(),
            other => panic!("{other:?}"),
        }
    }
}

fn client(host: &str) -> Docker {
    let socket = host.strip_prefix("unix://").unwrap();
    Docker::connect_with_unix(socket, 10, bollard::API_DEFAULT_VERSION).unwrap()
}

async fn waiting(runner: &dyn Runner) -> Run {
    let source =
        "import os, signal\nif os.fork() == 0:\n    signal.pause()\nprint('begun')\ninput()";
    let mut request = script(source);
    request.stdin = Stdin::Interactive;
    let mut run = runner.start(request).await.unwrap();
    until_printed(&mut run, "begun\n").await;
    run
}

/// The sentence of a program that was lost.
async fn lost(run: Run) -> String {
    let begun = Instant::now();
    let end = listen(run, |_| {}).await;
    assert!(begun.elapsed() < SOON, "told after {:?}", begun.elapsed());
    match end {
        Err(NoReport::Failed(RunError::Lost(reason))) => reason,
        other => panic!("{other:?}"),
    }
}

/// Waits until so many containers of ours are left.
async fn until_left(docker: &Docker, count: usize) {
    let begun = Instant::now();
    while ours(docker).await.len() != count {
        assert!(begun.elapsed() < SOON, "left: {:?}", ours(docker).await);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn standing(runner: &DockerRunner) -> Standing {
    let PoolReport { standing, .. } = runner.pool().unwrap();
    standing
}

async fn until_down(runner: &DockerRunner) {
    let down = |standing: &Standing| matches!(standing, Standing::Down { .. });
    let mut standing = runner.standing();
    let waited = tokio::time::timeout(SOON, standing.wait_for(down)).await;
    waited.expect("the engine is known to be down").unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_engine_that_stops_loses_one_program_and_comes_back() {
    let mut stage = Stage::new();
    let run = stage.waiting().await;
    stage.engine.stop();
    let reason = lost(run).await;
    assert!(reason.contains("the container ended"), "{reason}");
    until_down(&stage.runner).await;
    let refused = stage.runner.start(script("print()")).await;
    assert!(
        matches!(refused, Err(RunError::Unavailable(_))),
        "{refused:?}"
    );
    stage.engine.restart().unwrap();
    canary_when_back(&stage).await;
    stage.runner.rest().await;
    until_left(&stage.docker, 0).await;
}

/// The engine is looked for again after a second at least.
async fn canary_when_back(stage: &Stage) {
    let begun = Instant::now();
    while stage.runner.start(script("")).await.is_err() {
        assert!(begun.elapsed() < SOON);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    canary(&*stage.runner).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_engine_that_crashes_loses_one_program_and_comes_back() {
    let mut stage = Stage::new();
    let run = stage.waiting().await;
    stage.engine.kill();
    lost(run).await;
    until_down(&stage.runner).await;
    stage.engine.restart().unwrap();
    canary_when_back(&stage).await;
    stage.runner.rest().await;
    until_left(&stage.docker, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_engine_that_hangs_is_noticed_and_goes_on() {
    let stage = Stage::new();
    let run = stage.waiting().await;
    stage.engine.freeze();
    let reason = lost(run).await;
    assert!(reason.contains("in time"), "{reason}");
    until_down(&stage.runner).await;
    stage.engine.thaw();
    canary_when_back(&stage).await;
    stage.runner.rest().await;
    until_left(&stage.docker, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_container_that_is_killed_removed_or_paused_is_replaced() {
    let stage = Stage::new();
    for (act, sentence) in [
        ("kill", "the container ended"),
        ("remove", "the container"),
        ("pause", "somebody paused the container"),
    ] {
        let run = stage.waiting().await;
        let id = stage.busy().await;
        match act {
            "kill" => stage.docker.kill_container(&id, None).await.unwrap(),
            "pause" => stage.docker.pause_container(&id).await.unwrap(),
            _ => {
                let options = RemoveContainerOptionsBuilder::default().force(true).build();
                stage
                    .docker
                    .remove_container(&id, Some(options))
                    .await
                    .unwrap();
            }
        }
        let reason = lost(run).await;
        assert!(reason.contains(sentence), "{act}: {reason}");
        canary(&*stage.runner).await;
        assert!(!ours(&stage.docker).await.contains(&id), "{act}");
    }
    stage.runner.rest().await;
    until_left(&stage.docker, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_container_that_ends_during_the_proof_is_followed_by_another() {
    let stage = Stage::new();
    canary(&*stage.runner).await;
    stage.runner.rest().await;
    until_left(&stage.docker, 0).await;
    let killed = async {
        let begun = Instant::now();
        while begun.elapsed() < SOON {
            for id in ours(&stage.docker).await {
                // One that is not started yet cannot be killed.
                if stage.docker.kill_container(&id, None).await.is_ok() {
                    return;
                }
            }
        }
        panic!("no container was started");
    };
    tokio::join!(killed, canary(&*stage.runner));
    stage.runner.rest().await;
    until_left(&stage.docker, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_container_that_was_paused_while_idle_costs_nobody_a_program() {
    let stage = Stage::new();
    canary(&*stage.runner).await;
    for id in pooled(&stage.runner, &stage.docker).await {
        stage.docker.pause_container(&id).await.unwrap();
    }
    canary(&*stage.runner).await;
    stage.runner.rest().await;
    until_left(&stage.docker, 0).await;
}

async fn remove_image(docker: &Docker) -> Result<(), bollard::errors::Error> {
    for image in docker.list_images(None::<ListImagesOptions>).await? {
        let options = RemoveImageOptionsBuilder::default().force(true).build();
        docker.remove_image(&image.id, Some(options), None).await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_image_that_is_deleted_is_loaded_again() {
    let stage = Stage::new();
    canary(&*stage.runner).await;
    // An engine keeps the image of a container that lives.
    while remove_image(&stage.docker).await.is_err() {
        for id in ours(&stage.docker).await {
            let options = RemoveContainerOptionsBuilder::default().force(true).build();
            stage.docker.remove_container(&id, Some(options)).await.ok();
        }
    }
    canary_when_back(&stage).await;
    stage.runner.rest().await;
    until_left(&stage.docker, 0).await;
}

/// A disk of so many megabytes, in memory.
struct Disk(tempfile::TempDir);

impl Disk {
    fn new(megabytes: u32) -> Disk {
        let disk = Disk(tempfile::tempdir().unwrap());
        let size = format!("size={megabytes}m");
        let mut mount = std::process::Command::new("mount");
        let mount = mount
            .args(["-t", "tmpfs", "-o", &size, "none"])
            .arg(disk.0.path());
        assert!(mount.status().unwrap().success());
        disk
    }

    /// Takes all the room there is; dropping the file gives it back.
    fn fill(&self) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new_in(self.0.path()).unwrap();
        while std::io::Write::write_all(&mut file, &[1; 4096]).is_ok() {}
        file
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let mut unmount = std::process::Command::new("umount");
        unmount.arg("-l").arg(self.0.path()).status().ok();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_said_and_forgotten_once_there_is_room() {
    let disk = Disk::new(400);
    let data = disk.0.path().join("data");
    let stage = Stage::on(PrivateEngine::start_with(&data).unwrap());
    canary(&*stage.runner).await;
    stage.runner.rest().await;
    until_left(&stage.docker, 0).await;
    let full = disk.fill();
    match stage.runner.start(script("print()")).await {
        Err(RunError::Unavailable(reason)) => {
            assert!(reason.contains("no space left"), "{reason}");
        }
        other => panic!("{other:?}"),
    }
    drop(full);
    canary_when_back(&stage).await;
    stage.runner.rest().await;
    until_left(&stage.docker, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_left_of_a_container_that_was_being_made() {
    let stage = Stage::new();
    for _ in 0..5 {
        canary(&*stage.runner).await;
        // A process outlives its program, so its container is thrown away and another one made.
        let left = "import os, time\nif os.fork() == 0:\n    time.sleep(60)";
        run(&*stage.runner, script(left)).await.exited(0);
        stage.runner.rest().await;
        // What is being removed goes by itself; what has never started does not.
        let unstarted = listed(&stage.docker, &[("status", vec!["created"])]).await;
        assert_eq!(unstarted, Vec::<String>::new());
    }
    until_left(&stage.docker, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_app_leaves_the_containers_of_another_alone() {
    let stage = Stage::new();
    let mut settings = common::settings(&stage.engine.host());
    settings.locks = stage._locks.path().into();
    let other = DockerRunner::open(settings);
    let run = stage.waiting().await;
    canary(&*other).await;
    other.rest().await;
    drop(other);
    run.control.input("still here");
    assert_eq!(finish(run).await.outcome(), RunOutcome::Exited { code: 0 });
    stage.runner.rest().await;
    until_left(&stage.docker, 0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_programs_at_once_all_come_to_their_end() {
    let runner = common::runner();
    let mut runs = Vec::new();
    for number in 0..50 {
        let mut request = script("print(input())");
        request.stdin = Stdin::Text(format!("program {number}"));
        runs.push(runner.start(request).await.unwrap());
    }
    for (number, run) in runs.into_iter().enumerate() {
        let transcript: Transcript = finish(run).await.exited(0);
        assert_eq!(transcript.stdout(), format!("program {number}\n"));
    }
    let begun = Instant::now();
    // The last one's container is cleaned after its end was told.
    while runner.statistics().in_use > 0 && begun.elapsed() < SOON {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let done = runner.statistics();
    assert!(done.in_use == 0 && done.waiting == 0, "{done:?}");
    assert!(done.available + done.starting <= 3, "{done:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_cancels_at_once_end_a_hundred_programs() {
    let runner = common::runner();
    let mut runs = Vec::new();
    for _ in 0..100 {
        runs.push(runner.start(script("while True:\n    pass")).await.unwrap());
    }
    for run in &runs {
        run.control.cancel();
    }
    for run in runs {
        assert_eq!(finish(run).await.outcome(), RunOutcome::Cancelled);
    }
    canary(&*runner).await;
}

/// The app's half of the test below: runs something for ever in a process of its own.
const APP: &str = "HELLOAGENTS_TEST_APP_LOCKS";

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_is_killed_leaves_nothing_behind() {
    if let Some(locks) = std::env::var_os(APP) {
        let mut settings = common::settings(&common::host());
        settings.locks = locks.into();
        let run = waiting(&*DockerRunner::open(settings)).await;
        println!("waiting");
        finish(run).await;
        return;
    }
    let stage = Stage::new();
    canary(&*stage.runner).await;
    stage.runner.rest().await;
    until_left(&stage.docker, 0).await;
    let mut app = std::process::Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "an_app_that_is_killed_leaves_nothing_behind",
            "--nocapture",
        ])
        .env(APP, stage._locks.path())
        .env("HELLOAGENTS_TEST_DOCKER_HOST", stage.engine.host())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut words = std::io::BufReader::new(app.stdout.take().unwrap());
    let mut line = String::new();
    while !line.contains("waiting") {
        line.clear();
        let read = std::io::BufRead::read_line(&mut words, &mut line).unwrap();
        assert!(read > 0, "the app ended before its program began");
    }
    assert!(!ours(&stage.docker).await.is_empty());
    app.kill().unwrap();
    let killed = Instant::now();
    until_left(&stage.docker, 0).await;
    println!("everything is gone after {:?}", killed.elapsed());
    app.wait().unwrap();
    run(&*stage.runner, script("print(1)")).await.exited(0);
    assert!(matches!(standing(&stage.runner), Standing::Ready { .. }));
}
