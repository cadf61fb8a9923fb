# id: 72
# title: Compiles source with NUL bytes, other codings and half characters.
# expect: exited 0
# stdout: 0 SyntaxError
# stdout: 1 SyntaxError
# stdout: 2 SyntaxError
# stdout: 3 UnicodeEncodeError
# stdout: 4 fine
# docker stdout: 0 ValueError
# docker stdout: 1 SyntaxError
# docker stdout: 2 ValueError
# docker stdout: 3 UnicodeEncodeError
# docker stdout: 4 fine

for number, source in enumerate(
    (b"x = 1\0", b"# coding: rot13\nx = 1", b"\xff\xfe\x00x", "x = '\ud800'", b"\xef\xbb\xbfx = 1")
):
    try:
        exec(compile(source, "x", "exec"))
        print(number, "fine")
    except Exception as error:
        print(number, type(error).__name__)
