//! One container from its creation to its removal, and the programs it runs, one at a time.
//!
//! ```text
//! open: create ─▶ inspect the walls ─▶ attach ─▶ start ─▶ hello
//! run:  order ─▶ frames become events, input and cancel go the other way ─▶ exit ─▶ reset ─▶ as new
//! ```
//!
//! A container that did anything but run a quiet program is not used again; who says so is here, who
//! makes another one is the pool.

use crate::course::{Course, Ended};
use crate::frame::{Say, Tell};
use crate::order::{self, Exit, Hello, Reset};
use crate::program::{Job, Program};
use crate::stream::{Ears, Pen, split};
use crate::sweep;
use crate::trouble::{QUICK, SLOW, Trouble, within};
use crate::walls;
use crate::work::Work;
use bollard::Docker;
use bollard::models::ContainerStateStatusEnum;
use bollard::query_parameters::{
    AttachContainerOptionsBuilder, CreateContainerOptions, InspectContainerOptions,
    StartContainerOptions,
};
use std::collections::HashMap;
use std::time::Duration;

/// A runner greets a few hundredths of a second after its start; a busy machine gets some seconds.
const GREETING: Duration = Duration::from_secs(10);
/// How long a container may take to clean itself.
const CLEANING: Duration = Duration::from_millis(500);
/// A container that is ready for a program.
pub(crate) struct Session {
    docker: Docker,
    id: String,
    pub(crate) ears: Ears,
    pub(crate) pen: Pen,
    /// The number of the latest run.
    pub(crate) run: u32,
    hello: Hello,
}

/// What became of a container after a run.
pub(crate) enum After {
    /// As new; cleaning took so long.
    Clean(Duration),
    /// Not to be used again, because of what the program did.
    Discard(String),
    /// Lost, not by the program. Whether the engine is to blame.
    Lost { engine: bool, reason: String },
    /// Lost before the program began: it may begin elsewhere.
    Unused(Box<Work>, String),
}

/// What a run was like, for the statistics.
pub(crate) struct Ran {
    pub after: After,
    pub first_output: Option<Duration>,
}

impl Session {
    /// Makes a container of `image` and waits until its runner is there.
    ///
    /// # Errors
    /// [`Trouble::Missing`] when the image is gone, [`Trouble::Unsafe`] when the engine drops a wall. The
    /// container is removed again.
    pub async fn open(
        docker: &Docker,
        image: &str,
        labels: HashMap<String, String>,
    ) -> Result<Session, Trouble> {
        let body = walls::body(image, labels);
        let call = docker.create_container(None::<CreateContainerOptions>, body);
        let created = within(SLOW, "make a container", call).await?;
        let unfinished = Unfinished {
            docker,
            id: Some(created.id),
        };
        let (ears, pen, hello) = start(docker, unfinished.id()).await?;
        let id = unfinished.finished();
        let docker = docker.clone();
        Ok(Session {
            docker,
            id,
            ears,
            pen,
            run: 0,
            hello,
        })
    }

    /// The container's id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The version of its Python.
    pub fn python(&self) -> &str {
        &self.hello.python
    }

    /// Waits, without a program, until the container ends.
    pub async fn ended(&mut self) -> String {
        loop {
            match self.ears.next().await {
                Ok(frame) if frame.tell == Tell::Broken => {
                    return String::from_utf8_lossy(&frame.payload).into_owned();
                }
                Ok(_) => {}
                Err(reason) => return reason,
            }
        }
    }

    /// Whether the runner answers, without a program.
    pub async fn answers(&mut self) -> bool {
        self.pen.say(Say::Ping, 0, b"?");
        let answer = async {
            while self.pen.unsent() > 0 {
                self.pen.send().await;
            }
            loop {
                match self.ears.next().await {
                    Ok(frame) if frame.tell == Tell::Pong => return true,
                    Ok(_) => {}
                    Err(_) => return false,
                }
            }
        };
        tokio::time::timeout(QUICK, answer).await.unwrap_or(false)
    }

    /// Removes the container, whatever it does. One that the engine does not let go is logged.
    pub async fn close(mut self) {
        if let Err(trouble) = self.remove().await {
            tracing::warn!(%trouble, "a container stays until the sweep");
        }
    }

    async fn remove(&mut self) -> Result<(), Trouble> {
        sweep::remove(&self.docker, &self.id).await
    }

    /// Sees to it that nothing in the container runs any more: it stands still until it is removed. Sixty
    /// processes that must die on half a processor take three tenths of a second for it, and to stand
    /// still a few hundredths.
    ///
    /// # Errors
    /// When the engine does neither.
    pub(crate) async fn halt(&mut self) -> Result<(), Trouble> {
        let call = self.docker.pause_container(&self.id);
        match within(QUICK, "halt a container", call).await {
            Ok(()) | Err(Trouble::Missing(_)) => Ok(()),
            Err(_) => self.remove().await,
        }
    }

    /// The number of the next run.
    pub(crate) fn next_run(&mut self) -> u32 {
        self.run = self.run.wrapping_add(1).max(1);
        self.run
    }

