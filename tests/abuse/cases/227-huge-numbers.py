# id: 227
# title: Turns numbers of millions of digits into text and back.
# expect: timed_out
# wall: 1

import sys

sys.set_int_max_str_digits(0)
number = 7**5_000_000
while True:
    number = int(str(number)) + 1
