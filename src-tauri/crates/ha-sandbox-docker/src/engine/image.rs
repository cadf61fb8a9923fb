//! The image of the sandbox: already there, loaded from the archive beside the app, or pulled from the
//! registry and given our runner. Tried in that order.
//!
//! An image is known by the digest of its content in a label, never by its name. All of it may be given up
//! at any time by dropping the future.

use super::recipe;
use crate::sweep::{self, Instance};
use crate::trouble::{QUICK, SLOW, Trouble, within};
use bollard::Docker;
use bollard::models::{
    ContainerConfig, ContainerCreateBody, HostConfig, ImageSummary, ProgressDetail,
};
use bollard::query_parameters::{
    CommitContainerOptions, CreateContainerOptions, CreateImageOptionsBuilder,
    ImportImageOptionsBuilder, ListImagesOptionsBuilder, StartContainerOptions,
    UploadToContainerOptionsBuilder, WaitContainerOptions,
};
use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use ha_sandbox::Language;
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::mpsc;

/// The label with the digest.
const CONTENT: &str = "helloagents.content";
/// The label with the language.
const LANGUAGE: &str = "helloagents.language";
/// What is pulled when there is no archive.
const BASE: (&str, &str) = ("python", "3.11-slim");
/// Loading takes a second or two; the disk of a virtual machine may be slow.
const LOADING: Duration = Duration::from_secs(180);
/// Silence of a registry after which it is given up.
const PULSE: Duration = Duration::from_secs(60);
/// Giving the pulled image our runner, with everything precompiled.
const DERIVING: Duration = Duration::from_secs(120);
/// How often it is said how far an archive is loaded.
const TELLING: Duration = Duration::from_millis(200);
/// What is said while the image comes over the network.
const PULLING: &str = "pulling the image of the sandbox";
/// Bytes of an archive that travel together.
const PIECE: usize = 256 << 10;

/// Where the image may come from.
#[derive(Debug, Clone, Default)]
pub struct ImageSources {
    /// Archives that may hold it, tried in this order: one the learner chose, the one beside the app. Each
    /// is a `docker save` of the image, packed by zstd; those that are not there are passed over.
    pub archives: Vec<PathBuf>,
    /// Whether it may be pulled over the network.
    pub may_pull: bool,
}

impl ImageSources {
    /// Where the image of a language may come from. Only Python's can be made from what is pulled; another
    /// one lies beside it under its own name, or is what the learner chose.
    fn of(&self, language: Language) -> ImageSources {
        if language == Language::Python {
            return self.clone();
        }
        let own = archive_name(language);
        let is_pythons = |path: &Path| path.ends_with(archive_name(Language::Python));
        let chosen = self.archives.iter().filter(|path| !is_pythons(path));
        let beside = self.archives.iter().map(|path| path.with_file_name(&own));
        ImageSources {
            archives: chosen.cloned().chain(beside).collect(),
            may_pull: false,
        }
    }
}

/// What the archive of a language's image is called.
fn archive_name(language: Language) -> String {
    format!("{}.tar.zst", language.name())
}

