"""Tools that the app lends to a lesson. A lesson declares which, and the learner allows them.

    from llm import tools

    print(tools.calculator("1642 - 1470"))
"""

import _sandbox_bridge as _bridge
from llm import _error

__all__ = ["calculator", "call", "data", "http_get", "search"]


def call(name, /, **arguments):
    """Calls a tool by its name; raises an `llm.LLMError` when it is not there or not allowed."""
    try:
        return _bridge.call_tool(name, arguments)
    except _bridge.Refused as refused:
        raise _error(refused) from None


def search(query, limit=5):
    """Paragraphs of the installed courses that fit the query."""
    return call("search", query=query, limit=limit)


def calculator(expression):
    """The value of an arithmetic expression, for example "(1642 - 1470) * 2"."""
    return call("calculator", expression=expression)


def data(file, where=None):
    """What stands in a data file of the lesson; `where` picks entries, for example {"city": "Harbin"}."""
    return call("data", file=file, where=where)


def http_get(url):
    """A page of one of the hosts that the lesson names."""
    return call("http_get", url=url)
