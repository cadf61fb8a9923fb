//! The program's files under attack: paths that lead out, names that are none, and everything that
//! could cost the host more than the program may have.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod common;

use common::runner;
use ha_sandbox::{RunError, RunEvent, Runner, SourceFile};
use ha_testkit::conformance::{canary, run, script};

/// What every program here begins with: says how an action ended, in one line.
const ATTEMPT: &str = "\
import errno, os
def attempt(what, action):
    try:
        print(what, 'REACHED', action())
    except OSError as error:
        print(what, errno.errorcode[error.errno])
";

/// Runs `source` with room for a MiB.
async fn check(source: &str, expected: &str) {
    let mut request = script(&format!("{ATTEMPT}{source}"));
    request.limits.disk_bytes = 1 << 20;
    let transcript = run(&*runner(), request).await.exited(0);
    assert_eq!(transcript.stdout(), expected, "{transcript:#?}");
    canary(&*runner()).await;
}

#[tokio::test]
async fn the_root_holds_two_folders_and_nothing_else() {
    let source = "\
print(sorted(os.listdir('/')), sorted(os.listdir('/work/../../..')), os.getcwd())
attempt('file', lambda: open('/new', 'w'))
attempt('folder', lambda: os.mkdir('/new'))
attempt('link', lambda: os.symlink('work', '/new'))
attempt('move', lambda: os.rename('/work', '/tmp/work'))
attempt('move', lambda: os.rename('/tmp', '/work/tmp'))
os.remove('main.py')
attempt('remove', lambda: os.rmdir('/work'))
attempt('remove', lambda: os.rmdir('/tmp'))
attempt('remove', lambda: os.rmdir('/'))
for path in ['/etc/passwd', '/proc/self/environ', '/dev/null', '/python', '/home', '../../etc/passwd']:
    attempt(path, lambda: os.stat(path))
os.chdir('/')
print(sorted(os.listdir('.')), os.path.exists('main.py'))";
    check(
        source,
        "\
['tmp', 'work'] ['tmp', 'work'] /work
file EACCES
folder EACCES
link EACCES
move EACCES
move EACCES
remove EACCES
remove EACCES
remove EINVAL
/etc/passwd ENOENT
/proc/self/environ ENOENT
/dev/null ENOENT
/python ENOENT
/home ENOENT
../../etc/passwd ENOENT
['tmp', 'work'] False
",
    )
    .await;
}

#[tokio::test]
async fn links_lead_to_the_programs_own_files_only() {
    let source = "\
attempt('absolute', lambda: os.symlink('/etc/passwd', 'a'))
os.symlink('../../../../../etc/passwd', 'out')
attempt('out', lambda: open('out').read())
attempt('above', lambda: open('out', 'w').close())
os.symlink('loop', 'pool'); os.symlink('pool', 'loop')
attempt('loop', lambda: open('loop').read())
os.symlink('self/self', 'self')
attempt('self', lambda: os.stat('self'))
os.symlink('.', 'here')
attempt('many', lambda: os.stat('here/' * 40 + 'main.py').st_size == os.path.getsize('main.py'))
attempt('too many', lambda: os.stat('here/' * 41 + 'main.py'))
os.symlink('later.txt', 'early')
open('early', 'w').write('through')
attempt('through', lambda: open('later.txt').read())
attempt('exclusive', lambda: os.open('early', os.O_CREAT | os.O_EXCL | os.O_WRONLY))
attempt('not followed', lambda: os.lstat('early').st_size)
os.remove('early')
attempt('target', lambda: open('later.txt').read())
attempt('hard', lambda: os.link('main.py', 'hard'))";
    check(
        source,
        "\
absolute EPERM
out ENOENT
above ENOENT
loop ELOOP
self ELOOP
many REACHED True
too many ELOOP
through REACHED through
exclusive EEXIST
not followed REACHED 9
target REACHED through
hard ENOTSUP
",
    )
    .await;
}