    /// Runs a program to its end, and the container back to its beginning. Tells whoever listens
    /// everything, the end included.
    pub async fn run(&mut self, mut job: Job) -> Ran {
        let run = self.next_run();
        self.pen.say_all(order::frames(&job.request, run));
        let program = Program::new(&job.request, job.events.clone(), job.accepted);
        let mut course = Course::new(self, program, &job);
        let ended = course.follow(&mut job.signals).await;
        let program = course.program;
        let first_output = program.first_output;
        let after = match ended {
            Ended::Over(exit) => {
                program.finish(&exit);
                self.clean(&exit).await
            }
            Ended::Overdue(reason) => self.kill(program, reason).await,
            Ended::Lost { reason, .. } if !program.begun && !program.is_decided() => {
                After::Unused(Box::new(Work::Program(job)), reason)
            }
            Ended::Lost { engine, reason } => {
                program.lose(&reason);
                After::Lost { engine, reason }
            }
        };
        Ran {
            after,
            first_output,
        }
    }

    /// Ends a program together with its container.
    async fn kill(&mut self, mut program: Program, reason: String) -> After {
        match self.halt().await {
            Ok(()) => {
                program.lose(&reason);
                After::Discard(reason)
            }
            Err(trouble) => {
                let reason = trouble.to_string();
                program.undecide();
                program.lose(&reason);
                After::Lost {
                    engine: trouble.is_the_engines(),
                    reason,
                }
            }
        }
    }

    /// What is the matter with a container that says nothing. `None`: it is busy.
    pub(crate) async fn diagnose(&mut self) -> Option<(bool, String)> {
        let call = self
            .docker
            .inspect_container(&self.id, None::<InspectContainerOptions>);
        let state = match within(QUICK, "say how a container is", call).await {
            Ok(inspected) => inspected.state.and_then(|state| state.status),
            Err(Trouble::Missing(_)) => return Some((false, "the container was removed".into())),
            Err(trouble) => return Some((trouble.is_the_engines(), trouble.to_string())),
        };
        match state {
            Some(ContainerStateStatusEnum::RUNNING) | None => None,
            Some(ContainerStateStatusEnum::PAUSED) => {
                Some((false, "somebody paused the container".into()))
            }
            Some(_) => Some((false, "the container ended".into())),
        }
    }

    /// Waits until the container is clean, if it may be used again at all.
    async fn clean(&mut self, exit: &Exit) -> After {
        if !exit.is_quiet() {
            return After::Discard(format!("the program ended by {:?}", exit.end));
        }
        let cleaned = async {
            loop {
                let frame = self.ears.next().await?;
                if frame.run == self.run && frame.tell == Tell::Reset {
                    let reset: Reset = serde_json::from_slice(&frame.payload)
                        .map_err(|error| error.to_string())?;
                    return reset.verdict();
                }
            }
        };
        match tokio::time::timeout(CLEANING, cleaned).await {
            Ok(Ok(took)) => After::Clean(took),
            Ok(Err(reason)) => After::Discard(reason),
            Err(_) => After::Discard("cleaning took too long".into()),
        }
    }
}

/// Attaches to a container, starts it and waits for its greeting. Attached before it starts: what it says
/// to nobody is lost.
async fn start(docker: &Docker, id: &str) -> Result<(Ears, Pen, Hello), Trouble> {
    let call = docker.inspect_container(id, None::<InspectContainerOptions>);
    let inspected = within(QUICK, "describe a container", call).await?;
    walls::verify(&inspected).map_err(Trouble::Unsafe)?;
    let options = AttachContainerOptionsBuilder::default();
    let options = options
        .stdin(true)
        .stdout(true)
        .stderr(true)
        .stream(true)
        .build();
    let call = docker.attach_container(id, Some(options));
    let (mut ears, pen) = split(within(QUICK, "attach to a container", call).await?);
    let call = docker.start_container(id, None::<StartContainerOptions>);
    within(SLOW, "start a container", call).await?;
    let greeting = tokio::time::timeout(GREETING, ears.next()).await;
    let frame = greeting
        .map_err(|_| Trouble::Broken("its runner says nothing".into()))?
        .map_err(Trouble::Broken)?;
    if frame.tell != Tell::Hello {
        let words = String::from_utf8_lossy(&frame.payload).into_owned();
        return Err(Trouble::Broken(format!("instead of a greeting: {words}")));
    }
    let hello = Hello::read(&frame.payload).map_err(Trouble::Broken)?;
    Ok((ears, pen, hello))
}

/// Removes a container whose making failed or was given up.
struct Unfinished<'a> {
    docker: &'a Docker,
    id: Option<String>,
}

impl Unfinished<'_> {
    fn id(&self) -> &str {
        self.id.as_deref().unwrap_or_default()
    }

    fn finished(mut self) -> String {
        self.id.take().unwrap_or_default()
    }
}

impl Drop for Unfinished<'_> {
    fn drop(&mut self) {
        if let (Some(id), Ok(runtime)) = (self.id.take(), tokio::runtime::Handle::try_current()) {
            let docker = self.docker.clone();
            runtime.spawn(async move { sweep::remove(&docker, &id).await });
        }
    }
}
