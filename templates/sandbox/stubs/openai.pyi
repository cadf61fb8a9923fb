# What the editor completes of the stand-in for `openai`. Docstrings: one line in English, one in Chinese.
from typing import Any

class Function:
    """The function that a tool call names.
    工具调用里的函数。"""
    name: str
    arguments: str

class ChatCompletionMessageToolCall:
    """A tool that the model asks for.
    模型要用的一个工具。"""
    id: str
    type: str
    function: Function

class ChatCompletionMessage:
    """What the model said.
    模型说的话。"""
    role: str
    content: str | None
    tool_calls: list[ChatCompletionMessageToolCall] | None
    def model_dump(self, *, exclude_none: bool = False) -> dict[str, Any]:
        """The plain values.
        转成普通的字典。"""

class CompletionUsage:
    """What a reply has used, in tokens.
    一次回复用掉的 token。"""
    prompt_tokens: int
    completion_tokens: int
    total_tokens: int

class ChatCompletion:
    """A whole reply.
    一条完整的回复。"""
    id: str
    model: str
    choices: list
    usage: CompletionUsage
    def model_dump(self, *, exclude_none: bool = False) -> dict[str, Any]:
        """The plain values.
        转成普通的字典。"""
    def model_dump_json(self, *, indent: int | None = None) -> str:
        """The same as JSON.
        转成 JSON。"""

class CreateEmbeddingResponse:
    """Vectors of several texts.
    几段文字的向量。"""
    data: list
    model: str
    usage: CompletionUsage

class Completions:
    """client.chat.completions"""
    def create(self, *, messages: list[dict], model: str, stream: bool = False, tools: list | None = None, response_format: dict | None = None, temperature: float | None = None, max_tokens: int | None = None, **more: Any) -> ChatCompletion:
        """Asks the model; with stream=True the reply comes in chunks.
        问模型；stream=True 时回复一段一段地来。"""

class Chat:
    """client.chat"""
    completions: Completions

class Embeddings:
    """client.embeddings"""
    def create(self, *, input: str | list[str], model: str, **more: Any) -> CreateEmbeddingResponse:
        """A vector for each text.
        每段文字一个向量。"""

class OpenAI:
    """A client of a service that speaks chat completions.
    兼容 chat completions 的服务的客户端。"""
    chat: Chat
    embeddings: Embeddings

class AsyncOpenAI(OpenAI):
    """The same for asyncio.
    用于 asyncio 的客户端。"""

class OpenAIError(Exception):
    """Whatever goes wrong with a service.
    服务出的一切错误。"""

class APIError(OpenAIError):
    """A call that brought no reply.
    调用没有得到回复。"""
    message: str
    code: str | None

class APIConnectionError(APIError):
    """The service cannot be reached.
    连不上服务。"""

class APITimeoutError(APIConnectionError):
    """The service took too long.
    服务太久没有回复。"""

class APIStatusError(APIError):
    """The service answered with an error.
    服务回复了一个错误。"""
    status_code: int

class BadRequestError(APIStatusError):
    """The service cannot read the request.
    服务看不懂这个请求。"""

class AuthenticationError(APIStatusError):
    """There is no key, or it is not accepted.
    没有密钥，或者密钥不对。"""

class RateLimitError(APIStatusError):
    """Too many calls, or a limit is reached.
    调用太密，或者到了上限。"""

class InternalServerError(APIStatusError):
    """The service failed, or has too much to do.
    服务出了故障，或者太忙。"""
