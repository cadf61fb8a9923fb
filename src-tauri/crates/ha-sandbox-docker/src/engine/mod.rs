//! The engine: where it is, whether it may be trusted, and the image it needs.
//!
//! ```text
//! find ─▶ connect ─▶ promises limits? ─▶ sweep ─▶ image ─▶ one container ─▶ proof of limits ─▶ ready
//! ```

mod connect;
mod find;
mod image;
mod proof;
mod recipe;
mod ssh;

pub(crate) use connect::Connected;
pub use find::Surroundings;
pub use image::ImageSources;
pub(crate) use image::ensure as image_of;

use crate::book::Book;
use crate::session::Session;
use crate::sweep::{self, Instance};
use crate::trouble::{QUICK, Trouble, within};
use bollard::Docker;
use bollard::models::{SystemInfo, SystemInfoCgroupVersionEnum};
use ha_sandbox::{EngineFacts, Language};
use image::Say;

/// An engine on which programs may run.
pub(crate) struct Proven {
    pub connected: Connected,
    pub facts: EngineFacts,
}

/// Finds an engine, gets its image and proves its limits.
///
/// # Errors
/// Why no program can run on it.
pub(crate) async fn bring_up(
    around: &Surroundings,
    sources: &ImageSources,
    instance: &Instance,
    book: &Book,
    say: Say<'_>,
) -> Result<Proven, Trouble> {
    say("looking for a Docker engine", None);
    let candidates = find::candidates(around).map_err(Trouble::Unreachable)?;
    let connected = connect::first_of(candidates, &around.ssh()).await?;
    promises(&connected.info).map_err(Trouble::Unsafe)?;
    let docker = &connected.docker;
    book.swept(sweep::sweep(docker, instance).await?);
    let image = image::ensure(docker, instance, sources, Language::Python, say).await?;
    let python = match first_container(docker, &image, instance, say).await {
        // One may end by itself, as any other; a second one tells of the engine.
        Err(Trouble::Broken(reason)) => {
            tracing::warn!(reason, "the first container is followed by another");
            first_container(docker, &image, instance, say).await?
        }
        other => other?,
    };
    let facts = facts(&connected, image, python);
    Ok(Proven { connected, facts })
}

/// Starts a container, proves the limits in it, and answers the version of its Python.
async fn first_container(
    docker: &Docker,
    image: &str,
    instance: &Instance,
    say: Say<'_>,
) -> Result<String, Trouble> {
    say("starting the first container", None);
    let mut session = Session::open(docker, image, instance.labels()).await?;
    say("proving the limits of the engine", None);
    let proven = proof::prove(&mut session).await;
    let python = session.python().to_owned();
    // Nobody waits for it: a program may run.
    tokio::spawn(session.close());
    proven.map(|()| python)
}

/// Whether the engine is still there.
pub(crate) async fn is_alive(connected: &Connected) -> Result<(), Trouble> {
    within(QUICK, "answer", connected.docker.ping())
        .await
        .map(drop)
}

/// Whether an engine says that it can limit what must be limited.
fn promises(info: &SystemInfo) -> Result<(), String> {
    for (promised, what) in [
        (info.memory_limit, "memory"),
        (info.pids_limit, "processes"),
        (info.cpu_cfs_quota, "processor time"),
    ] {
        if promised == Some(false) {
            return Err(format!("it cannot limit {what}"));
        }
    }
    Ok(())
}

fn facts(connected: &Connected, image: String, python: String) -> EngineFacts {
    let info = &connected.info;
    EngineFacts {
        named_by: connected.named_by.clone(),
        version: connected.version.clone(),
        api: connected.api.clone(),
        architecture: connected.architecture.clone(),
        system: info.operating_system.clone().unwrap_or_default(),
        cgroup: match info.cgroup_version {
            Some(SystemInfoCgroupVersionEnum::_2) => "2",
            _ => "1",
        }
        .into(),
        python,
        image,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_engine_that_cannot_limit_is_refused_before_anything_runs() {
        let info = |memory, pids, cpu| SystemInfo {
            memory_limit: memory,
            pids_limit: pids,
            cpu_cfs_quota: cpu,
            ..Default::default()
        };
        let all = Some(true);
        assert_eq!(promises(&info(all, all, all)), Ok(()));
        assert_eq!(
            promises(&info(all, None, all)),
            Ok(()),
            "the proof will tell"
        );
        let none = Some(false);
        assert_eq!(
            promises(&info(none, all, all)),
            Err("it cannot limit memory".into())
        );
        assert_eq!(
            promises(&info(all, none, all)),
            Err("it cannot limit processes".into())
        );
        assert_eq!(
            promises(&info(all, all, none)),
            Err("it cannot limit processor time".into())
        );
    }
}
