# id: 57
# title: Prints what moves a terminal's cursor, sets its clipboard and turns text around.
# expect: exited 0
# stdout contains: [2J
# stdout contains: ]52;c;

print("\0 \x1b[2J \x1b]52;c;aGk=\x07 \x1b[8m \r \u202e \u2066 \x9b31m \b\b\b")
