//! The help's words in Chinese, by the English ones that stand beside the arguments.

/// The Chinese of a text of the help.
pub(super) fn chinese(english: &str) -> Option<&'static str> {
    let found = WORDS.iter().find(|(text, _)| *text == english);
    found.map(|(_, chinese)| *chinese)
}

/// English, Chinese.
pub(super) const WORDS: &[(&str, &str)] = &[
    (
        "Learn to build AI agents by building them: the command line",
        "动手做智能体，学会做智能体：命令行工具",
    ),
    (
        crate::EXIT_CODES,
        "退出码：0 一切正常，1 有问题，2 用法不对，125 我们这边出了故障。\
run：程序自己的退出码；122 输出超限，124 超时，130 被停止，137 内存用完。\
ask：1 回答没说完，3 还缺密钥、余额或设置，4 请稍后再试，130 被停止。",
    ),
    ("Print help", "显示这个说明"),
    ("Print help (see a summary with '-h')", "显示这个说明"),
    ("Print help (see more with '--help')", "显示这个说明"),
    ("Print version", "显示版本"),
    (
        "Print this message or the help of the given subcommand(s)",
        "显示这个说明，或者某个命令的说明",
    ),
    ("Print one JSON object", "输出一个 JSON 对象"),
    (
        "Run a Python program in the sandbox",
        "在沙箱里运行一个 Python 程序",
    ),
    (
        "The program, or `-` for standard input. The other `.py` files of its folder can be imported, as far as they fit into a run",
        "要运行的程序；写 - 就从标准输入读。同一个文件夹里的其他 .py 文件可以 import，放得下多少就带多少",
    ),
    ("`sys.argv[1:]`", "传给程序的参数，就是 sys.argv[1:]"),
    (
        "The engine: the built-in one, or containers of Docker",
        "用哪个引擎：内置的，或者 Docker 容器",
    ),
    ("Time limit in seconds", "最多运行多少秒"),
    (
        "What the program reads as its input; else it reads ours",
        "程序的输入从这个文件读；不写就读命令行的输入",
    ),
    (
        "Recorded replies that answer the program's calls of a model",
        "录好的模型回答，程序调用模型时用它来答",
    ),
    (
        "Who answers for the model: the cassette; the service of the settings, with your key; or that service for what the cassette does not have, which is then written into it",
        "谁来回答模型调用：scripted 用录好的；live 用设置里的服务和你的密钥；record 先用录好的，没有的再问服务，并且录下来",
    ),
    (
        "Where to write the trace of the program's agents, as OTLP JSON",
        "把智能体的每一步写到这个文件，格式是 OTLP JSON",
    ),
    (
        "Print one JSON object instead of the program's output",
        "不输出程序的内容，输出一个 JSON 对象",
    ),
    (
        "Ask the tutor. The key comes from the keyring or from HELLOAGENTS_API_KEY",
        "问助教一个问题。密钥取自系统的钥匙串，或者环境变量 HELLOAGENTS_API_KEY",
    ),
    (
        "The question, or `-` for standard input",
        "要问的问题；写 - 就从标准输入读",
    ),
    (
        "The lesson it is about, as COURSE/LESSON or, where only one course has it, LESSON",
        "问的是哪一课，写成“课程/课”；只有一门课程有这一课的话，只写课也行",
    ),
    (
        "The language of the answer; the one of the settings when left out",
        "用什么语言回答；不写就按设置里的",
    ),
    (
        "Print one JSON object instead of the words",
        "不输出文字，输出一个 JSON 对象",
    ),
    (
        "Say what programs are about to use, without running them",
        "不运行程序，先说清它会用到什么",
    ),
    (
        "The Python files of one program",
        "同一个程序的 Python 文件",
    ),
    (
        "A rule that the program must not break; may be given several times",
        "程序不许违反的规则；可以写多次",
    ),
    (
        "A rule about which nothing is said; may be given several times",
        "不用提醒的规则；可以写多次",
    ),
    ("Work on courses", "做课程、装课程"),
    (
        "Prove that a course works: its files, that every starter fails, every solution passes and every cell runs",
        "证明一门课程没有问题：文件齐全，每份起始代码都不通过，每份参考答案都通过，每个代码块都能运行",
    ),
    ("The course's folder", "课程的文件夹"),
    (
        "The engine that runs them: the built-in one, or containers of Docker",
        "用哪个引擎来运行：内置的，或者 Docker 容器",
    ),
    ("How to say what was found", "用什么格式说结果"),
    ("One line a problem", "一个问题一行"),
    ("One JSON object", "一个 JSON 对象"),
    (
        "JUnit's XML, as build servers read it",
        "JUnit 的 XML，构建服务器认得",
    ),
    ("The same as --format json", "等于 --format json"),
    (
        "See a course in the window while you write it in your own editor, and here what is wrong with it after each save",
        "在自己的编辑器里写课程，在窗口里看效果；每次保存，这里都会说哪里有问题",
    ),
    (
        "The lesson to show, by its id; the first when left out",
        "看哪一课，写它的 id；不写就是第一课",
    ),
    (
        "The language to show it in; the window's when left out",
        "用什么语言看；不写就按窗口的",
    ),
    (
        "Open no window; only say here what reading the course finds",
        "不开窗口，只在这里说读课程时发现了什么",
    ),
    (
        "Make a course of a docsify folder, an mdBook or notebooks. Run it again to take over changes: ids stay, and so does what was added to the lessons",
        "把 docsify 文件夹、mdBook 或笔记本变成课程。原书改了就再运行一次：id 不变，你加进课里的内容也都还在",
    ),
    (
        "A docsify folder, an mdBook, a folder with notebooks, or one notebook",
        "docsify 文件夹、mdBook、装着笔记本的文件夹，或者一个笔记本",
    ),
    (
        "The course's folder: a new one, an empty one, or that of an earlier import",
        "课程放到哪个文件夹：新的、空的，或者上次导入的那个",
    ),
    ("What it is", "它是哪一种"),
    (
        "Only read the code, run none of it",
        "只读代码，一段也不运行",
    ),
    (
        "Begin a course: a folder with one lesson that passes every check",
        "新建一门课程：一个文件夹，里面有一课，能通过所有检查",
    ),
    (
        "A folder that is empty or not there yet",
        "空文件夹，或者还没有的文件夹",
    ),
    (
        "The course's id; the folder's name when not given",
        "课程的 id；不写就用文件夹的名字",
    ),
    (
        "Say which lessons, and whose work, an update of a course touches",
        "说清一次更新改了哪些课，会碰到学习者的哪些代码",
    ),
    (
        "The version that learners have: a folder or a bundle",
        "学习者手里的版本：文件夹或课程包",
    ),
    (
        "The new one: a folder or a bundle",
        "新版本：文件夹或课程包",
    ),
    (
        "Pack a course into one file. The same folder gives the same bytes",
        "把课程打包成一个文件。同一个文件夹打出来的每个字节都一样",
    ),
    (
        "The file; its name should end with .hacourse",
        "打包成哪个文件；名字最好以 .hacourse 结尾",
    ),
    (
        "Make a key to sign with, in the system's keyring or in a file. Keep a file secret, and keep a copy of it",
        "生成签名用的密钥，放在系统的钥匙串里，或者一个文件里。放在文件里的话，不要给别人看，自己留一份备份",
    ),
    (
        "The file; must not be there yet. Without one the keyring keeps the key, and a key that is there already is shown",
        "密钥放到哪个文件，这个文件不能已经有了。不写就放进钥匙串；已经有密钥就显示它的公钥",
    ),
    ("Sign a bundle in place", "给课程包签名，直接写进这个文件"),
    ("The bundle", "课程包"),
    (
        "The file with the key; the one that `course key` made when not given",
        "密钥所在的文件；不写就用 course key 生成的那个",
    ),
    (
        "Say what is in a bundle, and whether it is what its author packed. Writes nothing",
        "说清课程包里有什么，是不是作者打包的原样。什么都不写",
    ),
    (
        "Install a bundle, in place of another version",
        "安装课程包，替换装着的版本",
    ),
    (
        "Install it although somebody else signed the version before, or the course came with the app",
        "换了人签名也安装，和应用自带的课程同名也安装",
    ),
    (
        "Remove an installed course. Your work in it stays",
        "移除一门装好的课程。你在里面做的都还留着",
    ),
    ("The course's id", "课程的 id"),
    (
        "Remove your work in it too: code, answers, progress, runs, conversations; also when the course itself was removed before. A copy of the database as it was is kept beside it",
        "连你在里面做的也删除：代码、答案、进度、运行记录、对话；课程早已移除的也可以。删除前会在数据库旁边留一份备份",
    ),
    (
        "Say whether database, sandbox and courses are healthy",
        "看看数据库、沙箱和课程是不是正常",
    ),
];
