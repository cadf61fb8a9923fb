"""A program's way to a language model and to the tools of its lesson: over the sandbox's own channel.

`llm` and the stand-in for `openai` are two faces of this module. A request leaves as JSON, the host
answers from a recording or from the service with the learner's key, and nothing of either is in here.
Every call, and every span a program opens, is also kept in this process, so that a check can look at
what an agent did. Learners never see this module: what goes wrong leaves it as `Refused`, and the two
faces turn that into exceptions of their own.
"""

import contextvars
import itertools
import os
import sys
import time

import _sandbox_calls
from _sandbox_machine import FOLDER

# Characters of one request. The channel takes a MiB of bytes; what is larger by far must not be copied
# on its way to being refused.
_LONGEST_REQUEST = 1_000_000
_DEEPEST = 50
# Spans that are kept for checks; an endless agent must not fill the memory with its own story.
MOST_SPANS = 5_000
# What a span keeps of a value, in characters of one text and entries of one container.
_LONGEST_SHOWN, _MOST_SHOWN = 20_000, 200
# Beside a learner's program while it is checked, and not theirs.
_HARNESS = {"_behaviour.py", "_declared.py", "_harness.py", "checks.py", "hacheck.py"}

# What stands in for the channel while a check scripts it: name and payload → pieces. None: the host.
stand_in = None
# Everything recorded since the program began, in the order in which it began.
spans = []
_numbers = itertools.count(1)
_open = contextvars.ContextVar("open span", default=None)


class Refused(Exception):
    """A call that brought no reply: a code of the bridge, words for the learner, the service's status."""

    def __init__(self, code, message, status=None, detail=None):
        super().__init__(message)
        self.code, self.message, self.status, self.detail = code, message, status, detail


class Span:
    """One thing an agent did: `kind` is model, embed, tool, step, parse or agent."""

    def __init__(self, kind, name, input, attributes):
        self.id = f"s{next(_numbers)}"
        parent = _open.get()
        self.parent = parent.id if parent is not None else None
        self.kind, self.name, self.input, self.attributes = kind, name, input, attributes
        self.at = place()
        self.output = self.error = self.usage = self.finish_reason = None
        self.is_over = False
        self.seconds = 0.0
        self._start = time.perf_counter()
        if len(spans) < MOST_SPANS:
            spans.append(self)

    def end(self, error=None):
        """Stops its clock; an exception becomes its error."""
        self.is_over = True
        self.seconds = time.perf_counter() - self._start
        # Who stops listening to a stream has heard enough, and nothing went wrong.
        if error is not None and not isinstance(error, GeneratorExit):
            code = getattr(error, "code", None)
            self.error = f"{code if isinstance(code, str) else type(error).__name__}: {error}"


def model_name():
    """What stands for the learner's own model where a program names none."""
    return os.environ.get("LLM_MODEL_ID") or "lesson-model"


def place():
    """The learner's line that is being run, as the host wants it; none when it is nobody's."""
    frame = sys._getframe(1)
    while frame is not None:
        # The main file is known by its name alone, its neighbours by their whole path.
        file = frame.f_code.co_filename.removeprefix(FOLDER)
        if file[:1] not in ("/", "<") and file not in _HARNESS:
            return {"file": file, "line": frame.f_lineno}
        frame = frame.f_back
    return None


# What a program hands over becomes plain JSON.


def plain(value):
    """A request as plain JSON values; refuses what is too large before anything of it is copied twice."""
    return _plain(value, [_LONGEST_REQUEST], 0)


def _plain(value, room, depth):
    room[0] -= 4
    if isinstance(value, str):
        room[0] -= len(value)
    if room[0] < 0:
        raise Refused("bad_request", "this request is larger than 1 MiB: send less text", 400)
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, float):
        if value - value != 0:
            raise Refused("bad_request", f"{value} is no number that can be sent", 400)
        return value
    if depth > _DEEPEST:
        raise Refused("bad_request", f"this request is nested deeper than {_DEEPEST} levels", 400)
    if isinstance(value, dict):
        return {str(key): _plain(inner, room, depth + 1) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner, room, depth + 1) for inner in value]
    dump = getattr(value, "model_dump", None)
    if callable(dump) and not isinstance(value, type):
        return _plain(dump(exclude_none=True), room, depth + 1)
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