/// Says what is being done, in English, and how much of it is done where that is known, 0–100.
pub(crate) type Say<'a> = &'a (dyn Fn(&'static str, Option<u8>) + Sync);

/// The id of the image; gets it first if need be.
///
/// # Errors
/// [`Trouble::Image`] with what was tried, or the engine's own trouble.
pub(crate) async fn ensure(
    docker: &Docker,
    instance: &Instance,
    sources: &ImageSources,
    language: Language,
    say: Say<'_>,
) -> Result<String, Trouble> {
    let sources = sources.of(language);
    if let Some(id) = find(docker, language).await? {
        return Ok(id);
    }
    let mut tried = Vec::new();
    for archive in sources.archives.iter().filter(|archive| archive.exists()) {
        match load(docker, archive, say).await {
            Ok(()) => match find(docker, language).await? {
                Some(id) => return Ok(id),
                None => tried.push(format!("{} holds another image", archive.display())),
            },
            Err(trouble) if trouble.is_the_engines() => return Err(trouble),
            Err(trouble) => tried.push(trouble.to_string()),
        }
    }
    if sources.may_pull {
        match pull_and_derive(docker, instance, say).await {
            Ok(()) => match find(docker, language).await? {
                Some(id) => return Ok(id),
                None => tried.push("the pulled image was not kept".into()),
            },
            Err(trouble) => tried.push(trouble.to_string()),
        }
    }
    Err(Trouble::Image(match (tried.is_empty(), language) {
        (false, _) => tried.join("; "),
        (true, Language::Python) => "there is no archive of it, and nothing may be pulled".into(),
        (true, _) => format!(
            "there is no {}, and only Python's is pulled: choose the file in the settings",
            archive_name(language)
        ),
    }))
}

async fn find(docker: &Docker, language: Language) -> Result<Option<String>, Trouble> {
    let labelled = HashMap::from([("label", vec![format!("{CONTENT}={}", recipe::content())])]);
    let options = ListImagesOptionsBuilder::default()
        .filters(&labelled)
        .build();
    let found = within(QUICK, "list its images", docker.list_images(Some(options))).await?;
    Ok(chosen(found, language).map(|image| image.id))
}

/// The image for a language. One that does not say is Python's, and those of other languages have Python
/// too, for the runner: any will do before there is none.
fn chosen(mut found: Vec<ImageSummary>, language: Language) -> Option<ImageSummary> {
    let is_it = |image: &ImageSummary| match image.labels.get(LANGUAGE) {
        Some(label) => label == language.name(),
        None => language == Language::Python,
    };
    let at = found.iter().position(is_it);
    let at = at.or((language == Language::Python && !found.is_empty()).then_some(0))?;
    Some(found.swap_remove(at))
}

async fn load(docker: &Docker, archive: &Path, say: Say<'_>) -> Result<(), Trouble> {
    let unreadable = |error| Trouble::Image(format!("{}: {error}", archive.display()));
    let file = File::open(archive).map_err(unreadable)?;
    let size = file.metadata().map_err(unreadable)?.len();
    let read = Arc::new(AtomicU64::new(0));
    let counted = Counted {
        inner: file,
        read: read.clone(),
    };
    // Older engines do not know this packing, so it is undone here.
    let unpacked = zstd::Decoder::new(counted).map_err(unreadable)?;
    let options = ImportImageOptionsBuilder::default().quiet(true).build();
    let mut answers = docker
        .import_image_stream(options, pieces(unpacked), None)
        .boxed();
    let loaded = async {
        while let Some(answer) = answers.next().await {
            answer?;
        }
        Ok::<(), bollard::errors::Error>(())
    };
    tokio::select! {
        answer = within(LOADING, "load the image of the sandbox", loaded) => answer,
        never = tell(&read, size, say) => never,
    }
}

/// Says again and again how much of an archive is read; never returns.
async fn tell(read: &AtomicU64, size: u64, say: Say<'_>) -> Result<(), Trouble> {
    loop {
        let done = percent(read.load(Ordering::Relaxed), size);
        say("loading the image of the sandbox", done);
        tokio::time::sleep(TELLING).await;
    }
}

/// A share of a whole, where the whole is known.
fn percent(done: u64, whole: u64) -> Option<u8> {
    let share = done.saturating_mul(100).checked_div(whole)?;
    Some(u8::try_from(share.min(100)).unwrap_or(100))
}

/// Counts the bytes that are read.
struct Counted<R> {
    inner: R,
    read: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.read.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// The bytes of a reader that blocks, read on a thread that may; it ends when nobody takes them.
fn pieces(mut reader: impl Read + Send + 'static) -> impl Stream<Item = io::Result<Bytes>> + Send {
    let (sender, receiver) = mpsc::channel(4);
    tokio::task::spawn_blocking(move || {
        loop {
            let mut piece = Vec::with_capacity(PIECE);
            let piece = match (&mut reader).take(PIECE as u64).read_to_end(&mut piece) {
                Ok(0) => return,
                Ok(_) => Ok(Bytes::from(piece)),
                Err(error) => Err(error),
            };
            let is_last = piece.is_err();
            if sender.blocking_send(piece).is_err() || is_last {
                return;
            }
        }
    });
    futures_util::stream::unfold(receiver, async |mut receiver| {
        let piece = receiver.recv().await?;
        Some((piece, receiver))
    })
}

/// How far the layers of an image are that is being pulled.
#[derive(Default)]
struct Layers(HashMap<String, (u64, u64)>);

impl Layers {
    /// Takes what the engine says of one layer. It unpacks each after it has come, and counts anew; that is
    /// quick and not counted here.
    fn hear(&mut self, layer: Option<String>, status: Option<String>, of: Option<ProgressDetail>) {
        let is_coming = status.as_deref() == Some("Downloading");
        let (Some(layer), Some(of), true) = (layer, of, is_coming) else {
            return;
        };
        let number = |number: Option<i64>| number.and_then(|number| u64::try_from(number).ok());
        if let (Some(come), Some(whole)) = (number(of.current), number(of.total)) {
            self.0.insert(layer, (come, whole));
        }
    }

    fn percent(&self) -> Option<u8> {
        let (come, whole) = self
            .0
            .values()
            .fold((0, 0), |sum, layer| (sum.0 + layer.0, sum.1 + layer.1));
        percent(come, whole)
    }
}

async fn pull_and_derive(
    docker: &Docker,
    instance: &Instance,
    say: Say<'_>,
) -> Result<(), Trouble> {
    let options = CreateImageOptionsBuilder::default()
        .from_image(BASE.0)
        .tag(BASE.1)
        .build();
    say(PULLING, None);
    let mut layers = Layers::default();
    let mut answers = docker.create_image(Some(options), None, None).boxed();
    while let Some(answer) = within(PULSE, "pull the image of Python", async {
        answers.next().await.transpose()
    })
    .await?
    {
        if let Some(error) = answer.error_detail.and_then(|detail| detail.message) {
            return Err(Trouble::Refused(error));
        }
        layers.hear(answer.id, answer.status, answer.progress_detail);
        say(PULLING, layers.percent());
    }
    say("preparing the image of the sandbox", None);
    let body = ContainerCreateBody {
        image: Some(format!("{}:{}", BASE.0, BASE.1)),
        entrypoint: Some(vec!["python3".into(), "/opt/helloagents/derive.py".into()]),
        cmd: Some(Vec::new()),
        user: Some("0:0".into()),
        network_disabled: Some(true),
        labels: Some(instance.labels()),
        host_config: Some(HostConfig {
            network_mode: Some("none".into()),
            ..Default::default()
        }),
        ..Default::default()
    };
    let call = docker.create_container(None::<CreateContainerOptions>, body);
    let made = within(SLOW, "make a container", call).await?;
    let derived = derive(docker, &made.id).await;
    sweep::remove(docker, &made.id).await?;
    derived
}

async fn derive(docker: &Docker, container: &str) -> Result<(), Trouble> {
    let archive = recipe::runner_archive().map_err(|error| Trouble::Image(error.to_string()))?;
    let options = UploadToContainerOptionsBuilder::default().path("/").build();
    let body = bollard::body_full(archive.into());
    let call = docker.upload_to_container(container, Some(options), body);
    within(SLOW, "take the runner", call).await?;
    let call = docker.start_container(container, None::<StartContainerOptions>);
    within(SLOW, "start a container", call).await?;
    let mut ends = docker
        .wait_container(container, None::<WaitContainerOptions>)
        .boxed();
    within(DERIVING, "prepare the image", async {
        ends.next().await.transpose()
    })
    .await?;
    let content = recipe::content();
    let options = CommitContainerOptions {
        container: Some(container.into()),
        repo: Some("helloagents/python".into()),
        tag: Some(content.into()),
        pause: false,
        changes: Some(changes(content)),
        ..Default::default()
    };
    let call = docker.commit_container(options, ContainerConfig::default());
    within(LOADING, "keep the image", call).await?;
    Ok(())
}

/// What the image says of itself; the same as the built one.
fn changes(content: &str) -> String {
    [
        &format!("LABEL {CONTENT}={content}"),
        "LABEL helloagents=image",
        "USER 1000:1000",
        "WORKDIR /work",
        "ENTRYPOINT [\"python3\",\"-I\",\"-B\",\"-u\",\"/opt/helloagents\"]",
        "CMD []",
        "ENV LANG=C.UTF-8",
        "ENV HOME=/work",
        "ENV TMPDIR=/tmp",
    ]
    .join("\n")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    fn heard(lines: &[(&str, &str, i64, i64)]) -> Option<u8> {
        let mut layers = Layers::default();
        for (layer, status, current, total) in lines {
            let detail = ProgressDetail {
                current: Some(*current),
                total: Some(*total),
            };
            let text = |text: &&str| Some((*text).to_owned());
            layers.hear(text(layer), text(status), Some(detail));
        }
        layers.percent()
    }

    #[test]
    fn every_image_has_python_and_one_the_other_language() {
        let labelled = |id: &str, language: Option<&str>| ImageSummary {
            id: id.into(),
            labels: language
                .map(|language| (LANGUAGE.into(), language.into()))
                .into_iter()
                .collect(),
            ..ImageSummary::default()
        };
        let check = |images: &[(&str, Option<&str>)], language, expected: Option<&str>| {
            let images = images
                .iter()
                .map(|(id, said)| labelled(id, *said))
                .collect();
            let image = chosen(images, language);
            assert_eq!(image.map(|image| image.id).as_deref(), expected);
        };
        let (go, python) = (("g", Some("go")), ("p", Some("python")));
        check(&[go, python], Language::Python, Some("p"));
        check(&[go, ("pulled", None)], Language::Python, Some("pulled"));
        check(&[go], Language::Python, Some("g"));
        check(&[go, python], Language::Go, Some("g"));
        check(&[go, python], Language::JavaScript, None);
        check(&[], Language::Python, None);
    }

    #[test]
    fn another_language_comes_from_its_own_file_or_the_chosen_one_and_is_never_pulled() {
        let path = |name: &str| Path::new("a").join(name);
        let all = ImageSources {
            archives: vec![path("chosen.tar.zst"), path("python.tar.zst")],
            may_pull: true,
        };
        let go = all.of(Language::Go);
        let own = path("go.tar.zst");
        assert_eq!(go.archives, [path("chosen.tar.zst"), own.clone(), own]);
        assert!(!go.may_pull);
        assert_eq!(all.of(Language::Python).archives, all.archives);
    }

    #[test]
    fn a_pull_is_as_far_as_its_layers_together() {
        assert_eq!(heard(&[]), None);
        assert_eq!(heard(&[("a", "Downloading", 0, 100)]), Some(0));
        let two = [
            ("a", "Downloading", 100, 100),
            ("b", "Downloading", 50, 300),
        ];
        assert_eq!(heard(&two), Some(37));
        assert_eq!(
            heard(&[two[0], two[1], ("a", "Extracting", 5, 100)]),
            Some(37),
            "what is unpacked has come"
        );
        assert_eq!(
            heard(&[("a", "Downloading", -1, -1)]),
            None,
            "no number of bytes"
        );
    }

    #[test]
    fn what_is_read_of_an_archive_is_counted_before_it_is_unpacked() {
        let packed = zstd::encode_all(&[7; 1 << 20][..], 1).unwrap();
        let read = Arc::new(AtomicU64::new(0));
        let counted = Counted {
            inner: &packed[..],
            read: read.clone(),
        };
        let mut unpacked = Vec::new();
        let mut decoder = zstd::Decoder::new(counted).unwrap();
        decoder.read_to_end(&mut unpacked).unwrap();
        assert_eq!(unpacked.len(), 1 << 20);
        assert_eq!(read.load(Ordering::Relaxed), packed.len() as u64);
        assert_eq!(percent(1, 3), Some(33));
        assert_eq!(percent(4, 3), Some(100));
        assert_eq!(percent(4, 0), None);
    }
}
