"""The clients: what programs call. Where they differ from the original, it is because there is no network:
addresses, keys, retries and headers are taken and mean nothing."""

import os

import _sandbox_bridge as _bridge

from openai._errors import Refused, raised
from openai._models import ChatCompletion, ChatCompletionChunk, CreateEmbeddingResponse

# Arguments that steer the original's transport and are no part of a request.
_TRANSPORT = ("extra_headers", "extra_query", "timeout", "idempotency_key")


class NotGiven:
    """Stands for an argument that was left out."""

    def __bool__(self):
        return False

    def __repr__(self):
        return "NOT_GIVEN"


NOT_GIVEN = omit = NotGiven()


def _request(given):
    """The body of a request from the arguments of a call."""
    extra = given.pop("extra_body", None)
    for name in _TRANSPORT:
        given.pop(name, None)
    request = {name: value for name, value in given.items() if not isinstance(value, NotGiven)}
    if request.get("stream") is None:
        request.pop("stream", None)
    return {**request, **(extra or {})}


def _wants_usage(request):
    options = request.get("stream_options")
    return isinstance(options, dict) and bool(options.get("include_usage"))


class Stream:
    """A reply that comes in chunks: for `for` and `with`."""

    response = None

    def __init__(self, request):
        self._chunks = self._iterate(request)

    @staticmethod
    def _iterate(request):
        wants_usage = _wants_usage(request)
        try:
            for chunk in _bridge.chat_stream(request):
                if chunk["choices"] or wants_usage:
                    yield ChatCompletionChunk(**chunk)
        except Refused as refused:
            raise raised(refused) from None

    def __iter__(self):
        return self

    def __next__(self):
        return next(self._chunks)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self.close()

    def close(self):
        """Stops listening."""
        self._chunks.close()


class AsyncStream:
    """The same for `async for` and `async with`."""

    response = None

    def __init__(self, request):
        self._chunks = self._iterate(request)

    @staticmethod
    async def _iterate(request):
        wants_usage = _wants_usage(request)
        try:
            async for chunk in _bridge.chat_stream_async(request):
                if chunk["choices"] or wants_usage:
                    yield ChatCompletionChunk(**chunk)
        except Refused as refused:
            raise raised(refused) from None

    def __aiter__(self):
        return self

    async def __anext__(self):
        return await self._chunks.__anext__()

    async def __aenter__(self):
        return self

    async def __aexit__(self, kind, error, trace):
        await self.close()

    async def close(self):
        """Stops listening."""
        await self._chunks.aclose()

    aclose = close


class Completions:
    """`client.chat.completions`."""

    def create(self, *, messages, model, stream=False, **more):
        """Asks the model; with `stream=True` the reply comes in chunks."""
        request = _request({"model": model, "messages": messages, "stream": stream or None, **more})
        if stream:
            return Stream(request)
        try:
            return ChatCompletion(**_bridge.chat(request))
        except Refused as refused:
            raise raised(refused) from None


class AsyncCompletions:
    """The same to be awaited."""

    async def create(self, *, messages, model, stream=False, **more):
        """Asks the model; with `stream=True` the reply comes in chunks."""
        request = _request({"model": model, "messages": messages, "stream": stream or None, **more})
        if stream:
            return AsyncStream(request)
        try:
            return ChatCompletion(**await _bridge.chat_async(request))
        except Refused as refused:
            raise raised(refused) from None


class Embeddings:
    """`client.embeddings`."""

    def create(self, *, input, model=None, **more):
        """A vector for each text."""
        try:
            return CreateEmbeddingResponse(**_bridge.embed(input, model))
        except Refused as refused:
            raise raised(refused) from None


class AsyncEmbeddings:
    """The same to be awaited."""

    async def create(self, *, input, model=None, **more):
        """A vector for each text."""
        try:
            return CreateEmbeddingResponse(**await _bridge.embed_async(input, model))
        except Refused as refused:
            raise raised(refused) from None


class Chat:
    """`client.chat`."""

    def __init__(self, completions):
        self.completions = completions


class _Client:
    _completions, _embeddings = Completions, Embeddings

    def __init__(self, *, api_key=None, base_url=None, timeout=None, max_retries=2, **more):
        self.api_key = api_key or os.environ.get("OPENAI_API_KEY")
        self.base_url = base_url or os.environ.get("OPENAI_BASE_URL")
        self.timeout, self.max_retries = timeout, max_retries
        self.chat, self.embeddings = Chat(self._completions()), self._embeddings()

    def __getattr__(self, name):
        known = "chat.completions.create and embeddings.create"
        message = f"{type(self).__name__!r} has no {name!r} in the sandbox: what it has is {known}"
        raise AttributeError(message, name=name, obj=self)

    def with_options(self, **more):
        """The client again; its options mean nothing here."""
        return self

    copy = with_options

    def is_closed(self):
        """Whether it was closed; nothing is open that could be."""
        return False


class OpenAI(_Client):
    """A client of a service that speaks chat completions."""

    def close(self):
        """Nothing is open."""

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        pass


class AsyncOpenAI(_Client):
    """The same for asyncio."""

    _completions, _embeddings = AsyncCompletions, AsyncEmbeddings

    async def close(self):
        """Nothing is open."""

    async def __aenter__(self):
        return self

    async def __aexit__(self, kind, error, trace):
        pass


class AzureOpenAI(OpenAI):
    """The same under another name."""


class AsyncAzureOpenAI(AsyncOpenAI):
    """The same under another name."""