def shown(value, depth=0):
    """A value as a span keeps it: plain, of limited size, and never an error."""
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        return value if value - value == 0 else str(value)
    if isinstance(value, str):
        text = value[:_LONGEST_SHOWN]
        return text if text.isascii() else text.encode("utf-8", "replace").decode()
    if depth < 6:
        if isinstance(value, dict):
            some = itertools.islice(value.items(), _MOST_SHOWN)
            return {str(key)[:200]: shown(inner, depth + 1) for key, inner in some}
        if isinstance(value, (list, tuple, set, frozenset)):
            return [shown(inner, depth + 1) for inner in itertools.islice(value, _MOST_SHOWN)]
        dump = getattr(value, "model_dump", None)
        if callable(dump) and not isinstance(value, type):
            return shown(dump(exclude_none=True), depth + 1)
    try:
        return shown(repr(value))
    except Exception as error:
        return f"<repr failed: {type(error).__name__}>"


# Calls.


def _payload(span, **what):
    parent = span.parent
    return {**what, "at": span.at, "span": parent}


def _pieces(name, payload):
    try:
        yield from (stand_in or _sandbox_calls.ask)(name, payload)
    except OSError as error:
        raise _unreachable(error) from None


async def _pieces_async(name, payload):
    if stand_in is not None:
        for piece in stand_in(name, payload):
            yield piece
        return
    try:
        async for piece in _sandbox_calls.ask_async(name, payload):
            yield piece
    except OSError as error:
        raise _unreachable(error) from None


def _unreachable(error):
    return Refused("unreachable", f"the sandbox's host does not answer: {error}")


def _content(piece, *names):
    """What a piece holds under one of these names; raises what the host says instead."""
    if isinstance(piece, dict):
        for name in names:
            if name in piece:
                return name, piece[name]
        error = piece.get("error")
        if isinstance(error, dict):
            status = error.get("status")
            raise Refused(
                str(error.get("code") or "service"),
                str(error.get("message") or "the model did not answer"),
                status if type(status) is int else None,
                error.get("detail"),
            )
        if isinstance(error, str):
            raise Refused("unanswered", error)
    raise Refused("service", "what came back is no reply of a model")


def _only(pieces):
    """The reply of a call that has one."""
    reply = None
    for piece in pieces:
        _, reply = _content(piece, "reply")
    return reply


async def _only_async(pieces):
    reply = None
    async for piece in pieces:
        _, reply = _content(piece, "reply")
    return reply


def _message(reply):
    """The first choice's message and why it ended; whatever is not a reply is refused."""
    try:
        choice = reply["choices"][0]
        message = choice["message"]
        if isinstance(message, dict) and isinstance(message.get("content"), (str, type(None))):
            if isinstance(message.get("tool_calls"), (list, type(None))):
                return message, choice.get("finish_reason")
    except (AttributeError, KeyError, IndexError, TypeError):
        pass
    raise Refused("service", "what came back is no reply of a model")


class _Recorded:
    """Around one call: its span, ended whatever happens."""

    def __init__(self, kind, name, input):
        self.span = Span(kind, str(name), shown(input), {})

    def __enter__(self):
        return self.span

    def __exit__(self, kind, error, trace):
        self.span.end(error)


def _took(span, reply):
    message, span.finish_reason = _message(reply)
    span.output, span.usage = shown(message), _usage(reply.get("usage"))
    return reply


def _usage(usage):
    return usage if isinstance(usage, dict) else None


def chat(request):
    """One reply, as the service words it."""
    request = plain(request)
    with _Recorded("model", request.get("model"), request) as span:
        return _took(span, _only(_pieces("chat", _payload(span, request=request))))


async def chat_async(request):
    """The same while other tasks run."""
    request = plain(request)
    with _Recorded("model", request.get("model"), request) as span:
        return _took(span, await _only_async(_pieces_async("chat", _payload(span, request=request))))


def chat_stream(request):
    """The reply in chunks, as the service words them; the last one may hold the usage alone."""
    request = plain(request)
    with _Recorded("model", request.get("model"), request) as span:
        heard = _Heard(span)
        for piece in _pieces("chat", _payload(span, request=request)):
            chunk = heard.take(piece)
            if chunk is not None:
                yield chunk


async def chat_stream_async(request):
    """The same while other tasks run."""
    request = plain(request)
    with _Recorded("model", request.get("model"), request) as span:
        heard = _Heard(span)
        async for piece in _pieces_async("chat", _payload(span, request=request)):
            chunk = heard.take(piece)
            if chunk is not None:
                yield chunk


