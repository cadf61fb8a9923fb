# id: 55
# title: Reaches the output cap in the middle of a character.
# expect: output_limit
# output: 10
# stdout lacks: �

while True:
    print("你好吗", end="")
