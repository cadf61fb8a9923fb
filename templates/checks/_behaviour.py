"""Checks on what an agent does: which tools it called, how often it asked the model, how it took a fault.

`hacheck` hands these names on. They look at the spans that `llm`, `openai` and `llm.trace` keep in the
program's own process, and they can stand in for the model, so that such a check needs no recording:

    from hacheck import call, expect_equal, fault, load, scripted, watch

    def test_recovers():
        with scripted("Action: lookup[Baikal]", "Final Answer: 1642"), fault("next_call_fails"), watch() as trace:
            answer = call(load("main", "run_agent"), "How deep?")
        trace.expect_recovered()
        expect_equal(got=answer, expected="1642")
"""

import contextlib
import copy
import hashlib
import json
import time

import _sandbox_bridge as bridge
import _sandbox_calls
from hacheck import fail, run_main, words

# How long a slow reply takes: long enough to be noticed, short enough for a check.
_SLOW_SECONDS = 0.3
_DIMENSIONS = 64


class Trace:
    """What happened while somebody watched."""

    def __init__(self, first):
        self._first, self._last = first, None

    def _stop(self):
        self._last = len(bridge.spans)

    @property
    def spans(self):
        """All of it, in order; each has kind, name, input, output, error, usage, seconds."""
        return bridge.spans[self._first : self._last]

    def of_kind(self, kind):
        """The spans of one kind: model, embed, tool, step, parse, agent."""
        return [span for span in self.spans if span.kind == kind]

    @property
    def model_calls(self):
        """Every question to the model."""
        return self.of_kind("model")

    @property
    def steps(self):
        """The agent's own steps; where it marks none, its questions to the model."""
        return self.of_kind("step") or self.model_calls

    def tools_called(self):
        """Names of the tools in the order of their calls."""
        return [span.name for span in self.of_kind("tool")]

    @property
    def tokens(self):
        """What all calls have used together."""
        return sum(_tokens(span.usage) for span in self.spans)

    @property
    def stop_reason(self):
        """Why the last reply ended: "stop", "tool_calls", "length"; "error: …" when there was none."""
        calls = self.model_calls
        if not calls:
            return None
        return f"error: {calls[-1].error}" if calls[-1].error else calls[-1].finish_reason

    def expect_tools(self, names, message=None):
        """Exactly these tools, in this order."""
        got = self.tools_called()
        if got != list(names):
            told = message or words(
                zh="智能体用的工具，或者用的先后，和任务需要的不一样。",
                en="The agent did not use the tools that this task needs, in the order it needs them.",
            )
            fail(told, words(zh="用过的工具", en="tools called"), _listed(names), _listed(got))

    def expect_model_calls(self, exactly=None, at_most=None, message=None):
        """So many questions to the model."""
        got = len(self.model_calls)
        if (exactly is not None and got != exactly) or (at_most is not None and got > at_most):
            told = message or words(
                zh="问模型的次数不对：每一次都要等，也都要花钱。",
                en="The model was asked a wrong number of times, and every question takes time and money.",
            )
            fail(told, words(zh="问模型的次数", en="questions to the model"), _amount(exactly, at_most), str(got))

    def expect_steps(self, at_most, message=None):
        """The agent gets there in so many steps."""
        got = len(self.steps)
        if got > at_most:
            told = message or words(
                zh=f"这件事 {at_most} 步就够了，智能体却走了 {got} 步。看看它在哪里绕了路。",
                en=f"{at_most} steps are enough for this, and the agent took {got}. Look where it goes astray.",
            )
            fail(told, words(zh="步数", en="steps"), _amount(None, at_most), str(got))

    def expect_tokens(self, at_most, message=None):
        """All calls together stay within a budget."""
        if self.tokens > at_most:
            told = message or words(
                zh="用掉的 token 超出了预算：看看每次发给模型的内容里，有哪些其实用不着。",
                en="The budget of tokens is used up: look at what is sent with each call and what of it is needed.",
            )
            fail(told, "tokens", _amount(None, at_most), str(self.tokens))

    def expect_recovered(self, message=None):
        """Something failed, and the agent went on: after the last error, a call of the model worked."""
        spans = [span for span in self.spans if span.kind in ("model", "tool")]
        failed = [place for place, span in enumerate(spans) if span.error]
        went_on = failed and any(not span.error and span.kind == "model" for span in spans[failed[-1] + 1 :])
        if not went_on:
            told = message or words(
                zh="中途出了一次错，智能体没能接着干下去。把错误变成一条观察，或者再试一次。",
                en="Something failed on the way, and the agent did not go on. Make an observation of the error, or try again.",
            )
            error = spans[failed[-1]].error if failed else words(zh="没有出错", en="nothing failed")
            fail(told, words(zh="出错之后", en="after the error"), words(zh="又问了一次模型", en="another reply of the model"), error)