#[tokio::test]
async fn names_are_text_of_a_sensible_length() {
    let source = "\
attempt('longest', lambda: open('n' * 255, 'w').close())
attempt('too long', lambda: open('n' * 256, 'w'))
attempt('in bytes', lambda: open('名' * 86, 'w'))
attempt('path', lambda: open('a/' * 5000 + 'b'))
attempt('not text', lambda: open(b'\\xff', 'w'))
attempt('surrogate', lambda: open('\\udcff', 'w'))
attempt('odd', lambda: [open(name, 'w').close() for name in ['a\\nb', ' ', '*', 'C:x', 'a\\\\b', '-rf', 'e\\u0301']])
try:
    open('a\\0b', 'w')
except ValueError as error:
    print(error)
def deep():
    for _ in range(1000):
        os.mkdir('d')
        os.chdir('d')
attempt('deep', deep)
print(os.getcwd().count('d'))
import shutil
os.chdir('/work')
shutil.rmtree('d')
print(os.path.exists('d'))";
    check(
        source,
        "\
longest REACHED None
too long ENAMETOOLONG
in bytes ENAMETOOLONG
path ENAMETOOLONG
not text EILSEQ
surrogate EILSEQ
odd REACHED [None, None, None, None, None, None, None]
embedded null byte
deep ENAMETOOLONG
127
False
",
    )
    .await;
}

#[tokio::test]
async fn the_quota_is_exact_by_every_way_to_write() {
    let source = "\
MIB = 1 << 20
def written(data, mode='wb'):
    with open('f', mode, buffering=0) as file:
        return file.write(data)
def all_of(data):
    with open('f', 'wb') as file:
        file.write(data)
    return os.path.getsize('f')
attempt('whole', lambda: all_of(bytes(MIB)))
attempt('one more', lambda: written(b'x', 'ab'))
attempt('in place', lambda: written(b'x', 'r+b'))
attempt('above', lambda: all_of(bytes(MIB + 1)))
print(os.path.getsize('f') == MIB)
attempt('name', lambda: open('g', 'w'))
os.truncate('f', MIB - 4096)
attempt('name', lambda: open('g', 'w').close())
attempt('other', lambda: open('h', 'w'))
os.truncate('f', 0)
attempt('size', lambda: os.truncate('f', MIB - 4096))
attempt('size above', lambda: os.truncate('f', MIB - 4095))
os.truncate('f', 0)
with open('f', 'wb', buffering=0) as file:
    for offset in [1 << 30, 1 << 40, (1 << 63) - 2]:
        attempt('hole', lambda: os.pwrite(file.fileno(), b'x', offset))
        file.seek(offset)
        attempt('hole', lambda: file.write(b'x'))
        attempt('size', lambda: os.truncate('f', offset))
print(os.path.getsize('f'))
os.remove('g')
with open('f', 'wb') as file:
    file.write(bytes(MIB))
    file.flush()
    os.remove('f')
    attempt('still held', lambda: open('g', 'w'))
attempt('let go', lambda: open('g', 'w').close())";
    check(
        source,
        "\
whole REACHED 1048576
one more ENOSPC
in place REACHED 1
above ENOSPC
True
name ENOSPC
name REACHED None
other ENOSPC
size REACHED None
size above ENOSPC
hole ENOSPC
hole ENOSPC
size ENOSPC
hole ENOSPC
hole ENOSPC
size ENOSPC
hole ENOSPC
hole ENOSPC
size ENOSPC
0
still held ENOSPC
let go REACHED None
",
    )
    .await;
}

#[tokio::test]
async fn a_full_disk_is_an_ordinary_error() {
    let source = "with open('f', 'wb') as file:\n    while True:\n        file.write(bytes(4096))";
    let transcript = run(&*runner(), script(source)).await.exited(1);
    let last = "OSError: [Errno 51] No space left on device\n";
    assert!(transcript.stderr().ends_with(last), "{transcript:?}");
    let source = "\
import copy, pickle, sqlite3
try:
    open('f', 'wb').write(bytes(20 << 20))
except OSError as error:
    for same in error, copy.copy(error), pickle.loads(pickle.dumps(error)):
        print(repr(same), same.errno)
open('f', 'wb').close()
database = sqlite3.connect('f')
try:
    database.execute('create table t (a)')
    while True:
        database.execute('insert into t values (zeroblob(100000))')
except sqlite3.OperationalError as error:
    print(error)
print(repr(OSError(29, 'x')), repr(OSError(2, 'x')), repr(OSError(29)), repr(OSError(29, [])))";
    let transcript = run(&*runner(), script(source)).await.exited(0);
    let said = "OSError(51, 'No space left on device') 51\n";
    assert_eq!(
        transcript.stdout(),
        format!(
            "{said}{said}{said}disk I/O error\n\
             OSError(29, 'x') PermissionError(2, 'x') OSError(29) OSError(29, [])\n"
        ),
        "{transcript:?}"
    );
}

