//! What the platform has an opinion about: the rules, the names each of them covers, and the reason
//! a learner reads. Knows no syntax.

use std::collections::HashMap;
use std::sync::LazyLock;

/// One rule of the platform. Its [`RuleId::name`] is what courses and the command line write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RuleId {
    /// `eval`: text becomes a value.
    Eval,
    /// `exec`: text becomes a program.
    Exec,
    /// `compile`: text becomes code.
    Compile,
    /// `open` and its kin: files.
    Open,
    /// `__import__` and its kin: modules whose names are text.
    Import,
    /// `os.system`, `os.popen`, `os.exec*`, `os.spawn*`, `os.fork`: other programs, through `os`.
    System,
    /// `subprocess`, `multiprocessing` and their kin: other processes.
    Subprocess,
    /// `ctypes`: native code.
    Ctypes,
    /// `socket` and everything that needs one: the network.
    Socket,
}

impl RuleId {
    /// All rules, in the order in which they are listed to people.
    pub const ALL: [RuleId; 9] = [
        RuleId::Eval,
        RuleId::Exec,
        RuleId::Compile,
        RuleId::Open,
        RuleId::Import,
        RuleId::System,
        RuleId::Subprocess,
        RuleId::Ctypes,
        RuleId::Socket,
    ];

    /// The rule's stable name. Never renamed: courses hold it.
    pub fn name(self) -> &'static str {
        match self {
            RuleId::Eval => "eval",
            RuleId::Exec => "exec",
            RuleId::Compile => "compile",
            RuleId::Open => "open",
            RuleId::Import => "__import__",
            RuleId::System => "os.system",
            RuleId::Subprocess => "subprocess",
            RuleId::Ctypes => "ctypes",
            RuleId::Socket => "socket",
        }
    }

    /// The rule of this name.
    pub fn named(name: &str) -> Option<RuleId> {
        RuleId::ALL.into_iter().find(|rule| rule.name() == name)
    }

    /// Why the platform speaks up, as an English sentence for the command line. The window has its
    /// own words for every rule.
    pub fn reason(self) -> &'static str {
        match self {
            RuleId::Eval => {
                "eval runs whatever text it is given: who writes the text decides what your program \
                 does. To read data, use json.loads or ast.literal_eval"
            }
            RuleId::Exec => {
                "exec runs text as a program: who writes the text decides what yours does. A \
                 function, or a dictionary of functions, says the same and can be read"
            }
            RuleId::Compile => {
                "compile makes code of text, and whoever writes the text decides what the code does"
            }
            RuleId::Open => {
                "a program here reaches the files of its own folder and no others, and what it \
                 writes is gone after the run"
            }
            RuleId::Import => {
                "a module that is chosen by a text cannot be seen in the code; write import"
            }
            RuleId::System | RuleId::Subprocess => {
                "this starts another program, and there is none in the built-in sandbox: the call \
                 will fail"
            }
            RuleId::Ctypes => "native code cannot be loaded in the built-in sandbox",
            RuleId::Socket => "this needs the network, and the built-in sandbox has none",
        }
    }

    /// The rule that covers `path`, a dotted name as Python itself would find it, for example
    /// `os.system` or `builtins.eval`. Whatever is inside of something covered is covered too.
    pub(crate) fn covering(path: &str) -> Option<RuleId> {
        let ends = path.match_indices('.').map(|(at, _)| at);
        let mut prefixes = ends.chain([path.len()]).map(|end| &path[..end]);
        prefixes.find_map(|prefix| COVERED.get(prefix).copied())
    }

    /// Whether a rule covers the module or something directly in it.
    pub(crate) fn knows(module: &str) -> bool {
        let inside = |name: &&str| name.rsplit_once('.').is_some_and(|(of, _)| of == module);
        RuleId::covering(module).is_some() || COVERED.keys().any(inside)
    }
}

/// Modules are meant with everything in them.
const NAMES: [(RuleId, &[&str]); 9] = [
    (RuleId::Eval, &["builtins.eval"]),
    (RuleId::Exec, &["builtins.exec"]),
    (RuleId::Compile, &["builtins.compile"]),
    (
        RuleId::Open,
        &[
            "builtins.open",
            "io.open",
            "_io.open",
            "io.FileIO",
            "codecs.open",
            "os.open",
            "posix.open",
        ],
    ),
    (
        RuleId::Import,
        &[
            "builtins.__import__",
            "importlib.import_module",
            "importlib.__import__",
            "runpy",
        ],
    ),
    (
        RuleId::System,
        &[
            "os.system",
            "os.popen",
            "os.execl",
            "os.execle",
            "os.execlp",
            "os.execlpe",
            "os.execv",
            "os.execve",
            "os.execvp",
            "os.execvpe",
            "os.spawnl",
            "os.spawnle",
            "os.spawnlp",
            "os.spawnlpe",
            "os.spawnv",
            "os.spawnve",
            "os.spawnvp",
            "os.spawnvpe",
            "os.posix_spawn",
            "os.posix_spawnp",
            "os.fork",
            "os.forkpty",
            "os.startfile",
            "posix.system",
            "nt.system",
            "pty",
        ],
    ),
    (
        RuleId::Subprocess,
        &[
            "subprocess",
            "_posixsubprocess",
            "multiprocessing",
            "concurrent.futures.ProcessPoolExecutor",
            "asyncio.create_subprocess_exec",
            "asyncio.create_subprocess_shell",
            "asyncio.subprocess",
        ],
    ),
    (RuleId::Ctypes, &["ctypes", "_ctypes", "cffi"]),
    (
        RuleId::Socket,
        &[
            "socket",
            "_socket",
            "ssl",
            "socketserver",
            "asyncio.open_connection",
            "asyncio.start_server",
            "ftplib",
            "http.client",
            "http.server",
            "imaplib",
            "poplib",
            "smtplib",
            "urllib.request",
            "webbrowser",
            "xmlrpc.client",
            "xmlrpc.server",
            "aiohttp",
            "httpx",
            "requests",
            "urllib3",
            "websockets",
        ],
    ),
];

static COVERED: LazyLock<HashMap<&str, RuleId>> = LazyLock::new(|| {
    let pairs = NAMES
        .iter()
        .flat_map(|(rule, names)| names.iter().map(|name| (*name, *rule)));
    pairs.collect()
});
