# id: 76
# title: Leaves files wherever a next program could find them.
# expect: exited 0

import os

for folder in ("/work", "/tmp", "/dev/shm", "/var/tmp", "/run/lock", "/", "/python", "/0"):
    try:
        os.makedirs(folder, exist_ok=True)
        with open(f"{folder}/left-behind", "w") as file:
            file.write("x")
    except OSError:
        pass
# --- second ---
import os

found = []
for folder in ("/work", "/tmp", "/dev/shm", "/var/tmp", "/run/lock", "/", "/python", "/0"):
    if os.path.exists(f"{folder}/left-behind"):
        found.append(folder)
print(found or "clean")
