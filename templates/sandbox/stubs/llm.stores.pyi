# What the editor completes of `llm.stores`. Docstrings: one line in English, one in Chinese.
from typing import Any, Callable

class Hit:
    """Something found.
    找到的一条。"""
    id: str
    text: str
    metadata: dict[str, Any]
    score: float

class VectorStore:
    """Texts found by meaning.
    按意思查找文字。"""
    def add(self, texts: str | list[str], metadata: Any = None, ids: Any = None) -> list[str]:
        """Stores one text or several; gives their ids.
        存入一段或多段文字，返回它们的 id。"""
    def search(self, query: str, k: int = 3, where: dict | None = None, at_least: float | None = None) -> list[Hit]:
        """The entries most like the query, best first.
        最像查询的几条，最像的在前。"""
    def get(self, id: str) -> Hit | None:
        """The entry of this id.
        这个 id 的那一条。"""
    def delete(self, id: str) -> bool:
        """Forgets an entry.
        忘掉一条。"""

class GraphStore:
    """Things and how they hang together.
    事物和它们之间的关系。"""
    def add(self, start: str, relation: str, end: str, **properties: Any) -> None:
        """A relation between two things.
        两个事物之间的一条关系。"""
    def add_node(self, name: str, **properties: Any) -> None:
        """A thing, with what is known of it.
        一个事物，和关于它的资料。"""
    def node(self, name: str) -> dict | None:
        """What is known of a thing.
        关于一个事物的资料。"""
    def find(self, start: str | None = None, relation: str | None = None, end: str | None = None) -> list[tuple]:
        """All relations that fit.
        所有符合的关系。"""
    def neighbours(self, name: str, relation: str | None = None) -> list[str]:
        """The things next to this one.
        与它直接相连的事物。"""
    def path(self, start: str, end: str) -> list[str] | None:
        """The shortest way from one thing to another.
        两个事物之间最短的路。"""

def cosine(a: list[float], b: list[float]) -> float:
    """How alike two vectors are: 1 the same direction, 0 nothing in common.
    两个向量有多像：1 方向相同，0 毫无关系。"""
