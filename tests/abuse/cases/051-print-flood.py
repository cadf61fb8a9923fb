# id: 51
# title: Prints for ever.
# expect: output_limit
# stdout contains: first

print("first")
while True:
    print("x" * 1000)
