# id: 70
# title: Asks with a prompt that has no line end and never gets an answer.
# expect: timed_out
# wall: 1
# stdin: interactive
# stdout contains: name?

input("name? ")
