//! Names followed to what they stand for: builtins, imports, aliases, attributes.

use crate::{check, findings, passes};

#[test]
fn every_rule_finds_its_plain_use() {
    check("eval('1')", &["1:1 eval"]);
    check("exec('x = 1')", &["1:1 exec"]);
    check("compile('1', '', 'eval')", &["1:1 compile"]);
    check("open('a.txt')", &["1:1 open"]);
    check("__import__('math')", &["1:1 __import__"]);
    check("import os\nos.system('ls')", &["2:1 os.system"]);
    check("import subprocess", &["1:8 subprocess"]);
    check("import ctypes", &["1:8 ctypes"]);
    check("import socket", &["1:8 socket"]);
}

#[test]
fn what_belongs_to_a_rule_is_found_with_it() {
    for name in ["popen", "execv", "execvpe", "spawnl", "fork", "posix_spawn"] {
        check(&format!("import os\nos.{name}()"), &["2:1 os.system"]);
    }
    check(
        "import importlib\nimportlib.import_module('os')",
        &["2:1 __import__"],
    );
    check("import io\nio.open('x')", &["2:1 open"]);
    check(
        "import multiprocessing as mp\nmp.Pool()",
        &["1:8 subprocess", "2:1 subprocess"],
    );
    check("import urllib.request", &["1:8 socket"]);
    check("from urllib import request", &["1:20 socket"]);
    check(
        "import requests\nrequests.get('x')",
        &["1:8 socket", "2:1 socket"],
    );
    check(
        "import asyncio\nasyncio.create_subprocess_exec('ls')",
        &["2:1 subprocess"],
    );
}

#[test]
fn words_that_only_look_alike_pass() {
    passes(&[
        "import re\nre.compile('a')",
        "# eval('1'), os.system('ls')",
        "print('eval(1)')",
        "'''\nimport subprocess\nexec('x')\n'''",
        "self.open()",
        "path.open('r')",
        "from pathlib import Path\nPath('a').open()",
        "model.eval()",
        "reopen('x'); evaluate(); os_system('ls'); opener = 1",
        "f(open=3)",
        "d = {'open': 1}; d['open']",
        "import os\nos.path.join('a', 'b'); os.getcwd()",
        "import http, urllib.parse, urllib",
        "system('ls')",
        "run(['ls'])",
        "from __future__ import annotations",
        "x.os.system('ls')",
        "f'{x!r:>{width}} open'",
        "async def f(): await session.open()",
    ]);
}

#[test]
fn imports_under_another_name_are_followed() {
    check(
        "from os import system as s\ns('ls')",
        &["1:16 os.system", "2:1 os.system"],
    );
    check("import os as o\no.system('ls')", &["2:1 os.system"]);
    check(
        "import subprocess as sp\nsp.run(['ls'])",
        &["1:8 subprocess", "2:1 subprocess"],
    );
    check(
        "from subprocess import run\nrun(['ls'])",
        &["1:6 subprocess", "1:24 subprocess", "2:1 subprocess"],
    );
    check(
        "from os import (\n    path,\n    popen as p,  # why not\n)\np('ls')",
        &["3:5 os.system", "5:1 os.system"],
    );
    check(
        "from builtins import eval as e\ne('1')",
        &["1:22 eval", "2:1 eval"],
    );
    check("import os.path\nos.system('ls')", &["2:1 os.system"]);
    check("import os, sys\nos.system('ls')", &["2:1 os.system"]);
    check("from os import *\nsystem('ls')", &["2:1 os.system"]);
    check(
        "from os import *\ndef f():\n    popen('ls')",
        &["3:5 os.system"],
    );
    passes(&["from tools import *\nsystem('ls')"]);
}

#[test]
fn the_real_name_is_told() {
    let found = findings("from os import system as s\ns('ls')");
    assert_eq!(found[1].name, "os.system");
    assert_eq!(
        findings("import builtins as b\nb.eval('1')")[0].name,
        "eval"
    );
}

