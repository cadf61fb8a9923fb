# What the editor completes of the stand-in for `dotenv`. Docstrings: one line in English, one in Chinese.

def load_dotenv(dotenv_path: str | None = None, override: bool = False) -> bool:
    """Puts what the file .env says into os.environ.
    把 .env 文件里的设置放进 os.environ。"""

def dotenv_values(dotenv_path: str | None = None) -> dict[str, str | None]:
    """What the file .env says, as a dictionary.
    以字典给出 .env 文件里的设置。"""

def find_dotenv(filename: str = ".env") -> str:
    """The path of the .env in the program's folder, or an empty text.
    程序文件夹里 .env 的路径；没有就是空文字。"""