@contextlib.contextmanager
def watch():
    """Gives a `Trace` of what happens inside of the `with`."""
    trace = Trace(len(bridge.spans))
    try:
        yield trace
    finally:
        trace._stop()


class Ran:
    """A run of the learner's program: what it printed, and its trace."""

    def __init__(self, output, trace):
        self.output, self.trace = output, trace


def run_program(stdin="", path="main.py"):
    """As `run_main`, with the trace of the run."""
    with watch() as trace:
        output = run_main(stdin, path)
    return Ran(output, trace)


class Script:
    """A model that says what the check wants, and keeps what it was asked."""

    def __init__(self, replies):
        self.replies, self.requests = list(replies), []

    def messages(self, turn):
        """The messages of a question, counted from 1; without that many questions the check has failed."""
        if len(self.requests) < turn:
            fail(
                words(
                    zh="到这里，模型应该已经被问过更多次了：循环结束得太早，或者有的问题没有问出去。",
                    en="The model should have been asked more often by now: the loop ended too early, or a question was never put.",
                ),
                words(zh="问模型的次数", en="questions to the model"), str(turn), str(len(self.requests)),
            )
        return self.requests[turn - 1].get("messages", [])

    def text(self, turn):
        """All that stood in the messages of a question, counted from 1."""
        said = [message.get("content") for message in self.messages(turn)]
        return "\n".join(part if isinstance(part, str) else json.dumps(part, ensure_ascii=False) for part in said if part)

    def answer(self, name, payload):
        """The pieces that stand for those of the host."""
        if name == "embed":
            yield {"reply": _embedded(payload["input"])}
        elif name != "chat":
            yield from _sandbox_calls.ask(name, payload)
        else:
            self.requests.append(copy.deepcopy(payload["request"]))
            yield from _said(self._next(), payload["request"], len(self.requests))

    def _next(self):
        turn = len(self.requests)
        if turn > len(self.replies):
            fail(
                words(
                    zh="该说的都说完了，模型却又被问了一次：循环应该在这之前结束。",
                    en="All was said, and the model was asked once more: the loop should have ended before.",
                ),
                words(zh="问模型的次数", en="questions to the model"), str(len(self.replies)), str(turn),
            )
        reply = self.replies[turn - 1]
        return reply(self.requests[-1]) if callable(reply) else reply


@contextlib.contextmanager
def scripted(*replies):
    """The model says these replies, one after the other. A reply is a text, a list of tool calls
    ("name", {arguments}), a function of the request that gives one of them, or a `refusal`. Vectors are
    made from the letters of a text."""
    script = Script(replies)
    with _standing_in(script.answer):
        yield script


class refusal:
    """A reply that is an error, for example refusal("overloaded")."""

    def __init__(self, code, message="", status=None):
        self.error = {"code": code, "message": message or code, "status": status}


FAULTS = ("next_call_fails", "slow", "malformed_action", "two_actions", "endless")


@contextlib.contextmanager
def fault(kind, at_call=1):
    """One thing goes wrong: the model's call number `at_call` fails, takes long, or says an action that
    cannot be read or two at once; "endless" repeats that reply for ever."""
    if kind not in FAULTS:
        raise ValueError(f"no fault {kind!r}; there are {', '.join(FAULTS)}")
    answer, count, kept = bridge.stand_in or _sandbox_calls.ask, [0], []

    def faulty(name, payload):
        if name != "chat":
            yield from answer(name, payload)
            return
        count[0] += 1
        if kind == "next_call_fails" and count[0] == at_call:
            told = words(zh="服务太忙，稍后再试。", en="The service is overloaded, try again.")
            yield {"error": {"code": "overloaded", "message": told, "status": 503}}
            return
        if kind == "endless" and kept:
            yield from _said(kept[0], payload["request"], count[0])
            return
        pieces = list(answer(name, payload))
        if count[0] != at_call:
            yield from pieces
            return
        if kind == "slow":
            time.sleep(_SLOW_SECONDS)
            yield from pieces
            return
        kept.append(_spoilt(kind, _text(pieces)))
        yield from _said(kept[0], payload["request"], count[0])

    with _standing_in(faulty):
        yield


