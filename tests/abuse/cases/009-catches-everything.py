# id: 9
# title: Catches every exception, also those that would stop it.
# expect: timed_out
# wall: 1

while True:
    try:
        while True:
            pass
    except BaseException:
        continue
