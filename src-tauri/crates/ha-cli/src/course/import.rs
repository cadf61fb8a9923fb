//! `helloagents course import`.

use crate::MACHINE_FAILED;
use crate::engine::{sandbox, settled};
use crate::failed::told;
use crate::say::{self, complain, language, say, spoken};
use clap::{Args, ValueEnum};
use ha_api::wire::{CodeSummary, ImportStage, ImportSummary, Words};
use ha_api::{ErrorCode, ImportFrom, ImportWatch, Places, course_import};
use std::io::IsTerminal;
use std::path::PathBuf;
use std::sync::Arc;

/// Somebody stopped it.
const STOPPED: u8 = 130;

/// What to import, and where to.
#[derive(Args)]
pub(crate) struct ImportArguments {
    /// A docsify folder, an mdBook, a folder with notebooks, or one notebook.
    path: PathBuf,
    /// The course's folder: a new one, an empty one, or that of an earlier import.
    #[arg(short, long)]
    output: PathBuf,
    /// What it is.
    #[arg(long, value_enum, default_value = "auto")]
    from: From,
    /// Only read the code, run none of it.
    #[arg(long)]
    no_run: bool,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

/// What a folder is.
#[derive(Clone, Copy, ValueEnum)]
enum From {
    Auto,
    Docsify,
    Mdbook,
    Ipynb,
}

/// Imports and answers the exit code: 1 when the report names something to look at.
pub(crate) async fn import(arguments: &ImportArguments, places: &Places) -> u8 {
    let kind = match arguments.from {
        From::Auto => None,
        From::Docsify => Some(ImportFrom::Docsify),
        From::Mdbook => Some(ImportFrom::MdBook),
        From::Ipynb => Some(ImportFrom::Notebooks),
    };
    let engine = (!arguments.no_run).then(|| sandbox(places));
    if let Some(engine) = &engine {
        settled(&**engine).await;
    }
    let runner = engine.as_ref().map(|engine| &**engine as _);
    let (from, into) = (&arguments.path, &arguments.output);
    let summary = match course_import(runner, from, kind, into, &progress()).await {
        Ok(Some(summary)) => summary,
        Ok(None) => return STOPPED,
        Err(error) => {
            complain!("helloagents: {}", told(&error));
            let is_usage = error.code == ErrorCode::InvalidRequest;
            return if is_usage { 2 } else { MACHINE_FAILED };
        }
    };
    if arguments.json {
        let object = serde_json::to_string(&summary).expect("a summary is plain data");
        say::object(&object);
    } else {
        human(&summary);
    }
    let paths = [&summary.missing_images, &summary.linked];
    let sentences = [&summary.dead_links, &summary.left_out, &summary.changed];
    let is_whole =
        paths.iter().all(|list| list.is_empty()) && sentences.iter().all(|list| list.is_empty());
    u8::from(!is_whole)
}

/// A line that counts, for somebody who watches.
fn progress() -> ImportWatch {
    let is_watched = std::io::stderr().is_terminal();
    Arc::new(move |stage, done, total| {
        if is_watched {
            let what = match stage {
                ImportStage::Texts => spoken!("课文", "texts"),
                ImportStage::Blocks => spoken!("代码块", "blocks of code"),
            };
            let words = spoken!(
                "\r\x1b[K{what}：{done} / {total}\r",
                "\r\x1b[K{what}: {done} of {total}\r"
            );
            say::data(&mut std::io::stderr(), &words);
        }
        true
    })
}

fn human(summary: &ImportSummary) {
    say!(
        "{}：{} 课，分 {} 章，中文 {} 课，英文 {} 课；{} 课沿用原来的 id",
        "{}: {} lessons in {} chapters, {} Chinese and {} English; {} kept their id",
        summary.course,
        summary.lessons,
        summary.chapters,
        summary.chinese,
        summary.english,
        summary.known
    );
    match summary.license.as_str() {
        "" => say!(
            "许可：没有找到，请写进 course.toml",
            "licence: none found; write one into course.toml"
        ),
        license => say!("许可：{license}", "licence: {license}"),
    }
    say!(
        "图片：复制了 {} 张，缺 {} 张，{} 张在网上",
        "images: {} copied, {} missing, {} on the web",
        summary.images,
        summary.missing_images.len(),
        summary.remote_images
    );
    code(&summary.code);
    let picked = |list: &[Words]| -> Vec<String> {
        let lines = list.iter().map(|words| words.pick(language()).to_string());
        lines.collect()
    };
    let lists = [
        (
            spoken!("缺少的图片", "missing images"),
            summary.missing_images.clone(),
        ),
        (
            spoken!("走不通的链接", "links that lead nowhere"),
            picked(&summary.dead_links),
        ),
        (
            spoken!("运行出错的代码块", "blocks that end with an error"),
            picked(&summary.code.fails),
        ),
        (
            spoken!(
                "课文链接到、但没有带过来的文件",
                "files a lesson links to, not taken over"
            ),
            summary.linked.clone(),
        ),
        (spoken!("没有导入的", "left out"), picked(&summary.left_out)),
        (
            spoken!("你和书都改过的", "changed by you and by the book"),
            picked(&summary.changed),
        ),
        (
            spoken!("书里已经没有的课", "no longer there"),
            summary.gone.clone(),
        ),
    ];
    for (title, lines) in lists {
        list(&title, &lines);
    }
}

fn list(title: &str, lines: &[String]) {
    if !lines.is_empty() {
        say!("{title}：", "{title}:");
    }
    for line in lines {
        say!("  {line}");
    }
}

fn code(code: &CodeSummary) {
    say!(
        "Python：{} 个代码块直接能跑，{} 个要先运行前面的代码，{} 个要装别的包，{} 个要联网，{} 个要密钥，{} 个运行出错，{} 个没有运行；{} 个不是 Python",
        "Python: {} blocks run as they are, {} need earlier blocks, {} packages, {} the network, {} a key, {} end with an error, {} were not run; {} blocks are something else",
        code.runs,
        code.needs_earlier,
        code.with_packages,
        code.needs_network,
        code.needs_key,
        code.fails.len(),
        code.not_run,
        code.other
    );
    let mut packages: Vec<_> = code.needs_packages.iter().collect();
    packages.sort_by(|a, b| b.1.cmp(a.1).then_with(|| a.0.cmp(b.0)));
    if !packages.is_empty() {
        let named: Vec<String> = packages
            .into_iter()
            .map(|(package, count)| format!("{package} ({count})"))
            .collect();
        say!("用到的包：{}", "packages: {}", named.join(", "));
    }
}