def _spoilt(kind, text):
    if kind == "malformed_action":
        return text.replace("[", " ", 1).replace("]", "", 1) if "[" in text else f"Action {text}"
    if kind == "two_actions":
        action = next((line for line in text.splitlines() if line.startswith("Action")), "Action: lookup[again]")
        return f"{text}\n{action}"
    return text


@contextlib.contextmanager
def _standing_in(answer):
    before, bridge.stand_in = bridge.stand_in, answer
    try:
        yield
    finally:
        bridge.stand_in = before


def _said(reply, request, turn):
    """A reply as the host would give it, in one piece or as a stream."""
    if isinstance(reply, refusal):
        yield {"error": reply.error}
        return
    message = {"role": "assistant", "content": reply if isinstance(reply, str) else None}
    if not isinstance(reply, str):
        message["tool_calls"] = [
            {
                "id": f"call_{turn}_{place}", "type": "function",
                "function": {"name": name, "arguments": arguments if isinstance(arguments, str) else json.dumps(arguments, ensure_ascii=False)},
            }
            for place, (name, arguments) in enumerate(reply, 1)
        ]
    ended = "stop" if isinstance(reply, str) else "tool_calls"
    known = {"id": f"scripted-{turn}", "created": 0, "model": request.get("model")}
    prompt = sum(len(str(part.get("content") or "")) for part in request.get("messages", []) if isinstance(part, dict))
    used = {"prompt_tokens": prompt // 3 + 1, "completion_tokens": len(str(reply)) // 3 + 1}
    used["total_tokens"] = sum(used.values())
    if not request.get("stream"):
        choice = {"index": 0, "message": message, "finish_reason": ended}
        yield {"reply": {**known, "object": "chat.completion", "choices": [choice], "usage": used}}
        return
    text = message["content"] or ""
    deltas = [{"role": "assistant", "content": text[start : start + 8]} for start in range(0, len(text), 8)]
    if "tool_calls" in message:
        calls = [{**part, "index": place} for place, part in enumerate(message["tool_calls"])]
        deltas = [{"role": "assistant", "tool_calls": calls}]
    for delta in deltas:
        yield {"delta": _chunk(known, delta, None)}
    yield {"delta": _chunk(known, {}, ended)}
    yield {"done": {"usage": used}}


def _chunk(known, delta, ended):
    choice = {"index": 0, "delta": delta, "finish_reason": ended}
    return {**known, "object": "chat.completion.chunk", "choices": [choice]}


def _text(pieces):
    """What a reply says, whether it came whole or in pieces."""
    said = []
    for piece in pieces:
        if "reply" in piece:
            said.append(piece["reply"]["choices"][0]["message"].get("content") or "")
        elif "delta" in piece:
            said += [choice["delta"].get("content") or "" for choice in piece["delta"]["choices"]]
    return "".join(said)


def _embedded(texts):
    data = [{"object": "embedding", "index": place, "embedding": _vector(text)} for place, text in enumerate(texts)]
    return {"object": "list", "data": data, "model": "scripted", "usage": {"prompt_tokens": 0, "total_tokens": 0}}


def _vector(text):
    """Texts with the same pairs of letters point the same way."""
    vector = [0.0] * _DIMENSIONS
    letters = text.lower()
    for start in range(max(1, len(letters) - 1)):
        digest = hashlib.md5(letters[start : start + 2].encode("utf-8", "replace"), usedforsecurity=False).digest()
        vector[digest[0] % _DIMENSIONS] += 1.0
    length = sum(part * part for part in vector) ** 0.5
    return [part / length for part in vector]


def _tokens(usage):
    usage = usage or {}
    total = usage.get("total_tokens")
    return total if type(total) is int else sum(part for part in usage.values() if type(part) is int)


def _listed(names):
    return ", ".join(names) or words(zh="（没有）", en="(none)")


def _amount(exactly, at_most):
    if exactly is not None:
        return str(exactly)
    return words(zh=f"最多 {at_most}", en=f"{at_most} at most")
