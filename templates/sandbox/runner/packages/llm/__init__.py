"""The language model of a lesson: `chat` and `embed`, with nothing to set up.

    import llm

    reply = llm.chat("Say hello in three languages.")
    print(reply.text)

The model answers from the lesson's recording, or from the service when the learner has given the app a
key. The program is the same in both cases, and the key is never in here.
"""

import inspect
import json

import _sandbox_bridge as _bridge

__all__ = [
    "chat", "chat_async", "embed", "embed_async", "tool_schema", "Reply", "ToolCall", "Usage", "LLMError",
    "BadArguments", "BadRequest", "Balance", "CallLimit", "Cancelled", "NoModel", "NoRecording",
    "NotAllowed", "Overloaded", "RateLimited", "ServiceError", "SpendingLimit", "Timeout", "TokenLimit",
    "Unanswered", "Unauthorized", "UnknownTool", "Unreachable",
]


class LLMError(Exception):
    """A call that brought no reply. `code` is a short name for why, `status` the service's number (or
    None), `detail` what else is known."""

    code = "service"

    def __init__(self, message="", *, code=None, status=None, detail=None):
        super().__init__(message)
        self.code = code or self.code
        self.status, self.detail = status, detail


class Unanswered(LLMError):
    """Nobody answers: this program was started where there is no model."""

    code = "unanswered"


class NoModel(LLMError):
    """The lesson has no recording and the app has no key."""

    code = "no_model"


class NoRecording(LLMError):
    """Nothing like this request was recorded; the message shows the recorded one that is nearest."""

    code = "no_recording"


class CallLimit(LLMError):
    """The program has made as many calls as a run of this lesson may make."""

    code = "call_limit"


class TokenLimit(LLMError):
    """The program has used as many tokens as a run of this lesson may use."""

    code = "token_limit"


class SpendingLimit(LLMError):
    """The learner's own limit for what calls may cost is reached."""

    code = "spending_limit"


class RateLimited(LLMError):
    """Too many calls at once: wait a little and try again."""

    code = "rate_limited"


class Unauthorized(LLMError):
    """The service does not accept the key that the app has."""

    code = "unauthorized"


class Balance(LLMError):
    """The account at the service is empty."""

    code = "balance"


class BadRequest(LLMError):
    """The service cannot read this request."""

    code = "bad_request"


class Overloaded(LLMError):
    """The service has too much to do just now: wait a little and try again."""

    code = "overloaded"


class ServiceError(LLMError):
    """The service failed."""

    code = "service"


class Timeout(LLMError):
    """The service took too long."""

    code = "timeout"


class Unreachable(LLMError):
    """The service cannot be reached."""

    code = "unreachable"


class Cancelled(LLMError):
    """The run was stopped while the call was under way."""

    code = "cancelled"


class NotAllowed(LLMError):
    """This tool was not declared by the lesson, or not allowed by the learner."""

    code = "not_allowed"


class UnknownTool(LLMError):
    """There is no tool of this name."""

    code = "unknown_tool"


class BadArguments(LLMError):
    """The tool cannot be called like this."""

    code = "bad_arguments"


_ERRORS = {kind.code: kind for kind in LLMError.__subclasses__()}


def _error(refused):
    kind = _ERRORS.get(refused.code, LLMError)
    return kind(refused.message, code=refused.code, status=refused.status, detail=refused.detail)


class Usage:
    """What a reply has used, in tokens; zeros where the model did not say."""

    def __init__(self, usage=None):
        usage = usage if isinstance(usage, dict) else {}

        def count(name):
            return usage[name] if type(usage.get(name)) is int else 0

        self.prompt_tokens = count("prompt_tokens")
        self.completion_tokens = count("completion_tokens")
        self.total_tokens = count("total_tokens") or self.prompt_tokens + self.completion_tokens

    def __repr__(self):
        return f"Usage(prompt_tokens={self.prompt_tokens}, completion_tokens={self.completion_tokens})"


class ToolCall:
    """A tool that the model asks for: `name`, `arguments` as a dictionary, and the `id` that the answer
    must carry. `raw` is what the model wrote; when that is no JSON object, `arguments` is None."""

    def __init__(self, call):
        function = call.get("function") if isinstance(call, dict) else None
        function = function if isinstance(function, dict) else {}
        self.id = call.get("id") if isinstance(call, dict) else None
        self.name, self.raw = str(function.get("name") or ""), function.get("arguments") or ""
        try:
            arguments = json.loads(self.raw) if isinstance(self.raw, str) else self.raw
        except ValueError:
            arguments = None
        self.arguments = arguments if isinstance(arguments, dict) else None

    def __repr__(self):
        return f"ToolCall(name={self.name!r}, arguments={self.arguments!r})"


