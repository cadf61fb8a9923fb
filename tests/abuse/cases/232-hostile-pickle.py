# id: 232
# title: Loads pickles that call, import and exit.
# expect: exited 5

import pickle

for text in (b"cos\nsystem\n(S'ls'\ntR.", b"cbuiltins\nexec\n(S'x = 1'\ntR."):
    try:
        pickle.loads(text)
    except OSError:
        pass
pickle.loads(b"csys\nexit\n(I5\ntR.")