#[tokio::test]
async fn floods_of_names_end_at_the_quota() {
    let source = "\
def files():
    for number in range(1_000_000):
        open(f'/tmp/{number}', 'w').close()
def folders():
    for number in range(1_000_000):
        os.mkdir(f'/tmp/{number}')
def links():
    for number in range(1_000_000):
        os.symlink('x' * 4096, f'/tmp/{number}')
import shutil
for flood in files, folders, links:
    attempt(flood.__name__, flood)
    print(len(os.listdir('/tmp')))
    shutil.rmtree('/tmp', ignore_errors=True)
    print(os.listdir('/tmp'))
for _ in range(20_000):
    open('/tmp/same', 'w').close()
    os.rename('/tmp/same', '/tmp/other')
    os.remove('/tmp/other')
print(os.listdir('/tmp'))";
    let each = |what| format!("{what} ENOSPC\n256\n[]\n");
    check(
        source,
        &(each("files") + &each("folders") + &each("links") + "[]\n"),
    )
    .await;
}

#[tokio::test]
async fn a_folder_that_changes_while_it_is_listed_is_listed_to_its_end() {
    let source = "\
for number in range(100):
    open(f'/tmp/{number:03}', 'w').close()
seen = []
with os.scandir('/tmp') as entries:
    for entry in entries:
        seen.append(entry.name)
        os.remove(entry.path)
print(len(seen), len(set(seen)), os.listdir('/tmp'))
os.mkdir('gone')
folder = os.open('gone', os.O_RDONLY | os.O_DIRECTORY)
os.rmdir('gone')
attempt('made', lambda: os.open('new', os.O_CREAT | os.O_WRONLY, dir_fd=folder))
attempt('above', lambda: os.stat('..', dir_fd=folder))";
    check(source, "100 100 []\nmade ENOENT\nabove ENOENT\n").await;
}

#[tokio::test]
async fn descriptors_do_what_they_were_opened_for() {
    let source = "\
reader = os.open('main.py', os.O_RDONLY)
writer = os.open('new', os.O_CREAT | os.O_WRONLY)
folder = os.open('.', os.O_RDONLY | os.O_DIRECTORY)
attempt('write', lambda: os.write(reader, b'x'))
attempt('truncate', lambda: os.ftruncate(reader, 0))
attempt('read', lambda: os.read(writer, 1))
attempt('read folder', lambda: os.read(folder, 1))
attempt('not a folder', lambda: os.open('new', os.O_RDONLY | os.O_DIRECTORY))
attempt('beside', lambda: os.path.samestat(os.stat('new', dir_fd=folder), os.fstat(writer)))
os.close(reader)
attempt('closed', lambda: os.read(reader, 1))
os.write(writer, b'12345')
os.lseek(writer, 1, os.SEEK_SET)
os.write(writer, b'X')
appender = os.open('new', os.O_WRONLY | os.O_APPEND)
os.write(appender, b'6')
print(open('new').read())";
    check(
        source,
        "\
write EBADF
truncate EBADF
read EBADF
read folder EISDIR
not a folder ENOTDIR
beside REACHED True
closed EBADF
1X3456
",
    )
    .await;
}

#[tokio::test]
async fn files_that_cannot_be_together_are_an_engine_that_cannot_begin() {
    let mut request = script("print()");
    request.files.push(SourceFile::text("a", ""));
    request.files.push(SourceFile::text("a/b", ""));
    let mut started = runner().start(request).await.unwrap();
    let RunEvent::Failed(RunError::Lost(reason)) = started.events.recv().await.unwrap() else {
        panic!("the run began");
    };
    assert!(reason.contains("cannot begin"), "{reason}");
    canary(&*runner()).await;
}
