//! The standard library as lessons use it.

use super::{Transcript, run, script};
use ha_sandbox::Runner;

async fn check(runner: &dyn Runner, source: &str, stdout: &str) -> Transcript {
    let transcript = run(runner, script(source)).await.exited(0);
    assert_eq!(transcript.stdout(), stdout, "{transcript:#?}");
    transcript
}

/// Modules that lessons import, each for itself.
pub async fn the_standard_library_is_there(runner: &dyn Runner) {
    let source = "
import importlib
for name in '''abc argparse ast asyncio base64 bisect collections.abc concurrent.futures contextlib copy csv dataclasses
datetime decimal difflib doctest email.message enum fractions functools glob graphlib gzip hashlib heapq hmac html.parser
http.client inspect io itertools json logging.handlers math operator os pathlib pdb pickle pprint queue random re secrets
selectors shelve shutil signal socket sqlite3 statistics string struct subprocess tempfile textwrap threading time timeit
tokenize tomllib traceback types typing unicodedata unittest.mock urllib.request uuid warnings weakref
xml.etree.ElementTree zipfile zlib'''.split():
    importlib.import_module(name)
print('all')
";
    check(runner, source, "all\n").await;
}

/// The everyday ones do their work.
pub async fn data_classes_json_and_sqlite_work(runner: &dyn Runner) {
    let source = "
import dataclasses, inspect, json, re, sqlite3
@dataclasses.dataclass
class Step:
    tool: str
    cost: float = 0.5
print(json.dumps(dataclasses.asdict(Step('查询')), ensure_ascii=False))
print(re.findall(r'Action: (\\w+)', 'Action: search\\nAction: answer'))
with sqlite3.connect('notes.db') as db:
    db.execute('create table note(text)')
    db.execute('insert into note values (?)', ('记住',))
    print(db.execute('select * from note').fetchall())
print(inspect.getsource(Step).splitlines()[1], inspect.getsource(json.dumps).splitlines()[0])
";
    let printed = "\
{\"tool\": \"查询\", \"cost\": 0.5}
['search', 'answer']
[('记住',)]
class Step: def dumps(obj, *, skipkeys=False, ensure_ascii=True, check_circular=True,
";
    check(runner, source, printed).await;
}

/// Waiting tasks do not wait for each other.
pub async fn asyncio_runs_tasks_side_by_side(runner: &dyn Runner) {
    let source = "
import asyncio, time
async def work(name, seconds):
    await asyncio.sleep(seconds)
    print(name)
    return name
async def main():
    start = time.perf_counter()
    print(await asyncio.gather(work('slow', .5), work('quick', .4), asyncio.to_thread(lambda: 'thread')))
    print(time.perf_counter() - start < .85)  # one after the other would be .9
    try:
        async with asyncio.timeout(.01):
            await asyncio.sleep(10)
    except TimeoutError:
        print('timeout')
    async with asyncio.TaskGroup() as group:
        queue = asyncio.Queue()
        group.create_task(queue.put(1))
        print(await queue.get())
asyncio.run(main())
";
    let printed = "quick\nslow\n['slow', 'quick', 'thread']\nTrue\ntimeout\n1\n";
    check(runner, source, printed).await;
}

/// Work handed to threads comes back.
pub async fn threads_deliver_their_results(runner: &dyn Runner) {
    let source = "
import threading
from concurrent.futures import ThreadPoolExecutor
done = []
threads = [threading.Thread(target=done.append, args=(number,)) for number in range(3)]
for thread in threads: thread.start()
for thread in threads: thread.join()
with ThreadPoolExecutor(2) as pool:
    print(sorted(done), list(pool.map(lambda x: x * x, range(4))), threads[0].is_alive())
";
    check(runner, source, "[0, 1, 2] [0, 1, 4, 9] False\n").await;
}

/// Times of other places, without a system underneath.
pub async fn time_zones_are_known(runner: &dyn Runner) {
    let source = "
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones
noon = datetime(2026, 7, 1, 12, tzinfo=ZoneInfo('Asia/Shanghai'))
print(noon.astimezone(ZoneInfo('Europe/Paris')), len(available_timezones()) > 500)
try:
    ZoneInfo('Mars/Base')
except ZoneInfoNotFoundError as error:
    print(error)
";
    let printed = "2026-07-01 06:00:00+02:00 True\n'No time zone found with key Mars/Base'\n";
    check(runner, source, printed).await;
}

/// Tests in a file, run as the file.
pub async fn unittest_runs_as_a_program(runner: &dyn Runner) {
    let source = "
import unittest
class Sum(unittest.TestCase):
    def test_right(self): self.assertEqual(1 + 1, 2)
    def test_wrong(self): self.assertEqual(1 + 1, 3)
unittest.main()
";
    let transcript = run(runner, script(source)).await.exited(1);
    let stderr = transcript.stderr();
    assert!(
        stderr.contains("AssertionError: 2 != 3") && stderr.contains("Ran 2 tests"),
        "{stderr}"
    );
}

/// Two runs never share their chances, unless they are told to.
pub async fn randomness_differs_and_a_seed_repeats_it(runner: &dyn Runner) {
    let source =
        "import random, secrets, uuid\nprint(random.random(), secrets.token_hex(), uuid.uuid4())";
    let first = run(runner, script(source)).await.exited(0).stdout();
    let second = run(runner, script(source)).await.exited(0).stdout();
    for (one, other) in first.split_whitespace().zip(second.split_whitespace()) {
        assert_ne!(one, other);
    }
    let seeded = || {
        let mut request = script("import random\nprint(random.random())");
        request.seed = Some(7);
        request
    };
    // The value every CPython gives for this seed.
    for _ in 0..2 {
        assert_eq!(
            run(runner, seeded()).await.exited(0).stdout(),
            "0.32383276483316237\n"
        );
    }
    check(
        runner,
        "import time\nprint(0 <= time.process_time() < 5)",
        "True\n",
    )
    .await;
}
