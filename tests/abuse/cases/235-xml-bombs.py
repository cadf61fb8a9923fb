# id: 235
# title: Expands entities a billion times and nests elements twenty thousand deep.
# expect: exited 0 | exited 1 | exited 139
# stderr lacks: panicked

import xml.etree.ElementTree as tree

laughs = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 10}">' for n in range(12)
) + "]><x>&m;</x>"
for text in (laughs, "<a>" * 20_000 + "</a>" * 20_000):
    try:
        tree.fromstring(text)
        print("parsed")
    except (tree.ParseError, MemoryError, RecursionError) as error:
        print(type(error).__name__)
