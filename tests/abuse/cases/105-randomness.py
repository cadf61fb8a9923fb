# id: 105
# title: Looks for randomness that a next program could foresee.
# expect: exited 0
# twice: different

import os
import random
import secrets
import tempfile
import uuid

print(random.random())
print(random.SystemRandom().random())
print(uuid.uuid4())
print(secrets.token_hex(16))
print(os.urandom(16))
print(random.Random().random())
print(random.sample(range(10**9), 3))
print(tempfile.mktemp())
