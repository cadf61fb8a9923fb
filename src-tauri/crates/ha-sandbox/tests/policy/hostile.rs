//! Texts that want to hurt the check: endless, nested, broken, cut anywhere. None may panic, and
//! all are done in a time that a learner would not notice twice.

use crate::{check, findings};
use ha_sandbox::SourceFile;
use ha_sandbox::policy::Policy;
use std::time::{Duration, Instant};

/// Far above what any of these takes in a debug build on a busy machine; far below for ever.
const PATIENCE: Duration = Duration::from_secs(20);

const CORPUS: &[&str] = &[
    "import os as o\nx = o.system\nwith open('a') as f:\n    print(f'{eval(\"1\")!r:>{w}}')\n",
    "from os import (system as s,\n  popen)\nasync def f(a, /, b: int = eval('1'), *, c=2, **d):\n    return [await s(x) for x in a if x]\n",
    "class A(B, metaclass=M):\n\t@property\n\tdef open(self): return lambda *a, **k: exec\n",
    "match x:\n    case {'a': [b, *c], **d} | A(e=f) as g if eval(g): pass\n    case _: pass\n",
    "try:\n  import subprocess\nexcept* (A, B) as e: raise C from e\nelse: pass\nfinally: del x\n",
    "x = \"\"\"\nos.system('你好 🙂')\n\"\"\" ; y = rb'\\x00' ; z: list[int] = (yield)\n",
    "def f():\n  global g\n  def h():\n    nonlocal f\n    f = g = __import__('os')\n",
    "type X[T: int, *Ts, **P] = dict[T, X]\nprint >>f, 1\nexec 'x'\n`a`\n",
];

/// A small generator that gives the same numbers every time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end.max(1) as u64) as usize
    }
}

fn bytes(bytes: Vec<u8>) -> usize {
    let file = SourceFile {
        bytes,
        ..SourceFile::text("main.py", "")
    };
    Policy::default().check(&[file]).len()
}

#[test]
fn code_that_is_cut_or_mixed_anywhere_never_panics() {
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    for _ in 0..1500 {
        let mut text = Vec::new();
        for _ in 0..1 + numbers.below(4) {
            let piece = CORPUS[numbers.below(CORPUS.len())].as_bytes();
            let start = numbers.below(piece.len());
            let end = start + numbers.below(piece.len() - start + 1);
            text.extend_from_slice(&piece[start..end]);
        }
        if !text.is_empty() && numbers.below(3) == 0 {
            let at = numbers.below(text.len());
            text[at] = numbers.below(256) as u8;
        }
        bytes(text);
    }
}

#[test]
fn deep_and_wide_texts_are_done_in_time() {
    let deep = 100_000;
    let ladder: String = (0..300)
        .map(|depth| format!("{}if a:\n", " ".repeat(depth)))
        .collect();
    let texts = [
        "(".repeat(deep) + "eval" + &")".repeat(deep),
        "(".repeat(deep),
        ")".repeat(deep),
        "[".repeat(deep) + &"}".repeat(deep),
        "f(".repeat(deep),
        "a.".repeat(deep) + "b",
        "not ".repeat(deep) + "a",
        "-".repeat(deep) + "1",
        "lambda: ".repeat(deep) + "1",
        "a if b else ".repeat(deep) + "c",
        "x = ".repeat(deep) + "eval",
        "{".repeat(deep),
        "f'{".repeat(deep),
        "'".repeat(deep),
        "\"\"\"".repeat(deep),
        "@".repeat(deep),
        "\\\n".repeat(deep),
        "eval\n".repeat(50_000),
        "x = x\n".repeat(40_000),
        "if a: x = eval\nx('1')\n".repeat(15_000),
        "def f(): global x; x = eval\nx()\n".repeat(10_000),
        "from os import *\na()\n".repeat(20_000),
        "import a.b\n".repeat(30_000),
        "a".repeat(1_000_000),
        "#".repeat(1_000_000),
        "\0".repeat(1_000_000),
        "\r".repeat(1_000_000),
        "\n".repeat(1_000_000),
        " \n".repeat(500_000),
        "#\n".repeat(500_000),
        "x #\n".repeat(100_000),
        "if a:\n #\n".repeat(110_000),
        "x = [\n  1, #\n 2]\n".repeat(60_000),
        "🙂".repeat(250_000),
        format!("x = '{}'; eval('1')", "🙂".repeat(200_000)),
        ladder,
    ];
    for text in texts {
        let began = Instant::now();
        findings(&text);
        let took = began.elapsed();
        assert!(
            took < PATIENCE,
            "{took:?} for {:?}…",
            &text[..16.min(text.len())]
        );
    }
}

#[test]
fn names_that_stand_for_each_other_come_to_an_end() {
    let ring: String = (0..100)
        .map(|n| format!("if c:\n  a{n} = a{}\n  a{n} = b{}\n", (n + 1) % 100, n))
        .collect();
    findings(&format!("{ring}{ring}a0()\n"));
    check("a = b\nb = a\na()\nb()", &[]);
}

#[test]
fn bytes_that_are_no_text_are_survived() {
    assert_eq!(bytes(b"x = '\xff\xfe'\neval('1')".to_vec()), 1);
    assert_eq!(bytes(b"\0eval('1')\0".to_vec()), 1);
    assert_eq!(bytes(vec![0xff; 1000]), 0);
    assert_eq!(bytes(Vec::new()), 0);
}