#[test]
fn builtins_are_found_by_every_name_they_have() {
    check("__builtins__.eval('1')", &["1:1 eval"]);
    check("import builtins\nbuiltins.exec('x')", &["2:1 exec"]);
    check("__builtins__['eval']('1')", &["1:1 eval"]);
    check(
        "import builtins\nvars(builtins)['eval']('1')",
        &["2:1 eval"],
    );
    check(
        "import builtins\nbuiltins.__dict__['eval']('1')",
        &["2:1 eval"],
    );
    check("eval.__call__('1')", &["1:1 eval"]);
}

#[test]
fn text_that_names_an_attribute_or_a_module_is_read() {
    check("import os\ngetattr(os, 'system')('ls')", &["2:1 os.system"]);
    check(
        "import os\nf = getattr(os, \"popen\")\nf('ls')",
        &["2:5 os.system", "3:1 os.system"],
    );
    check(
        "__import__('os').system('ls')",
        &["1:1 os.system", "1:1 __import__"],
    );
    check(
        "import importlib\nm = importlib.import_module('subprocess')\nm.run('ls')",
        &["2:5 subprocess", "2:5 __import__", "3:1 subprocess"],
    );
    check(
        "import sys\nsys.modules['os'].system('ls')",
        &["2:1 os.system"],
    );
    passes(&[
        "import os\ngetattr(os, 'getcwd')()",
        "import os\ngetattr(os, name)('ls')",
        "getattr(self, 'system')()",
        "def getattr(a, b): ...\nimport os\ngetattr(os, 'system')()",
    ]);
}

#[test]
fn simple_aliases_are_followed() {
    check("x = eval\nx('1')", &["1:5 eval", "2:1 eval"]);
    check("import os\no = os\no.system('ls')", &["3:1 os.system"]);
    check("import os\na = b = os\nb.system('ls')", &["3:1 os.system"]);
    check("import os\na = b = os\na.system('ls')", &["3:1 os.system"]);
    check(
        "import os\ns: object = os.system\ns('ls')",
        &["2:13 os.system", "3:1 os.system"],
    );
    check("if (e := eval):\n    e('1')", &["1:10 eval", "2:5 eval"]);
    check("x = x\nx('1')\ny = z\nz = y", &[]);
}

#[test]
fn a_use_is_found_wherever_an_expression_may_stand() {
    check("f = lambda x: eval(x)", &["1:15 eval"]);
    check("[eval(x) for x in xs]", &["1:2 eval"]);
    check(
        "{k: exec(k) for k in xs if open(k)}",
        &["1:5 exec", "1:28 open"],
    );
    check("sorted(xs, key=eval)", &["1:16 eval"]);
    check("print(*map(eval, xs))", &["1:12 eval"]);
    check(
        "@exec\n@compile\ndef f(): pass",
        &["1:2 exec", "2:2 compile"],
    );
    check("def f(run=eval) -> int: ...", &["1:11 eval"]);
    check("f'{eval(x)}'", &["1:4 eval"]);
    check("async def f():\n    return await g(eval)", &["2:20 eval"]);
    check(
        "match eval('1'):\n    case 1 if exec(''): pass",
        &["1:7 eval", "2:15 exec"],
    );
    check("with open('x') as f: pass", &["1:6 open"]);
    check("class A(metaclass=eval): pass", &["1:19 eval"]);
    check("a, b = eval, exec", &["1:8 eval", "1:14 exec"]);
    check("x[eval('1')] = eval('2')", &["1:3 eval", "1:16 eval"]);
    check(
        "print(eval('1'), file=open('x'))",
        &["1:7 eval", "1:23 open"],
    );
    check("yes = eval if a else exec", &["1:7 eval", "1:22 exec"]);
}

#[test]
fn blanks_line_breaks_and_brackets_hide_nothing() {
    check("import os\nos . system ('ls')", &["2:1 os.system"]);
    check("import os\nos \\\n  . system('ls')", &["2:1 os.system"]);
    check(
        "import os\n(os\n  # a comment\n  .system)('ls')",
        &["2:2 os.system"],
    );
    check("import os\n((os)).system('ls')", &["2:1 os.system"]);
    check("((eval))('1')", &["1:3 eval"]);
    check("import os as \\\n  o\no.system('ls')", &["3:1 os.system"]);
}
