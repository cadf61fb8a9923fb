# id: 56
# title: Prints half a character.
# expect: exited 1
# stderr contains: UnicodeEncodeError

print(chr(0xD800))