class _Heard:
    """Puts a stream together for its span, and gives each piece as a chunk."""

    def __init__(self, span):
        self.span, self.last = span, {}
        span.output = {"role": "assistant", "content": ""}

    def take(self, piece):
        """The piece's chunk; none when it only says that the stream is over."""
        name, content = _content(piece, "delta", "done")
        if name == "done":
            usage = _usage(content.get("usage")) if isinstance(content, dict) else None
            self.span.usage = usage or self.span.usage
            if usage is None or not self.last:
                return None
            known = {key: self.last.get(key) for key in ("id", "object", "created", "model")}
            return {**known, "choices": [], "usage": usage}
        if not isinstance(content, dict) or not isinstance(content.get("choices"), list):
            raise Refused("service", "what came back is no piece of a reply")
        self.last = content
        self.span.usage = _usage(content.get("usage")) or self.span.usage
        for choice in content["choices"][:1]:
            self._add(choice if isinstance(choice, dict) else {})
        return content

    def _add(self, choice):
        delta = choice.get("delta")
        self.span.finish_reason = choice.get("finish_reason") or self.span.finish_reason
        if isinstance(delta, dict):
            text = delta.get("content")
            if isinstance(text, str):
                self.span.output["content"] += text
            if isinstance(delta.get("tool_calls"), list):
                put_together(self.span.output.setdefault("tool_calls", []), delta["tool_calls"])


def put_together(calls, deltas):
    """Adds the pieces of tool calls that a chunk holds to the calls known so far."""
    for delta in deltas:
        if not isinstance(delta, dict):
            continue
        index = delta.get("index")
        index = index if type(index) is int and 0 <= index < 64 else len(calls)
        while len(calls) <= index:
            calls.append({"id": None, "type": "function", "function": {"name": "", "arguments": ""}})
        known, function = calls[index], delta.get("function")
        known["id"] = delta.get("id") or known["id"]
        if isinstance(function, dict):
            for part in ("name", "arguments"):
                if isinstance(function.get(part), str):
                    known["function"][part] += function[part]


def embed(texts, model=None):
    """The service's reply to texts that want a vector each."""
    with _Recorded("embed", model or "embedding", texts) as span:
        payload = _payload(span, model=model, input=_texts(texts))
        return _vectors(span, len(payload["input"]), _only(_pieces("embed", payload)))


async def embed_async(texts, model=None):
    """The same while other tasks run."""
    with _Recorded("embed", model or "embedding", texts) as span:
        payload = _payload(span, model=model, input=_texts(texts))
        reply = await _only_async(_pieces_async("embed", payload))
        return _vectors(span, len(payload["input"]), reply)


def _texts(texts):
    texts = plain([texts] if isinstance(texts, str) else list(texts))
    if not all(isinstance(text, str) for text in texts):
        raise Refused("bad_request", "only texts can be embedded", 400)
    return texts


def _vectors(span, count, reply):
    data = reply.get("data") if isinstance(reply, dict) else None
    if not isinstance(data, list) or len(data) != count:
        raise Refused("service", f"what came back is not {count} vectors")
    for entry in data:
        vector = entry.get("embedding") if isinstance(entry, dict) else None
        if not isinstance(vector, list) or not all(type(part) in (int, float) for part in vector):
            raise Refused("service", "what came back is no vector")
    span.usage = _usage(reply.get("usage"))
    span.output = f"{count} vectors of {len(data[0]['embedding']) if data else 0} numbers"
    return reply


def call_tool(name, arguments):
    """What a tool of the host's answers."""
    arguments = plain(arguments)
    with _Recorded("tool", name, arguments) as span:
        reply = _only(_pieces("tool", _payload(span, name=name, arguments=arguments)))
        span.output = shown(reply)
        return reply


# Spans of the program's own.


def start_span(kind, name, input, attributes):
    """Opens a span: what happens until its end lies inside it."""
    span = Span(kind, str(name)[:200], shown(input), shown(attributes))
    span.around = _open.get()
    _open.set(span)
    _tell({
        "event": "start", "id": span.id, "parent": span.parent, "kind": kind, "name": span.name,
        "at": span.at, "input": span.input, "attributes": span.attributes,
    })
    return span


def end_span(span, output=None, error=None):
    """Closes it. Not by the token of its opening: a generator may end elsewhere than it began."""
    span.output = shown(output)
    span.end(error)
    if _open.get() is span:
        _open.set(span.around)
    _tell({
        "event": "end", "id": span.id, "output": span.output, "error": span.error,
        "attributes": shown(span.attributes),
    })


def _tell(event):
    if stand_in is None:
        try:
            _sandbox_calls.tell("span", event)
        except (OSError, ValueError):
            pass  # a story that nobody hears must not stop the program that lives it
