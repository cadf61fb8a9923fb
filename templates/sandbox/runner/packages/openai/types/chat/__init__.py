"""Names for type hints of chats. What a program sends is a dictionary; what it gets is an object."""

from typing import Any, Dict

from openai._models import (
    ChatCompletion,
    ChatCompletionChunk,
    ChatCompletionMessage,
    ChatCompletionMessageToolCall,
)

ChatCompletionMessageParam = ChatCompletionToolParam = Dict[str, Any]
ChatCompletionSystemMessageParam = ChatCompletionUserMessageParam = Dict[str, Any]
ChatCompletionAssistantMessageParam = ChatCompletionToolMessageParam = Dict[str, Any]
ChatCompletionMessageFunctionToolCall = ChatCompletionMessageToolCall

__all__ = [
    "ChatCompletion", "ChatCompletionAssistantMessageParam", "ChatCompletionChunk", "ChatCompletionMessage",
    "ChatCompletionMessageFunctionToolCall", "ChatCompletionMessageParam", "ChatCompletionMessageToolCall",
    "ChatCompletionSystemMessageParam", "ChatCompletionToolMessageParam", "ChatCompletionToolParam",
    "ChatCompletionUserMessageParam",
]
