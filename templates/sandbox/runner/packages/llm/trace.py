"""What an agent does, step by step: a story that the *Trace* tab shows and that a check can read.

    from llm import trace

    with trace.step("look it up", lake="Baikal") as step:
        step.output = lookup("Baikal")

Calls of the model are recorded by themselves; this adds what only the program knows.
"""

import functools
import inspect

import _sandbox_bridge as _bridge

__all__ = ["agent", "parsed", "spans", "step", "tool", "tree"]


class step:
    """A part of the agent's work, for `with` and `async with`. What happens inside belongs to it; set
    `output` to say what came of it."""

    _kind = "step"

    def __init__(self, name, *, input=None, **attributes):
        self.name, self.input, self.attributes = name, input, attributes
        self.output = self._span = None

    def __enter__(self):
        self._span = _bridge.start_span(self._kind, self.name, self.input, self.attributes)
        return self

    def __exit__(self, kind, error, trace):
        self._span.attributes = self.attributes
        _bridge.end_span(self._span, self.output, error)

    async def __aenter__(self):
        return self.__enter__()

    async def __aexit__(self, kind, error, trace):
        self.__exit__(kind, error, trace)


class agent(step):
    """Around the whole work of one agent, so that several of them can be told apart."""

    _kind = "agent"


def tool(function):
    """A decorator for the functions an agent may use: each call becomes a span with its arguments, its
    result and its error."""
    if inspect.iscoroutinefunction(function):

        @functools.wraps(function)
        async def recorded(*args, **kwargs):
            with _Call(function, args, kwargs) as call:
                call.output = await function(*args, **kwargs)
                return call.output

    else:

        @functools.wraps(function)
        def recorded(*args, **kwargs):
            with _Call(function, args, kwargs) as call:
                call.output = function(*args, **kwargs)
                return call.output

    return recorded


class _Call(step):
    _kind = "tool"

    def __init__(self, function, args, kwargs):
        try:
            given = dict(inspect.signature(function).bind(*args, **kwargs).arguments)
        except TypeError:
            given = {"args": list(args), **kwargs}  # the call itself will say what is wrong
        super().__init__(function.__name__, input=given)


def parsed(**what):
    """Records what was read out of a reply, for example parsed(thought="…", action="lookup")."""
    _bridge.end_span(_bridge.start_span("parse", "parse", None, {}), what)


def spans():
    """All that was recorded since the program began, in order. Each has kind, name, input, output, error,
    seconds, usage."""
    return list(_bridge.spans)


def tree():
    """The same as a text, one line for each span, what lies inside of another indented."""
    depth, lines = {}, []
    for span in _bridge.spans:
        depth[span.id] = depth.get(span.parent, -1) + 1
        line = f"{'  ' * depth[span.id]}{span.kind} {span.name}"
        if span.error is not None:
            line += f" ! {span.error.splitlines()[0] if span.error else ''}"
        lines.append(line)
    return "\n".join(lines)
