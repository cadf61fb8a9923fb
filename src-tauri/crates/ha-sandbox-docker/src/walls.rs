//! What stands around every container: the limits asked for at its creation, and the proof that the
//! engine has kept them.
//!
//! What the runner forbids a program from the inside (system calls, its own memory) is not here.

use bollard::models::{
    ContainerCreateBody, ContainerInspectResponse, HostConfig, HostConfigLogConfig,
    ResourcesUlimits,
};
use std::collections::HashMap;

/// Memory of one container, and of it and its swap together, in bytes.
pub(crate) const MEMORY: i64 = 128 << 20;
/// Processes and threads of one container, the runner included.
pub(crate) const PROCESSES: i64 = 64;
/// Half a processor, in slices of 10 ms: with the usual ones of 50 ms a busy program stands still for
/// 50 ms at a time, and so does the runner that must stop it.
const PERIOD_US: i64 = 20_000;
const QUOTA_US: i64 = 10_000;
/// Bytes of `/dev/shm`; `multiprocessing` needs a little of it for its locks.
const SHARED_MEMORY: i64 = 4 << 20;
/// The folders a program may write to: the one with its files, and the one for passing ones.
const FOLDERS: [&str; 2] = ["/work", "/tmp"];
/// How they may be used. The number of files is limited because each costs memory of the kernel, which
/// counts as the container's: without it, three million empty files end the runner.
const FILES: &str = "rw,noexec,nosuid,nodev,size=10M,mode=1777,nr_inodes=2000";
/// The user without rights who runs everything.
const USER: &str = "1000:1000";
/// Largest file, open files and core files, each for every process.
const ULIMITS: [(&str, i64); 3] = [("core", 0), ("nofile", 256), ("fsize", 16 << 20)];

/// A container of `image` within all walls. Its first process and its environment are the image's.
pub(crate) fn body(image: &str, labels: HashMap<String, String>) -> ContainerCreateBody {
    ContainerCreateBody {
        image: Some(image.into()),
        user: Some(USER.into()),
        // Else it would be a part of the container's id, and programs would see which one they got.
        hostname: Some("sandbox".into()),
        working_dir: Some(FOLDERS[0].into()),
        attach_stdin: Some(true),
        attach_stdout: Some(true),
        attach_stderr: Some(true),
        tty: Some(false),
        // When our connection is gone the runner reads the end of its input and ends, and with it the
        // container: nothing is left of an app that was killed.
        open_stdin: Some(true),
        stdin_once: Some(true),
        // A first process ignores the usual signal, and an engine that shuts down would wait for it.
        stop_signal: Some("SIGKILL".into()),
        network_disabled: Some(true),
        labels: Some(labels),
        host_config: Some(host_config()),
        ..Default::default()
    }
}

fn host_config() -> HostConfig {
    let ulimit = |(name, limit): (&str, i64)| ResourcesUlimits {
        name: Some(name.into()),
        soft: Some(limit),
        hard: Some(limit),
    };
    HostConfig {
        memory: Some(MEMORY),
        memory_swap: Some(MEMORY),
        pids_limit: Some(PROCESSES),
        cpu_period: Some(PERIOD_US),
        cpu_quota: Some(QUOTA_US),
        network_mode: Some("none".into()),
        ipc_mode: Some("private".into()),
        readonly_rootfs: Some(true),
        cap_drop: Some(vec!["ALL".into()]),
        security_opt: Some(vec!["no-new-privileges".into()]),
        tmpfs: Some(FOLDERS.map(|folder| (folder.into(), FILES.into())).into()),
        shm_size: Some(SHARED_MEMORY),
        ulimits: Some(ULIMITS.map(ulimit).into()),
        auto_remove: Some(true),
        // The runner must be the first process: signals from inside do not reach that one.
        init: Some(false),
        // A log would grow on the disk with every word a program prints.
        log_config: Some(HostConfigLogConfig {
            typ: Some("none".into()),
            config: None,
        }),
        ..Default::default()
    }
}

