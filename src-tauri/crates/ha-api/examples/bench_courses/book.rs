//! A docsify book of the real one's size, the same each time: sixteen chapters in Chinese and English,
//! 100 to 200 KB each, three hundred images, tables, maths, figures by hand, and Python.

use serde_json::{Value, json};
use std::fmt::Write;
use std::fs;
use std::path::Path;

/// Chapters, each in both languages.
pub const CHAPTERS: usize = 16;
/// Images, shown by both languages.
pub const IMAGES: usize = 300;

const ZH: [&str; 8] = [
    "智能体先观察环境，再决定下一步做什么，然后调用工具，把结果写进记忆。",
    "一个循环里有三件事：感知、思考、行动；哪一件出错，都要能从记录里看出来。",
    "提示词模板把任务、工具说明和历史拼在一起，长度有限，所以要取舍。",
    "反思让智能体回头看自己的答案，找出不对的地方，再试一次。",
    "检索增强生成把相关的资料找出来放进上下文，模型就不用全靠记忆。",
    "多个智能体可以分工：一个规划，一个执行，一个检查，彼此用消息交流。",
    "工具调用的返回值也是文字，要先解析，再判断，不能直接相信。",
    "评估要有固定的任务集，同样的输入跑很多次，看成功率和花费。",
];
const EN: [&str; 8] = [
    "An agent observes its surroundings, decides what to do next, calls a tool and remembers what came of it.",
    "A loop holds three things: perceiving, thinking, acting; whichever fails must be seen in the trace.",
    "A prompt template joins the task, the tools and the history; its length is limited, so one has to choose.",
    "Reflection lets an agent look back at its answer, find what is wrong with it and try again.",
    "Retrieval finds what matters and puts it into the context, so that the model need not know it all.",
    "Several agents share the work: one plans, one acts, one checks, and they talk in messages.",
    "What a tool returns is text as well: parse it and judge it before you believe it.",
    "An evaluation has a fixed set of tasks; run each many times, and look at success and at cost.",
];
/// A picture of one pixel; what is measured is how many there are.
const PIXEL: &[u8] = &[
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, 0x49, 0x48, 0x44, 0x52, 0, 0, 0,
    1, 0, 0, 0, 1, 8, 0, 0, 0, 0, 0x3a, 0x7e, 0x9b, 0x55, 0, 0, 0, 0x0a, 0x49, 0x44, 0x41, 0x54,
    0x78, 0x9c, 0x63, 0x60, 0, 0, 0, 2, 0, 1, 0x48, 0xaf, 0xa4, 0x71, 0, 0, 0, 0, 0x49, 0x45, 0x4e,
    0x44, 0xae, 0x42, 0x60, 0x82,
];
/// Bytes behind the picture, so that files have the size that figures have.
const PADDING: usize = 60 * 1024;

/// Writes the book and says how large it is.
pub fn write(root: &Path) -> Value {
    let mut lists = [String::new(), String::new()];
    let (mut bytes, mut blocks) = (0, 0);
    for chapter in 0..CHAPTERS {
        let target = (100 + chapter * 100 / (CHAPTERS - 1)) * 1024;
        for (language, list) in lists.iter_mut().enumerate() {
            let (text, python) = text(chapter, language == 0, target);
            let name = match language {
                0 => format!("chapter{}/第{}章 智能体.md", chapter + 1, chapter + 1),
                _ => format!("chapter{}/Chapter{} Agents.md", chapter + 1, chapter + 1),
            };
            let title = match language {
                0 => format!("第{}章 智能体", chapter + 1),
                _ => format!("Chapter {} Agents", chapter + 1),
            };
            writeln!(list, "- [{title}](./{})", name.replace(' ', "%20")).unwrap();
            bytes += text.len();
            blocks += python;
            put(&root.join(&name), text.as_bytes());
        }
    }
    put(&root.join("_sidebar.md"), lists[0].as_bytes());
    put(
        &root.join("en/_sidebar.md"),
        lists[1].replace("](./", "](../").as_bytes(),
    );
    for image in 0..IMAGES {
        let mut picture = PIXEL.to_vec();
        // Bytes that no packing makes smaller.
        let mut state = image as u32 + 1;
        picture.extend((0..PADDING).map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        }));
        put(&root.join(format!("images/figure-{image}.png")), &picture);
    }
    json!({ "chapters": CHAPTERS, "languages": 2, "text_bytes": bytes, "images": IMAGES, "python_blocks": blocks })
}

fn put(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

/// A chapter of about `target` bytes, and how many blocks of Python are in it.
fn text(chapter: usize, is_chinese: bool, target: usize) -> (String, usize) {
    let words = if is_chinese { ZH } else { EN };
    let mut out = format!(
        "# {} {}\n\n",
        if is_chinese { "智能体" } else { "Agents" },
        chapter + 1
    );
    let mut images = (0..IMAGES).filter(|image| image % CHAPTERS == chapter);
    let (mut section, mut python) = (0, 0);
    while out.len() < target {
        section += 1;
        writeln!(
            out,
            "## {}.{section} {}\n",
            chapter + 1,
            words[section % 8]
                .split(['，', ',', '；', '：'])
                .next()
                .unwrap()
        )
        .unwrap();
        for paragraph in 0..6 {
            for sentence in 0..5 {
                let said = words[(section * 5 + paragraph * 3 + sentence) % 8];
                write!(out, "{said}{}", if is_chinese { "" } else { " " }).unwrap();
            }
            writeln!(
                out,
                "**{}** `state[{paragraph}]` $x_{{{section}}}^2$\n",
                words[paragraph].chars().take(6).collect::<String>()
            )
            .unwrap();
        }
        if section % 2 == 1 {
            python += 1;
            writeln!(out, "```python run\ndef step_{chapter}_{section}(observation, memory):\n    memory.append(observation)\n    if len(memory) > {section}:\n        return \"stop\"\n    return f\"next {{len(memory)}}\"\n\n\nprint(step_{chapter}_{section}(\"a\", []))\n```\n").unwrap();
        }
        if section % 3 == 0 {
            out.push_str("| a | b | c |\n|---|---|---|\n| 1 | `x` | **y** |\n| 2 | $z$ | w |\n\n$$\n\\sum_{i=0}^{n} x_i\n$$\n\n> [!NOTE]\n> note\n\n");
        }
        if let Some(image) = images.next() {
            figure(&mut out, image, is_chinese);
        }
    }
    images.for_each(|image| figure(&mut out, image, is_chinese));
    (out, python)
}

fn figure(out: &mut String, image: usize, is_chinese: bool) {
    let caption = if is_chinese { "图" } else { "Figure" };
    writeln!(out, "<div align=\"center\">\n  <img src=\"../images/figure-{image}.png\" alt=\"{caption} {image}\" width=\"80%\"/>\n  <p>{caption} {image}</p>\n</div>\n").unwrap();
}
