"""Turns a pulled image of Python into one for the sandbox, from inside of a container of it.

Runs once, as root and without a network, with the runner's files already in their place; what is left is
kept as an image. It does what the built image has from the beginning: compiled files, folders to write
to, and nothing that gives privileges. Tools of the image stay: what a container may do does not hang on them.
"""

import compileall
import os
import py_compile
import shutil
import stat

_HERE = os.path.dirname(os.path.abspath(__file__))
_FOLDERS = ("/work", "/tmp")
_WITHOUT = ("/home", "/media", "/mnt", "/srv")
_PLACES = ("/usr", "/bin", "/sbin", "/opt", "/etc", "/var")
_PRIVILEGES = stat.S_ISUID | stat.S_ISGID


def main():
    """Does all of it; an exit code other than zero says that the image is of no use."""
    compile_all(_HERE, os.path.dirname(os.__file__))
    for folder in _FOLDERS:
        os.makedirs(folder, exist_ok=True)
        os.chmod(folder, 0o1777)
    for folder in _WITHOUT:
        shutil.rmtree(folder, ignore_errors=True)
    for place in _PLACES:
        take_privileges(place)


def compile_all(*folders):
    """Compiled files are never compared with their sources again, because nobody can write them."""
    for folder in folders:
        compileall.compile_dir(
            folder, quiet=2, force=True, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH
        )


def take_privileges(place):
    """No file of the image makes its caller somebody else."""
    for folder, _, names in os.walk(place):
        for name in names:
            path = os.path.join(folder, name)
            mode = os.lstat(path).st_mode
            if stat.S_ISREG(mode) and mode & _PRIVILEGES:
                os.chmod(path, stat.S_IMODE(mode) & ~_PRIVILEGES)


if __name__ == "__main__":
    main()