class Reply:
    """What the model said: `text`, `tool_calls`, `usage`, `reasoning`, `finish_reason`; and `message`, a
    dictionary to be appended to the messages of the next call."""

    def __init__(self, message, usage=None, finish_reason=None):
        self.message = {"role": "assistant", "content": message.get("content")}
        if message.get("tool_calls"):
            self.message["tool_calls"] = message["tool_calls"]
        self.text = message.get("content") or ""
        self.reasoning = message.get("reasoning_content") or ""
        self.tool_calls = [ToolCall(call) for call in message.get("tool_calls") or ()]
        self.usage, self.finish_reason = Usage(usage), finish_reason

    def __str__(self):
        return self.text

    def __repr__(self):
        if self.tool_calls:
            return f"Reply(text={self.text!r}, tool_calls={self.tool_calls!r})"
        return f"Reply(text={self.text!r})"


def chat(messages, *, tools=None, stream=False, model=None, **more):
    """Asks the model and waits for its reply.

    messages  a text, or a list of {"role": …, "content": …}
    tools     functions, or descriptions as `tool_schema` makes them
    stream    True: gives the pieces of the text while they come
    more      temperature, max_tokens, stop, response_format and whatever else the service knows
    """
    request = _request(messages, tools, stream, model, more)
    if stream:
        return _stream(request)
    try:
        return _reply(_bridge.chat(request))
    except _bridge.Refused as refused:
        raise _error(refused) from None


async def chat_async(messages, *, tools=None, stream=False, model=None, **more):
    """`chat` for `await`: other tasks run meanwhile. With stream=True the pieces come by `async for`."""
    request = _request(messages, tools, stream, model, more)
    if stream:
        return _stream_async(request)
    try:
        return _reply(await _bridge.chat_async(request))
    except _bridge.Refused as refused:
        raise _error(refused) from None


def embed(texts):
    """A vector for each text, as a list of lists of numbers."""
    try:
        return _vectors(_bridge.embed(texts))
    except _bridge.Refused as refused:
        raise _error(refused) from None


async def embed_async(texts):
    """`embed` for `await`."""
    try:
        return _vectors(await _bridge.embed_async(texts))
    except _bridge.Refused as refused:
        raise _error(refused) from None


def tool_schema(function):
    """Describes a function as the services want it: from its name, its parameters and its docstring."""
    properties, required = {}, []
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            continue
        properties[parameter.name] = {"type": _KINDS.get(parameter.annotation, "string")}
        if parameter.default is parameter.empty:
            required.append(parameter.name)
    parameters = {"type": "object", "properties": properties, "required": required}
    described = {"name": function.__name__, "description": inspect.getdoc(function) or ""}
    return {"type": "function", "function": {**described, "parameters": parameters}}


_KINDS = {
    int: "integer", float: "number", bool: "boolean", list: "array", dict: "object",
    "int": "integer", "float": "number", "bool": "boolean", "list": "array", "dict": "object",
}


def _request(messages, tools, stream, model, more):
    if isinstance(messages, str):
        messages = [{"role": "user", "content": messages}]
    request = {"model": model or _bridge.model_name(), "messages": messages, **more}
    if tools:
        request["tools"] = [tool_schema(tool) if callable(tool) else tool for tool in tools]
    if stream:
        request["stream"] = True
    return request


def _reply(reply):
    choice = reply["choices"][0]
    return Reply(choice["message"], reply.get("usage"), choice.get("finish_reason"))


def _stream(request):
    try:
        for chunk in _bridge.chat_stream(request):
            if text := _text(chunk):
                yield text
    except _bridge.Refused as refused:
        raise _error(refused) from None


async def _stream_async(request):
    try:
        async for chunk in _bridge.chat_stream_async(request):
            if text := _text(chunk):
                yield text
    except _bridge.Refused as refused:
        raise _error(refused) from None


def _text(chunk):
    for choice in chunk["choices"][:1]:
        delta = choice.get("delta") if isinstance(choice, dict) else None
        if isinstance(delta, dict) and isinstance(delta.get("content"), str):
            return delta["content"]
    return ""


def _vectors(reply):
    return [[float(part) for part in entry["embedding"]] for entry in reply["data"]]
