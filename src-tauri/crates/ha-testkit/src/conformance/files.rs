//! A program's folder, and what is outside of it.

use super::{canary, run, script};
use ha_sandbox::{Runner, SourceFile};

async fn check(runner: &dyn Runner, source: &str, files: &[(&str, &str)], stdout: &str) {
    let mut request = script(source);
    for (path, text) in files {
        request.files.push(SourceFile::text(*path, *text));
    }
    let transcript = run(runner, request).await.exited(0);
    assert_eq!(transcript.stdout(), stdout, "{transcript:#?}");
}

/// Modules and packages beside the program, in any script.
pub async fn helpers_can_be_imported(runner: &dyn Runner) {
    check(
        runner,
        "import helper\nprint(helper.answer())",
        &[("helper.py", "def answer():\n    return 42")],
        "42\n",
    )
    .await;
    check(
        runner,
        "from 工具.天气 import 查询\nprint(查询())",
        &[("工具/天气.py", "def 查询():\n    return '晴'")],
        "晴\n",
    )
    .await;
}

/// A file beside the program comes before the library, but not before Python's own inside.
pub async fn a_learners_module_hides_the_librarys(runner: &dyn Runner) {
    let mut request = script(
        "import random, string.deep, email, time, tempfile\nprint(random.mine, string.deep.mine, email.mine, hasattr(time, 'mine'))",
    );
    for path in [
        "random.py",
        "string/__init__.py",
        "string/deep.py",
        "email.py",
        "time.py",
    ] {
        request.files.push(SourceFile::text(path, "mine = 1"));
    }
    let transcript = run(runner, request).await.exited(0);
    assert_eq!(transcript.stdout(), "1 1 1 False\n");
    let mut request = script("import random\nprint(random.randint(1, 2))");
    request
        .files
        .push(SourceFile::text("random.py", "mine = 1"));
    let stderr = run(runner, request).await.exited(1).stderr();
    let expected = "AttributeError: module 'random' has no attribute 'randint'";
    assert!(stderr.contains(expected), "{stderr}");
    let source = "import random, json\nprint(random.randint(3, 3), json.dumps(1))";
    assert_eq!(
        run(runner, script(source)).await.exited(0).stdout(),
        "3 1\n"
    );
}

/// Data lies where a learner expects it.
pub async fn data_files_are_read_by_relative_path(runner: &dyn Runner) {
    let source = "\
import json, pathlib
print(open('data.txt').read(), json.load(open('data/天气.json')))
print(pathlib.Path(__file__).with_name('data.txt').exists())";
    check(
        runner,
        source,
        &[("data.txt", "text"), ("data/天气.json", "{\"a\": 1}")],
        "text {'a': 1}\nTrue\n",
    )
    .await;
}

/// What a lesson gives can be read, and stays what it is.
pub async fn given_files_cannot_be_changed(runner: &dyn Runner) {
    let source = "\
import os, pathlib, shutil
def attempt(what, action):
    try:
        print(what, 'REACHED', action())
    except PermissionError:
        print(what, 'refused')
    except OSError as error:
        print(what, 'refused', type(error).__name__)
given = pathlib.Path('data/given.txt')
open('own.txt', 'w').write('mine')
attempt('write', lambda: open(given, 'w'))
attempt('append', lambda: open(given, 'a'))
attempt('change', lambda: open(given, 'r+'))
attempt('truncate', lambda: os.truncate(given, 0))
attempt('remove', lambda: os.remove(given))
attempt('rename', lambda: given.rename('other.txt'))
attempt('replace', lambda: os.replace('own.txt', given))
attempt('rename the folder', lambda: os.rename('data', 'other'))
attempt('remove the folder', lambda: shutil.rmtree('data'))
open('data/new.txt', 'w').write('beside')
print(given.read_text(), open('own.txt').read(), sorted(os.listdir('data')))";
    let mut request = script(source);
    request
        .files
        .push(SourceFile::text("data/given.txt", "given").read_only());
    let refused = [
        "write",
        "append",
        "change",
        "truncate",
        "remove",
        "rename",
        "replace",
        "rename the folder",
        "remove the folder",
    ]
    .map(|what| format!("{what} refused\n"));
    assert_eq!(
        run(runner, request).await.exited(0).stdout(),
        refused.concat() + "given mine ['given.txt', 'new.txt']\n"
    );
}

