"""The standard library inside the guest's memory image, and the packages of lessons.

Common modules are imported when the guest is built, so a program gets them for nothing. All others
are kept as marshalled code and loaded from memory on import. The third group cannot work here, and
the table below says why in a sentence for the learner.
"""

import importlib
import importlib.machinery
import linecache
import marshal
import os
import sys
import zlib
from importlib._bootstrap_external import _LoaderBasics

from _sandbox_limits import AFTER_IMPORT, NO_NETWORK
from _sandbox_machine import LIBRARY, PACKAGES

_IMPORTED = """
abc argparse array ast asyncio atexit base64 bisect calendar cmath collections concurrent.futures
contextlib contextvars copy csv dataclasses datetime decimal difflib enum fractions functools glob
gzip hashlib heapq html inspect io ipaddress itertools json keyword locale logging math numbers
operator os.path pathlib pickle platform pprint queue random re secrets shutil sqlite3 statistics
string struct tempfile textwrap threading time timeit tokenize tomllib traceback types typing
unicodedata unittest unittest.mock urllib.parse uuid warnings weakref zlib zoneinfo
"""

_NO_TERMINAL = "it needs a full Linux Python in a real terminal"
_NO_UNIX = "it needs a full Linux Python"
_NO_WINDOW = "it opens windows; it needs a Python installed on a desktop"
_NO_NATIVE = "it loads native code; it needs a full Linux Python"
_NO_PROCESS = "a program here is a single process; more of them need a full Linux Python"
_NO_COMPRESSION = "this compression is not built in; zlib and gzip are"
_NO_INSTALLING = "packages cannot be installed in the built-in sandbox; it needs a full Linux Python"
_PACKAGE = "it is a package that is not part of Python; only the standard library is built in"

# Names that cannot be imported, with the reason. A learner's own file of the same name wins.
UNAVAILABLE = {
    "bz2": _NO_COMPRESSION,
    "compression.zstd": _NO_COMPRESSION,
    "lzma": _NO_COMPRESSION,
    "concurrent.interpreters": _NO_PROCESS,
    "multiprocessing.heap": _NO_PROCESS,
    "multiprocessing.popen_fork": _NO_PROCESS,
    "multiprocessing.popen_spawn_posix": _NO_PROCESS,
    "multiprocessing.shared_memory": _NO_PROCESS,
    "multiprocessing.synchronize": _NO_PROCESS,
    "ctypes": _NO_NATIVE,
    "curses": _NO_TERMINAL,
    "pty": _NO_TERMINAL,
    "readline": _NO_TERMINAL,
    "termios": _NO_TERMINAL,
    "tty": _NO_TERMINAL,
    "dbm.gnu": _NO_UNIX,
    "dbm.ndbm": _NO_UNIX,
    "fcntl": _NO_UNIX,
    "grp": _NO_UNIX,
    "mmap": _NO_UNIX,
    "pwd": _NO_UNIX,
    "resource": _NO_UNIX,
    "ensurepip": _NO_INSTALLING,
    "pip": _NO_INSTALLING,
    "venv": _NO_INSTALLING,
    "ssl": NO_NETWORK,
    "idlelib": _NO_WINDOW,
    "tkinter": _NO_WINDOW,
    "turtle": _NO_WINDOW,
    **dict.fromkeys(
        "aiohttp anthropic autogen bs4 chromadb click crewai cv2 dashscope datasets diffusers django "
        "docx faiss fastapi fitz flask gradio huggingface_hub httpx IPython jieba jinja2 keras "
        "langchain langchain_core langchain_community langchain_openai langgraph litellm llama_index "
        "loguru lxml matplotlib mcp mistralai networkx nltk numpy ollama openpyxl pandas peft "
        "PIL playwright plotly polars psutil psycopg2 pydantic pygame pymongo pymysql pypdf PyPDF2 "
        "pytest pytz qdrant_client redis requests rich scipy seaborn selenium sentence_transformers "
        "serpapi sklearn spacy sqlalchemy streamlit sympy tavily tenacity tensorflow tiktoken tomli "
        "torch tornado tqdm transformers typer uvicorn websockets yaml zhipuai".split(),
        _PACKAGE,
    ),
}

