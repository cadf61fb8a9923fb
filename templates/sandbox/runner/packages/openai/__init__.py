"""Stands in for the package `openai`, so that ordinary agent code runs in the sandbox as it is.

Behind it is the lesson's model: recorded, or the service that the learner's key belongs to. There are
chat completions, with streams, tools and formats, and embeddings.
"""

from openai._client import (
    NOT_GIVEN,
    AsyncAzureOpenAI,
    AsyncOpenAI,
    AsyncStream,
    AzureOpenAI,
    NotGiven,
    OpenAI,
    Stream,
    omit,
)
from openai._errors import (
    APIConnectionError,
    APIError,
    APIResponseValidationError,
    APIStatusError,
    APITimeoutError,
    AuthenticationError,
    BadRequestError,
    ConflictError,
    InternalServerError,
    NotFoundError,
    OpenAIError,
    PermissionDeniedError,
    RateLimitError,
    UnprocessableEntityError,
)
from openai._models import Model as BaseModel

__all__ = [
    "APIConnectionError", "APIError", "APIResponseValidationError", "APIStatusError", "APITimeoutError",
    "AsyncAzureOpenAI", "AsyncClient", "AsyncOpenAI", "AsyncStream", "AuthenticationError", "AzureOpenAI",
    "BadRequestError", "BaseModel", "Client", "ConflictError", "InternalServerError", "NOT_GIVEN",
    "NotFoundError", "NotGiven", "OpenAI", "OpenAIError", "PermissionDeniedError", "RateLimitError", "Stream",
    "UnprocessableEntityError", "omit",
]
# The version of the original whose names these are.
__version__ = VERSION = "1.109.0"

Client, AsyncClient = OpenAI, AsyncOpenAI
# Tracebacks name them as programs know them.
for _name in __all__:
    if isinstance(globals()[_name], type):
        globals()[_name].__module__ = "openai"
# Set by programs that use the module itself as their client; they mean nothing here.
api_key = base_url = organization = None


def __getattr__(name):
    if name in ("chat", "embeddings"):
        return getattr(OpenAI(), name)
    raise AttributeError(f"module 'openai' has no attribute {name!r} in the sandbox", name=name)
