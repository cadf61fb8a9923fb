# id: 41
# title: Raises SystemExit with everything but a small number.
# expect: exited 1
# stderr: <an object>

import sys


class Code:
    def __str__(self):
        return "<an object>"


for code in (None, 256, -1, 3.5, "text", ()):
    try:
        sys.exit(code)
    except SystemExit as error:
        assert error.code == (None if code == () else code), error.code
sys.exit(Code())
