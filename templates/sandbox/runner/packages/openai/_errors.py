"""The exceptions of `openai`, and which of them a refused call becomes."""

import _sandbox_bridge as _bridge


class OpenAIError(Exception):
    """Whatever goes wrong with a service."""


class APIError(OpenAIError):
    """A call that brought no reply. `code` says why in a word."""

    def __init__(self, message, request=None, *, body=None, code=None):
        super().__init__(message)
        self.message, self.request, self.body = message, request, body
        self.code, self.param, self.type = code, None, None


class APIResponseValidationError(APIError):
    """What came is no reply."""

    status_code = 200


class APIConnectionError(APIError):
    """The service cannot be reached."""


class APITimeoutError(APIConnectionError):
    """The service took too long."""


class APIStatusError(APIError):
    """The service answered with an error; `status_code` is its number."""

    def __init__(self, message, *, response=None, body=None, code=None, status_code=None):
        super().__init__(message, body=body, code=code)
        self.response, self.request_id = response, None
        self.status_code = status_code or getattr(type(self), "status_code", 500)


class BadRequestError(APIStatusError):
    """The service cannot read the request."""

    status_code = 400


class AuthenticationError(APIStatusError):
    """There is no key, or the service does not accept it."""

    status_code = 401


class PermissionDeniedError(APIStatusError):
    """This is not allowed."""

    status_code = 403


class NotFoundError(APIStatusError):
    """There is nothing of this name."""

    status_code = 404


class ConflictError(APIStatusError):
    """Something else is under way."""

    status_code = 409


class UnprocessableEntityError(APIStatusError):
    """The request can be read and makes no sense."""

    status_code = 422


class RateLimitError(APIStatusError):
    """Too many calls, or a limit of the lesson or the learner is reached."""

    status_code = 429


class InternalServerError(APIStatusError):
    """The service failed, or has too much to do."""

    status_code = 500


_BY_STATUS = {
    kind.status_code: kind
    for kind in (
        BadRequestError, AuthenticationError, PermissionDeniedError, NotFoundError, ConflictError,
        UnprocessableEntityError, RateLimitError,
    )
}
_BY_CODE = {
    "bad_request": BadRequestError, "bad_arguments": BadRequestError, "no_recording": BadRequestError,
    "no_model": AuthenticationError, "unauthorized": AuthenticationError, "not_allowed": PermissionDeniedError,
    "unknown_tool": NotFoundError, "balance": APIStatusError, "call_limit": RateLimitError,
    "token_limit": RateLimitError, "spending_limit": RateLimitError, "rate_limited": RateLimitError,
    "overloaded": InternalServerError, "service": InternalServerError,
}


def raised(refused):
    """The exception for a call that the bridge refused."""
    code, message, status = refused.code, refused.message, refused.status
    if code == "timeout":
        return APITimeoutError(message, code=code)
    if code in ("unreachable", "unanswered"):
        return APIConnectionError(message, code=code)
    kind = _BY_STATUS.get(status) or _BY_CODE.get(code)
    if kind is None and status is not None:
        kind = InternalServerError if status >= 500 else APIStatusError
    if kind is None:
        return APIError(message, code=code, body=refused.detail)
    body = {"message": message, "code": code, "detail": refused.detail}
    return kind(message, body=body, code=code, status_code=status or _STATUS.get(code))


# What the service would have said, where the host names no number.
_STATUS = {"balance": 402, "overloaded": 503}

Refused = _bridge.Refused