/// What the engine says of a container it has created, against what was asked for. Engines drop what
/// they cannot do and say so at most in a warning nobody reads.
///
/// # Errors
/// The first wall that is missing, in words for the learner.
pub(crate) fn verify(inspected: &ContainerInspectResponse) -> Result<(), String> {
    let missing = |what: &str| Err(format!("the engine does not limit {what}"));
    let Some(given) = &inspected.host_config else {
        return missing("anything: it does not tell what it does");
    };
    let asked = host_config();
    let drops_all = |drops: &Option<Vec<String>>| {
        // Podman answers with the list of what it took away instead.
        let drops = drops.as_deref().unwrap_or_default();
        drops.iter().any(|drop| drop.eq_ignore_ascii_case("all")) || drops.len() >= 10
    };
    let sizes = FOLDERS.iter().all(|folder| {
        let folders = given.tmpfs.as_ref();
        let options = folders.and_then(|folders| folders.get(*folder));
        options.is_some_and(|options| options.contains("size=10"))
    });
    let no_new_privileges = given
        .security_opt
        .iter()
        .flatten()
        .any(|option| option.starts_with("no-new-privileges"));
    let ulimits = ULIMITS.iter().all(|(name, limit)| {
        let named = |ulimit: &&ResourcesUlimits| {
            let given = ulimit.name.as_deref().unwrap_or_default();
            given.to_ascii_lowercase().trim_start_matches("rlimit_") == *name
        };
        let given = given.ulimits.iter().flatten().find(named);
        given.is_some_and(|ulimit| ulimit.hard == Some(*limit))
    });
    for (held, what) in [
        (given.memory == asked.memory, "memory"),
        (given.memory_swap == asked.memory_swap, "memory with swap"),
        (given.pids_limit == asked.pids_limit, "processes"),
        (given.cpu_quota == asked.cpu_quota, "processor time"),
        (given.network_mode == asked.network_mode, "the network"),
        (given.readonly_rootfs == Some(true), "writing to the system"),
        (drops_all(&given.cap_drop), "privileges"),
        (no_new_privileges, "new privileges"),
        (sizes, "the size of files"),
        (given.shm_size == asked.shm_size, "shared memory"),
        (ulimits, "open files and cores"),
        (given.privileged != Some(true), "privileged containers"),
    ] {
        if !held {
            return missing(what);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    fn kept() -> ContainerInspectResponse {
        ContainerInspectResponse {
            host_config: Some(host_config()),
            ..Default::default()
        }
    }

    fn check_dropped(drop: impl FnOnce(&mut HostConfig), expected: &str) {
        let mut inspected = kept();
        drop(inspected.host_config.as_mut().unwrap());
        let refused = verify(&inspected).unwrap_err();
        assert_eq!(refused, format!("the engine does not limit {expected}"));
    }

    #[test]
    fn an_engine_that_keeps_every_wall_is_taken() {
        assert_eq!(verify(&kept()), Ok(()));
    }

    #[test]
    fn an_engine_that_drops_one_is_refused_by_its_name() {
        check_dropped(|given| given.memory = Some(0), "memory");
        check_dropped(|given| given.memory_swap = Some(-1), "memory with swap");
        check_dropped(|given| given.pids_limit = None, "processes");
        check_dropped(|given| given.cpu_quota = Some(0), "processor time");
        check_dropped(
            |given| given.network_mode = Some("default".into()),
            "the network",
        );
        check_dropped(
            |given| given.readonly_rootfs = Some(false),
            "writing to the system",
        );
        check_dropped(|given| given.cap_drop = None, "privileges");
        check_dropped(|given| given.security_opt = None, "new privileges");
        check_dropped(|given| given.tmpfs = None, "the size of files");
        check_dropped(|given| given.shm_size = Some(64 << 20), "shared memory");
        check_dropped(
            |given| given.ulimits = Some(Vec::new()),
            "open files and cores",
        );
        check_dropped(
            |given| given.privileged = Some(true),
            "privileged containers",
        );
    }

    #[test]
    fn an_engine_that_tells_nothing_is_refused() {
        assert!(verify(&ContainerInspectResponse::default()).is_err());
    }
}
