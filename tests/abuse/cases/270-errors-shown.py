# id: 270
# title: Fails with an error whose place, words and chain are all made up.
# expect: exited 1
# inspect: variables

class Evil(Exception):
    def __str__(self):
        return "\ud800" + "x" * 1_000_000 + "\x1b[2J"


code = compile("\n" * 10**6 + "raise Evil()", "/etc/passwd", "exec")
exec(code.replace(co_name="x" * 10_000, co_filename="../../" + "y" * 10_000))
