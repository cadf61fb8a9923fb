//! A learner's own names win where Python says so, and only there.

use crate::{check, passes};

#[test]
fn what_the_learner_defined_before_is_the_learners() {
    passes(&[
        "def compile(x): ...\ncompile('a')",
        "class open: ...\nopen()",
        "eval = my_eval\neval('1')",
        "from tools import compile\ncompile('a')",
        "import mine as exec\nexec('x')",
        "from . import open\nopen('x')",
        "for open in doors: open()",
        "with door as open: open()",
        "try: pass\nexcept Error as open: open()",
        "open: object = door\nopen()",
        "[open() for open in doors]",
        "f = lambda open: open()",
        "def f(open): open()",
        "def f(*open, **eval): open[0](eval)",
        "def f(open=None): open()",
        "def f(open: object = None): open()",
        "def f(open: object): open()",
        "def f():\n    open = door\n    open()",
        "(open, eval) = doors\nopen(); eval()",
        "[a, *open] = doors\nopen()",
        "match door:\n    case open: open()",
        "match door:\n    case [open, {'a': eval}]: open(eval)",
        "match door:\n    case Door(exec) as open: open(exec)",
        "if (open := door): open()",
    ]);
}

#[test]
fn before_its_own_definition_a_name_is_pythons() {
    check("open('x')\ndef open(): ...", &["1:1 open"]);
    check("open = wrap(open)\nopen('x')", &["1:13 open"]);
    check("def open(f=open): ...", &["1:12 open"]);
}

#[test]
fn inside_a_function_the_whole_module_counts() {
    passes(&["def f():\n    compile('a')\ndef compile(x): ..."]);
    check(
        "def f():\n    s('ls')\nfrom os import system as s",
        &["2:5 os.system", "3:16 os.system"],
    );
}

#[test]
fn a_local_name_of_one_function_is_not_that_of_another() {
    check(
        "def f():\n    open = door\n    open()\ndef g():\n    open('x')",
        &["5:5 open"],
    );
    check("def f(eval): ...\neval('1')", &["2:1 eval"]);
    check("[eval for eval in xs]\neval('1')", &["2:1 eval"]);
    check(
        "def f():\n    def g():\n        s('ls')\n    from os import system as s",
        &["3:9 os.system", "4:20 os.system"],
    );
}

#[test]
fn the_names_of_a_class_are_not_seen_in_its_methods() {
    check(
        "class A:\n    def open(self): ...\n    def f(self):\n        open('x')",
        &["4:9 open"],
    );
    passes(&[
        "class A:\n    def open(self): ...\n    def f(self):\n        self.open()",
        "class A:\n    def open(): ...\n    open()",
    ]);
}

#[test]
fn the_last_certain_value_counts_and_every_possible_one() {
    passes(&[
        "x = eval\nx = print\nx('1')"
            .replace("x = eval", "x = 1")
            .as_str(),
        "try:\n    from tools import system\nexcept ImportError:\n    def system(x): ...\nsystem('ls')",
    ]);
    check("import os\nos = fake\nos.system('ls')", &[]);
    check(
        "import os\nif a:\n    os = fake\nos.system('ls')",
        &["4:1 os.system"],
    );
    check(
        "try:\n    from os import system\nexcept ImportError:\n    def system(x): ...\nsystem('ls')",
        &["2:20 os.system", "5:1 os.system"],
    );
    check(
        "import os\nx = print\nwhile True:\n    x('ls')\n    x = os.system",
        &["4:5 os.system", "5:9 os.system"],
    );
    check("if a:\n    def open(): ...\nopen('x')", &["3:1 open"]);
    check(
        "if a:\n    open = door\n    open()\nelse:\n    open('x')",
        &["5:5 open"],
    );
}

#[test]
fn global_and_nonlocal_names_are_bound_where_they_belong() {
    check(
        "import os\ndef f():\n    global s\n    s = os.system\ndef g():\n    s('ls')",
        &["4:9 os.system", "6:5 os.system"],
    );
    check(
        "import os\ndef f():\n    s = None\n    def g():\n        nonlocal s\n        s = os.popen\n    s('ls')",
        &["6:13 os.system", "7:5 os.system"],
    );
    passes(&["def f():\n    global open\n    open = door\n    open()"
        .replace("open()", "pass")
        .as_str()]);
}

#[test]
fn a_default_is_read_outside_of_its_function() {
    check("def f(eval=eval): ...", &["1:12 eval"]);
    check("f = lambda eval=eval: eval", &["1:17 eval"]);
}
