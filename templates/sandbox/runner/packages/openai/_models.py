"""What a service answers, with attribute access: the objects that programs get from `openai`.

They hold exactly what came, so a field of tomorrow's service is there today; fields that programs ask for
although the service may leave them out are None.
"""

import json


class Model:
    """An object of a reply: fields as attributes, `model_dump` and `model_dump_json` as elsewhere."""

    # By field: the class of what stands in it, alone or in a list.
    _inner = {}
    # Fields that are None when the service left them out.
    _optional = ()

    def __init__(self, /, **fields):
        for name in self._optional:
            self.__dict__[name] = None
        for name, value in fields.items():
            self.__dict__[name] = _wrapped(value, self._inner.get(name, Model))
        self.__dict__["_given"] = set(fields)

    @classmethod
    def model_validate(cls, value):
        """An object from plain values."""
        return cls(**value)

    def model_dump(self, *, exclude_none=False, exclude_unset=False, include=None, exclude=None, **more):
        """The plain values."""
        dumped = {}
        for name, value in self:
            if exclude_unset and name not in self._given or exclude_none and value is None:
                continue
            if include is not None and name not in include or exclude is not None and name in exclude:
                continue
            dumped[name] = _dumped(value, exclude_none, exclude_unset)
        return dumped

    def model_dump_json(self, *, indent=None, **more):
        """The same as JSON."""
        separators = (",", ":") if indent is None else None
        return json.dumps(self.model_dump(**more), ensure_ascii=False, indent=indent, separators=separators)

    def to_dict(self, **more):
        """The plain values that the service sent."""
        return self.model_dump(exclude_unset=True)

    def to_json(self, *, indent=2, **more):
        """The same as JSON."""
        return self.model_dump_json(indent=indent, exclude_unset=True)

    def model_copy(self, *, update=None, deep=False):
        """Another object with the same fields."""
        return type(self)(**{**self.model_dump(exclude_unset=True), **(update or {})})

    dict, json, copy = model_dump, model_dump_json, model_copy

    def __iter__(self):
        return ((name, value) for name, value in self.__dict__.items() if name != "_given")

    def __eq__(self, other):
        return type(self) is type(other) and dict(self) == dict(other)

    __hash__ = None

    def __repr__(self):
        fields = ", ".join(f"{name}={value!r}" for name, value in self)
        return f"{type(self).__name__}({fields})"


def _wrapped(value, kind):
    if type(value) is dict:
        return kind(**{str(name): inner for name, inner in value.items()})
    if type(value) is list:
        return [_wrapped(inner, kind) for inner in value]
    return value


def _dumped(value, exclude_none, exclude_unset):
    if isinstance(value, Model):
        return value.model_dump(exclude_none=exclude_none, exclude_unset=exclude_unset)
    if isinstance(value, list):
        return [_dumped(inner, exclude_none, exclude_unset) for inner in value]
    return value


class CompletionUsage(Model):
    """What a reply has used, in tokens."""

    _optional = ("completion_tokens_details", "prompt_tokens_details")


class Function(Model):
    """The function that a tool call names; `arguments` is text and may be broken."""


class ChatCompletionMessageToolCall(Model):
    """A tool that the model asks for."""

    _inner = {"function": Function}


class ChatCompletionMessage(Model):
    """What the model said."""

    _inner = {"tool_calls": ChatCompletionMessageToolCall}
    _optional = ("content", "refusal", "annotations", "audio", "function_call", "tool_calls")


class Choice(Model):
    """One answer of several."""

    _inner = {"message": ChatCompletionMessage}
    _optional = ("finish_reason", "logprobs")


class ChatCompletion(Model):
    """A whole reply."""

    _inner = {"choices": Choice, "usage": CompletionUsage}
    _optional = ("service_tier", "system_fingerprint", "usage")


class ChoiceDeltaToolCall(Model):
    """A piece of a tool call."""

    _inner = {"function": Function}
    _optional = ("id", "function", "type")


class ChoiceDelta(Model):
    """What a chunk adds."""

    _inner = {"tool_calls": ChoiceDeltaToolCall}
    _optional = ("content", "function_call", "refusal", "role", "tool_calls")


class ChunkChoice(Model):
    """One answer's part of a chunk."""

    _inner = {"delta": ChoiceDelta}
    _optional = ("finish_reason", "logprobs")


class ChatCompletionChunk(Model):
    """A piece of a reply."""

    _inner = {"choices": ChunkChoice, "usage": CompletionUsage}
    _optional = ("service_tier", "system_fingerprint", "usage")


class Embedding(Model):
    """One text's vector."""


class CreateEmbeddingResponse(Model):
    """Vectors of several texts."""

    _inner = {"data": Embedding, "usage": CompletionUsage}
