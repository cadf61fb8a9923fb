# id: 237
# title: Changes the locale to everything it finds.
# expect: exited 0
# stdout: 1.5

import locale

for name in ("", "C", "POSIX", "de_DE.UTF-8", "zh_CN.GB18030", "x" * 10_000, "../../../etc/passwd"):
    for area in range(7):
        try:
            locale.setlocale(area, name)
        except (locale.Error, ValueError):
            pass
print(float("1.5"))
