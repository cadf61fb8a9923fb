# What the editor completes of `llm.trace`. Docstrings: one line in English, one in Chinese.
from typing import Any, Callable

class step:
    """A part of the agent's work, for `with`; set output to say what came of it.
    智能体的一段工作，配合 with 使用；结果写进 output。"""
    name: str
    input: Any
    output: Any
    attributes: dict[str, Any]

class agent(step):
    """Around the whole work of one agent.
    一个智能体的全部工作。"""

class Span:
    """Something recorded.
    记录下来的一件事。"""
    kind: str
    name: str
    input: Any
    output: Any
    error: str | None
    seconds: float
    usage: dict[str, int] | None

def tool(function: Callable) -> Callable:
    """A decorator: each call of this function is recorded.
    装饰器：这个函数的每次调用都会被记录。"""

def parsed(**what: Any) -> None:
    """Records what was read out of a reply.
    记下从回复里读出了什么。"""

def spans() -> list[Span]:
    """All that was recorded, in order.
    按顺序给出记录下来的一切。"""

def tree() -> str:
    """The same as a text, one line for each span.
    同样的内容，写成一行一条的文字。"""
