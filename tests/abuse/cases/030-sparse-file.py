# id: 30
# title: Writes one byte a tebibyte behind the start of a file.
# expect: exited 0 | exited 1 | output_limit

with open("/tmp/sparse", "wb") as file:
    file.seek(2**40)
    file.write(b"x")
    file.flush()
    print("went through")