/// Everything a beginner's book does with files.
pub async fn files_behave_as_they_do_everywhere(runner: &dyn Runner) {
    let source = "\
import csv, glob, os, pathlib, shutil, sqlite3, tempfile, time, zipfile
with open('notes.txt', 'w') as file:
    file.write('one\\ntwo\\n')
with open('notes.txt', 'a') as file:
    file.write('three\\n')
    print(file.tell())
with open('notes.txt', 'r+') as file:
    file.seek(4)
    file.write('TWO')
    file.truncate(8)
print(repr(open('notes.txt').read()), abs(os.path.getmtime('notes.txt') - time.time()) < 60)
try:
    open('notes.txt', 'x')
except FileExistsError as error:
    print(type(error).__name__, error.filename)
for name, action in [('missing.txt', open), ('notes.txt/x', open), ('/tmp', open), ('notes.txt', os.listdir)]:
    try:
        action(name)
    except OSError as error:
        print(type(error).__name__, error.filename)
with open('table.csv', 'w', newline='') as file:
    csv.writer(file).writerows([['name', 'n'], ['小明', 3]])
print(list(csv.DictReader(open('table.csv', newline=''))))
database = sqlite3.connect('shop.db')
with database:
    database.execute('create table items (n)')
    database.executemany('insert into items values (?)', [(n,) for n in range(1000)])
database.close()
print(sqlite3.connect('shop.db').execute('select sum(n) from items').fetchone())
os.makedirs('a/b/c')
pathlib.Path('a/b/deep.txt').write_text('deep')
os.replace('notes.txt', 'a/b/c/moved.txt')
print([(folder, files) for folder, _, files in os.walk('a')])
print(sorted(glob.glob('a/**/*.txt', recursive=True)), sorted(entry.name for entry in os.scandir('a/b')))
shutil.copytree('a', 'copy')
with zipfile.ZipFile('a.zip', 'w') as archive:
    archive.write('a/b/deep.txt')
print(zipfile.ZipFile('a.zip').read('a/b/deep.txt'), os.path.samefile('a/b', 'a/./b'), os.path.samefile('a', 'copy'))
shutil.rmtree('a')
with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile('w+') as file:
    file.write('text')
    file.seek(0)
    print(file.read(), os.path.isdir(folder), os.path.exists('a'), sorted(os.listdir('copy/b')))
print(os.path.exists(folder), os.getcwd() == os.path.dirname(os.path.abspath(__file__)))";
    let expected = "\
14
'one\\nTWO\\n' True
FileExistsError notes.txt
FileNotFoundError missing.txt
NotADirectoryError notes.txt/x
IsADirectoryError /tmp
NotADirectoryError notes.txt
[{'name': '小明', 'n': '3'}]
(499500,)
[('a', []), ('a/b', ['deep.txt']), ('a/b/c', ['moved.txt'])]
['a/b/c/moved.txt', 'a/b/deep.txt'] ['c', 'deep.txt']
b'deep' True False
text True False ['c', 'deep.txt']
False True
";
    check(runner, source, &[], expected).await;
}

/// As `python checks/entry.py` does: imports start in the entry's folder, files in the program's.
pub async fn an_entry_in_a_folder_imports_its_neighbours(runner: &dyn Runner) {
    let mut request = script("");
    request.files = vec![
        SourceFile::text(
            "checks/entry.py",
            "import neighbour\nprint(neighbour.NAME, open('data.txt').read(), __name__)",
        ),
        SourceFile::text("checks/neighbour.py", "NAME = 'beside'"),
        SourceFile::text("data.txt", "above"),
    ];
    request.entry = "checks/entry.py".into();
    assert_eq!(
        run(runner, request).await.exited(0).stdout(),
        "beside above __main__\n"
    );
}

/// `sys.argv` is as on a command line.
pub async fn arguments_arrive(runner: &dyn Runner) {
    let mut request = script("import sys\nprint(sys.argv)");
    request.args = vec!["check_one".into(), "有 空格".into()];
    assert_eq!(
        run(runner, request).await.exited(0).stdout(),
        "['main.py', 'check_one', '有 空格']\n"
    );
}

/// A program may write; the next one finds nothing of it.
pub async fn a_program_keeps_its_own_files_to_itself(runner: &dyn Runner) {
    let writes = "\
import os, tempfile
open('note.txt', 'w').write('mine')
open('/tmp/note.txt', 'w').write('mine')
tempfile.mkdtemp()
print(open('note.txt').read(), sorted(os.listdir('.')))";
    check(runner, writes, &[], "mine ['main.py', 'note.txt']\n").await;
    check(
        runner,
        "import os\nprint(os.listdir('.'), os.listdir('/tmp'))",
        &[],
        "['main.py'] []\n",
    )
    .await;
}

/// Neither files above, nor the network, nor other programs.
pub async fn the_rest_of_the_machine_is_out_of_reach(runner: &dyn Runner) {
    let source = "
import os, socket, subprocess
def attempt(what, action):
    try:
        print(what, 'REACHED', action())
    except Exception as error:
        print(what, 'refused')
attempt('above', lambda: open('../../../outside.txt', 'w'))
attempt('home', lambda: os.listdir('/home'))
attempt('root write', lambda: open('/outside.txt', 'w'))
os.symlink('../../../../../etc/hostname', 'link') if hasattr(os, 'symlink') else None
attempt('network', lambda: socket.create_connection(('127.0.0.1', 80), 1))
attempt('names', lambda: socket.getaddrinfo('example.org', 80))
print(sorted({value for name, value in os.environ.items() if 'KEY' in name or 'TOKEN' in name}))
";
    let refused =
        ["above", "home", "root write", "network", "names"].map(|what| format!("{what} refused\n"));
    // What agents take for a key opens nothing.
    let keys = "['kept-outside-the-sandbox']\n";
    check(runner, source, &[], &(refused.concat() + keys)).await;
    canary(runner).await;
}

/// Monkeypatches, modules and limits die with their program.
pub async fn what_one_program_changes_no_other_sees(runner: &dyn Runner) {
    let vandal = "\
import builtins, json, os, sys
json.dumps = lambda value: 'gone'
sys.setrecursionlimit(50)
os.environ['LEFT'] = '1'
builtins.sum = builtins.len = builtins.print = None";
    run(runner, script(vandal)).await;
    check(
        runner,
        "\
import json, os, sys
print(json.dumps([1]), sum([1, 2]), sys.getrecursionlimit(), os.environ.get('LEFT'))",
        &[],
        "[1] 3 1000 None\n",
    )
    .await;
}
