//! What the worker gives up before it touches a program: files, memory, privileges, its parent's end.
//!
//! The guest is walled in by WebAssembly already. These walls are for the day that one has a hole, and
//! for our own mistakes: a worker that runs wild must not take the machine along.
//!
//! Elsewhere than on Unix there is only what the app does: an empty environment, no window, an end
//! with its input. On macOS memory is not limited (its kernel ignores the limit of data) and a parent's
//! death is noticed by the end of the input alone. `RLIMIT_NPROC` counts what the whole user runs and
//! would refuse our own threads on a busy desktop, and `RLIMIT_AS` counts what the engine reserves
//! without using it, some gigabytes a program; so both stay as they are.

/// Raises them. One that cannot be raised is told and done without: the guest has its own.
pub(crate) fn raise() {
    #[cfg(unix)]
    unix::raise();
}

#[cfg(unix)]
mod unix {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    /// Open files. Eight programs with a hundred and twenty-eight each, and some of the engine.
    const FILES: u64 = 1280;
    /// Bytes of one file. The compiled guest is 55 MB.
    const FILE_BYTES: u64 = 256 << 20;
    /// Bytes of private writable memory, used or not. Eight programs may hold 128 MiB each beside a
    /// stack of 65 MiB; compiling the guest takes half a GiB when no program runs.
    const DATA_BYTES: u64 = 4 << 30;

    pub fn raise() {
        for (resource, most) in [
            (Resource::Core, 0),
            (Resource::Nofile, FILES),
            (Resource::Fsize, FILE_BYTES),
            (Resource::Data, DATA_BYTES),
        ] {
            limit(resource, most);
        }
        #[cfg(target_os = "linux")]
        linux();
    }

    fn limit(resource: Resource, most: u64) {
        let most = match getrlimit(resource).maximum {
            Some(allowed) => most.min(allowed),
            None => most,
        };
        let both = Rlimit {
            current: Some(most),
            maximum: Some(most),
        };
        if let Err(error) = setrlimit(resource, both) {
            eprintln!("the limit {resource:?} cannot be set: {error}");
        }
    }

    #[cfg(target_os = "linux")]
    fn linux() {
        use rustix::process::{Signal, set_parent_process_death_signal};
        let name = c"sandbox-worker";
        for (what, raised) in [
            (
                "the end with its parent",
                set_parent_process_death_signal(Some(Signal::KILL)),
            ),
            (
                "giving up new privileges",
                rustix::thread::set_no_new_privs(true),
            ),
            ("its name", rustix::thread::set_name(name)),
        ] {
            if let Err(error) = raised {
                eprintln!("{what} cannot be set: {error}");
            }
        }
    }
}
