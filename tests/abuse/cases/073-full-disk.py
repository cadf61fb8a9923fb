# id: 73
# title: Fills its folder to the last byte; the next program has all of it again.
# expect: output_limit | exited 0 | exited 1
# disk: 4

try:
    with open("/tmp/large", "wb") as file:
        while True:
            file.write(bytes(65536))
except OSError as error:
    print(error.strerror)
# --- second ---
with open("/tmp/large", "wb") as file:
    for _ in range(48):
        file.write(bytes(65536))
print("clean")