# Parts of the library that are of no use here and would make the guest larger.
_LEFT_OUT = {
    "config-3.14-wasm32-wasi", "ctypes", "curses", "ensurepip", "idlelib", "lib2to3",
    "site-packages", "tkinter", "turtledemo", "venv",
}
# By name: where the module seems to lie, whether it is a package, and its code.
_modules: dict[str, tuple[str, bool, bytes]] = {}
_sources: dict[str, bytes] = {}


def _read_library() -> None:
    """Keeps the code of every module that is not imported yet and the source of all of them."""
    for folder, subfolders, files in os.walk(LIBRARY):
        # Sorted, so that two builds of the same inputs are alike.
        subfolders[:] = sorted(
            name for name in subfolders
            if name != "__pycache__" and not (folder == LIBRARY and name in _LEFT_OUT)
        )
        for file in sorted(files):
            if file.endswith(".py"):
                _read_module(os.path.join(folder, file), LIBRARY)


def _read_packages() -> None:
    """The same for the packages of lessons, which the builder has beside the guest's own files. None is
    imported: a program that uses none must not pay for them."""
    root = os.path.join(os.path.dirname(__file__), "packages")
    for folder, subfolders, files in os.walk(root):
        subfolders.sort()
        for file in sorted(files):
            if file.endswith(".py"):
                path = os.path.join(folder, file)
                _read_module(path, PACKAGES, os.path.relpath(path, root))
    if "llm" not in _modules:
        raise RuntimeError("the guest is built without the packages of lessons")


def _read_module(place: str, root: str, inner: str | None = None) -> None:
    """Keeps the file at `place`, which programs see as `inner` under `root`."""
    inner = place.removeprefix(root) if inner is None else inner
    path, name = root + inner, inner.removesuffix(".py")
    is_package = name.endswith("/__init__")
    name = name.removesuffix("/__init__").replace("/", ".")
    with open(place, "rb") as file:
        source = file.read()
    try:
        code = compile(source, path, "exec", dont_inherit=True)
    except SyntaxError:
        return  # the library carries a few broken files for its own tests
    if name not in sys.modules:
        _modules[name] = (path, is_package, marshal.dumps(code))
    _sources[path] = zlib.compress(source, 9)


class _Loader(_LoaderBasics):
    """Loads one module from memory. The base class keeps its own frames out of tracebacks."""

    def is_package(self, name):
        return _modules[name][1]

    def exec_module(self, module):
        super().exec_module(module)
        amend = AFTER_IMPORT.get(module.__name__)
        if amend is not None:
            amend(module)

    def get_code(self, name):
        return marshal.loads(_modules[name][2])

    def get_source(self, name):
        return zlib.decompress(_sources[_modules[name][0]]).decode()

    def get_data(self, path):
        try:
            return zlib.decompress(_sources[path])
        except KeyError:
            raise FileNotFoundError(2, "No such file or directory", path) from None


class _Finder:
    """Last in `sys.meta_path`, so files beside the program come first."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        reason = UNAVAILABLE.get(name)
        if reason is not None:
            message = f"module {name!r} is not available in the built-in sandbox: {reason}"
            raise ModuleNotFoundError(message, name=name)
        if name not in _modules:
            return None
        origin, is_package, _ = _modules[name]
        spec = importlib.machinery.ModuleSpec(
            name, _Loader(), origin=origin, is_package=is_package
        )
        spec.has_location = True
        if is_package:
            spec.submodule_search_locations = [origin.removesuffix("/__init__.py")]
        return spec

    @staticmethod
    def invalidate_caches():
        pass


_read_lines_from_disk = linecache.updatecache


def _updatecache(filename, module_globals=None):
    """Tracebacks, `inspect` and `pdb` show the library's own lines, which are in no file here."""
    packed = _sources.get(filename)
    if packed is None:
        return _read_lines_from_disk(filename, module_globals)
    text = zlib.decompress(packed).decode("utf-8", "replace")
    lines = text.splitlines(keepends=True)
    linecache.cache[filename] = (len(text), None, lines, filename)
    return lines


def install() -> None:
    """Puts the library in place; at build time the builder still needs its own import path."""
    sys.meta_path.append(_Finder)
    linecache.updatecache = _updatecache


for _name in _IMPORTED.split():
    importlib.import_module(_name)
_read_library()
_read_packages()
