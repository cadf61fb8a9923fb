# What the editor completes of `llm.tools`. Docstrings: one line in English, one in Chinese.
from typing import Any

def call(name: str, /, **arguments: Any) -> Any:
    """Calls a tool of the app by its name.
    按名字调用应用提供的工具。"""

def search(query: str, limit: int = 5) -> Any:
    """Paragraphs of the installed courses that fit the query.
    在已安装的课程里搜索。"""

def calculator(expression: str) -> Any:
    """The value of an arithmetic expression.
    算出一个算式的值。"""

def data(file: str, where: dict[str, Any] | None = None) -> Any:
    """What stands in a data file of the lesson.
    读取这一课的数据文件。"""

def http_get(url: str) -> Any:
    """A page of one of the hosts that the lesson names.
    读取这一课允许访问的网址。"""
