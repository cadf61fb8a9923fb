# id: 5
# title: Gives the regular expression engine a pattern it takes centuries for.
# expect: timed_out
# wall: 1

import re

re.match(r"(a+)+$", "a" * 40 + "b")
