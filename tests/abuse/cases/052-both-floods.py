# id: 52
# title: Floods both outputs at once.
# expect: output_limit
# docker expect: output_limit | timed_out

import sys

while True:
    sys.stdout.write("out\n")
    sys.stderr.write("err\n")
