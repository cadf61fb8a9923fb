# id: 209
# title: Writes files, keeps them open and unlinks them, so that nobody counts them.
# expect: exited 0 | exited 1
# disk: 4
# stdout lacks: beyond

held, written = [], 0
import os

while written < 64:
    try:
        file = open("/tmp/x", "wb", buffering=0)
        os.unlink("/tmp/x")
        written += file.write(bytes(60_000)) / (1 << 20)
        held.append(file)
    except OSError as error:
        print(error.strerror)
        break
else:
    print("beyond")
