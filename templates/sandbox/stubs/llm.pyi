# What the editor completes of `llm`. Docstrings: one line in English, one in Chinese.
from typing import Any, AsyncIterator, Iterator

class LLMError(Exception):
    """A call that brought no reply: its code says why.
    调用没有得到回复，code 说明原因。"""
    code: str
    status: int | None
    detail: Any

class Unanswered(LLMError):
    """Nobody answers: this program was started where there is no model.
    没有人应答：运行这个程序的地方没有模型。"""

class NoModel(LLMError):
    """The lesson has no recording and the app has no key.
    这一课没有录制内容，应用里也没有密钥。"""

class NoRecording(LLMError):
    """Nothing like this request was recorded.
    录制内容里没有这样的请求。"""

class CallLimit(LLMError):
    """A run of this lesson may make no more calls.
    这一课一次运行能用的调用次数用完了。"""

class TokenLimit(LLMError):
    """A run of this lesson may use no more tokens.
    这一课一次运行能用的 token 用完了。"""

class SpendingLimit(LLMError):
    """Your own limit for what calls may cost is reached.
    到了你自己设的花费上限。"""

class RateLimited(LLMError):
    """Too many calls at once: wait a little.
    调用太密，等一会儿再试。"""

class Unauthorized(LLMError):
    """The service does not accept the key.
    服务不认这个密钥。"""

class Balance(LLMError):
    """The account at the service is empty.
    服务那边的余额用完了。"""

class BadRequest(LLMError):
    """The service cannot read this request.
    服务看不懂这个请求。"""

class Overloaded(LLMError):
    """The service has too much to do: wait a little.
    服务太忙，等一会儿再试。"""

class ServiceError(LLMError):
    """The service failed.
    服务出了故障。"""

class Timeout(LLMError):
    """The service took too long.
    服务太久没有回复。"""

class Unreachable(LLMError):
    """The service cannot be reached.
    连不上服务。"""

class Cancelled(LLMError):
    """The run was stopped.
    运行被停止了。"""

class NotAllowed(LLMError):
    """This tool is not declared or not allowed.
    这个工具没有声明，或者没有得到允许。"""

class UnknownTool(LLMError):
    """There is no tool of this name.
    没有这个名字的工具。"""

class BadArguments(LLMError):
    """The tool cannot be called like this.
    工具不能这样调用。"""

class Usage:
    """What a reply has used, in tokens.
    一次回复用掉的 token。"""
    prompt_tokens: int
    completion_tokens: int
    total_tokens: int

class ToolCall:
    """A tool that the model asks for.
    模型要用的一个工具。"""
    id: str
    name: str
    arguments: dict[str, Any] | None
    raw: str

class Reply:
    """What the model said.
    模型说的话。"""
    text: str
    tool_calls: list[ToolCall]
    usage: Usage
    reasoning: str
    finish_reason: str | None
    message: dict[str, Any]

def chat(messages: str | list[dict], *, tools: list | None = None, stream: bool = False, model: str | None = None, **more: Any) -> Reply:
    """Asks the model and waits for its reply; stream=True gives the pieces of the text.
    问模型，等它回复；stream=True 时一段一段地给出文字。"""

async def chat_async(messages: str | list[dict], *, tools: list | None = None, stream: bool = False, model: str | None = None, **more: Any) -> Reply:
    """chat for await: other tasks run meanwhile.
    用 await 的 chat：等的时候别的任务照常运行。"""

def embed(texts: str | list[str]) -> list[list[float]]:
    """A vector for each text.
    每段文字一个向量。"""

async def embed_async(texts: str | list[str]) -> list[list[float]]:
    """embed for await.
    用 await 的 embed。"""

def tool_schema(function: Any) -> dict[str, Any]:
    """Describes a function as the services want it.
    按模型服务的格式描述一个函数。"""
