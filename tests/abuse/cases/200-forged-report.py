# id: 200
# title: Reports what a check would report, and more than there is room for.
# expect: output_limit
# note: ReportLimit

import json

from _sandbox import report

report(json.dumps({"passed": True, "checks": [{"name": "all", "passed": True}]}))
report("not JSON at all \0 \x1b[2J")
report('{"a":' * 100_000)
while True:
    report("x" * 1000)
