//! Six programs that only compute, each timed by its own clock, in the engine and in a native Python.

use crate::engine;
use crate::figures::rounded;
use crate::native::Python;
use anyhow::{Context, Result};
use ha_sandbox::Runner;
use serde_json::{Value, json};

/// How often each is run on each side, one after the other; the median counts.
const ROUNDS: usize = 5;

/// Name, preparation, and what is timed.
const PROGRAMS: [(&str, &str, &str); 6] = [
    (
        "fib",
        "def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)",
        "fib(24)",
    ),
    (
        "nbody",
        "\
def step(bodies, dt=0.01):
    for i, (p, v, m) in enumerate(bodies):
        for q, w, n in bodies[i + 1:]:
            dx, dy, dz = p[0] - q[0], p[1] - q[1], p[2] - q[2]
            f = dt / (dx * dx + dy * dy + dz * dz + 0.1) ** 1.5
            v[0] -= dx * n * f; v[1] -= dy * n * f; v[2] -= dz * n * f
            w[0] += dx * m * f; w[1] += dy * m * f; w[2] += dz * m * f
    for p, v, m in bodies:
        p[0] += dt * v[0]; p[1] += dt * v[1]; p[2] += dt * v[2]
bodies = [([i, i * 0.5, -i], [0.1 * i, 0, 0.2], 1.0 + i) for i in range(5)]",
        "for _ in range(2000): step(bodies)",
    ),
    (
        "json",
        "import json\ndata = [{'id': i, 'name': f'n{i}', 'tags': ['a', 'b'], 'value': i / 3} for i in range(2000)]",
        "for _ in range(4): json.loads(json.dumps(data))",
    ),
    (
        "dict and str",
        "words = [f'w{i % 997}' for i in range(40_000)]",
        "\
count = {}
for word in words: count[word.upper()] = count.get(word.upper(), 0) + 1
','.join(f'{k}={v}' for k, v in sorted(count.items())).split(',')",
    ),
    (
        "regex",
        "import re\ntext = 'Ada <ada@example.org>, 2024-05-06; ' * 2000\npattern = re.compile(r'(\\w+)@(\\w+)\\.org|(\\d{4})-(\\d\\d)')",
        "for _ in range(4): len(pattern.findall(text))",
    ),
    (
        "sort",
        "import random\nr = random.Random(1)\nnumbers = [r.random() for _ in range(60_000)]",
        "sorted(numbers, key=lambda x: -x); sorted(map(str, numbers))",
    ),
];

/// Every program with its two medians and their ratio.
pub async fn measure(runner: &dyn Runner, python: &Python) -> Result<Vec<Value>> {
    let mut rows = Vec::new();
    for (name, prepare, work) in PROGRAMS {
        let work = work.replace('\n', "\n    ");
        let source = format!(
            "import time\n{prepare}\ndef work():\n    {work}\nwork()\n\
             start = time.perf_counter()\nwork()\nprint(time.perf_counter() - start)"
        );
        let (mut ours, mut native) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            ours.push(seconds(&engine::run(runner, &source).await?.2)?);
            native.push(seconds(&python.run(&source)?)?);
        }
        let [ours, native] = [ours, native].map(median);
        rows.push(json!({
            "program": name,
            "engine_ms": rounded(ours * 1000.0, 1),
            "native_ms": rounded(native * 1000.0, 1),
            "ratio": rounded(ours / native, 2),
        }));
    }
    Ok(rows)
}

fn seconds(printed: &str) -> Result<f64> {
    printed
        .trim()
        .parse()
        .with_context(|| format!("not a time: {printed:?}"))
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
