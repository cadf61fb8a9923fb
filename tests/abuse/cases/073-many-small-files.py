# id: 73
# title: Makes empty files and folders until there is no room for names.
# expect: output_limit | exited 1
# disk: 4

import os

number = 0
while True:
    open(f"/tmp/{number}", "w").close()
    os.mkdir(f"/work/{number}")
    number += 1
