# id: 13
# title: Hands the compiler brackets without end from inside.
# expect: exited 0
# stdout: refused
# stdout: refused
# stdout: refused

for source in ("(" * 10**5, "[" * 199 + "1" + "]" * 198, "-" * 10**6 + "1"):
    try:
        compile(source, "x", "eval")
        print("compiled")
    except (SyntaxError, MemoryError, RecursionError):
        print("refused")
