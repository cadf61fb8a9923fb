# id: 228
# title: Makes text, formats and patterns of sizes just below every border.
# expect: exited 0
# stdout: refused 10

refused = 0
for act in (
    lambda: "x" * 2**31,
    lambda: "x" * (2**31 - 1),
    lambda: "\U0001f600" * 2**29,
    lambda: f"{1:{2**31 - 2}}",
    lambda: "%*d" % (2**31 - 1, 1),
    lambda: b"x".rjust(2**31 - 1),
    lambda: [None] * (2**29 - 1),
    lambda: "ab".replace("", "x" * 2**27),
    lambda: "x".join(["y" * 2**20] * 2**12),
    lambda: (1,) * 2**29,
):
    try:
        act()
    except (MemoryError, OverflowError, ValueError):
        refused += 1
print("refused", refused)
