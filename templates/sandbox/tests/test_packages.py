"""Tests of what lessons import (`llm`, `openai`, `dotenv`) on the host's Python, with a channel that this
file answers: what a program gets for good answers, for errors, and for answers no service would give.
"""

import ast
import asyncio
import importlib
import json
import math
import os
import pathlib
import sys
import tempfile
import threading
import unittest
from unittest import mock

RUNNER = pathlib.Path(__file__).parent.parent / "runner"
for folder in ("packages", "inside", "common"):
    sys.path.insert(0, str(RUNNER / folder))

import _sandbox_bridge as bridge  # noqa: E402
import dotenv  # noqa: E402
import llm  # noqa: E402
import openai  # noqa: E402
from _sandbox_program import PLACEHOLDERS  # noqa: E402
from llm import stores, tools, trace  # noqa: E402
from openai.types.chat import ChatCompletionMessage  # noqa: E402

HELLO = [{"role": "user", "content": "Hello"}]


def reply(content="Hi", tool_calls=None, **more):
    """A piece with a whole reply, as the host words it."""
    message = {"role": "assistant", "content": content}
    if tool_calls:
        message["tool_calls"] = tool_calls
    return {"reply": {
        "id": "r1", "object": "chat.completion", "created": 1, "model": "m",
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5}, **more,
    }}


def delta(ended=None, **what):
    """A piece with a chunk."""
    choice = {"index": 0, "delta": what, "finish_reason": ended}
    return {"delta": {"id": "r1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}}


def refusal(code, status=None, message="no"):
    return {"error": {"code": code, "message": message, "status": status, "detail": None}}


def call_of(name, arguments):
    return {"id": "c1", "type": "function", "function": {"name": name, "arguments": arguments}}


class Channel:
    """Answers every call with the pieces it was given, and keeps what was asked and told."""

    def __init__(self, *pieces):
        self.pieces, self.asked, self.told = pieces, [], []

    def ask(self, name, payload):
        json.dumps(payload, allow_nan=False)
        self.asked.append((name, payload))
        yield from self.pieces

    async def ask_async(self, name, payload):
        self.asked.append((name, payload))
        for piece in self.pieces:
            await asyncio.sleep(0)
            yield piece

    def tell(self, name, payload):
        json.dumps(payload, allow_nan=False)
        self.told.append((name, payload))

    @property
    def request(self):
        return self.asked[-1][1]["request"]


class Bench(unittest.TestCase):
    """A program's side of a channel."""

    def channel(self, *pieces):
        bridge.spans.clear()
        channel = Channel(*pieces)
        patch = mock.patch.object(bridge, "_sandbox_calls", channel)
        patch.start()
        self.addCleanup(patch.stop)
        return channel


class Chats(Bench):
    """`llm.chat` and its kin."""

    def test_a_text_becomes_a_message_and_the_reply_has_all_parts(self):
        channel = self.channel(reply("Hi 你好"))
        got = llm.chat("Hello", temperature=0)
        self.assertEqual(channel.request, {"model": "lesson-model", "messages": HELLO, "temperature": 0})
        self.assertEqual((got.text, str(got), got.finish_reason), ("Hi 你好", "Hi 你好", "stop"))
        self.assertEqual((got.usage.prompt_tokens, got.usage.total_tokens), (3, 5))
        self.assertEqual(got.message, {"role": "assistant", "content": "Hi 你好"})

    def test_tools_are_described_and_their_calls_are_read(self):
        channel = self.channel(reply(None, [call_of("weather", '{"city": "北京"}'), call_of("broken", "{city")]))

        def weather(city, days: int = 1):
            """The weather."""

        got = llm.chat(HELLO, tools=[weather])
        function = channel.request["tools"][0]["function"]
        self.assertEqual((function["name"], function["description"]), ("weather", "The weather."))
        self.assertEqual(function["parameters"]["required"], ["city"])
        self.assertEqual(function["parameters"]["properties"]["days"], {"type": "integer"})
        first, second = got.tool_calls
        self.assertEqual((first.name, first.arguments, first.id), ("weather", {"city": "北京"}, "c1"))
        self.assertEqual((second.arguments, second.raw), (None, "{city"))
        self.assertEqual(got.message["tool_calls"][0]["id"], "c1")

    def test_a_stream_gives_the_pieces_of_the_text(self):
        self.channel(delta(content="He"), delta(content="llo"), delta(ended="stop"), {"done": {"usage": None}})
        self.assertEqual(list(llm.chat("x", stream=True)), ["He", "llo"])
        self.assertEqual(bridge.spans[0].output["content"], "Hello")
        self.assertEqual(bridge.spans[0].finish_reason, "stop")

    def test_who_stops_listening_ends_the_call_without_an_error(self):
        self.channel(delta(content="He"), delta(content="llo"))
        stream = llm.chat("x", stream=True)
        self.assertEqual(next(stream), "He")
        stream.close()
        self.assertEqual((bridge.spans[0].error, bridge.spans[0].is_over), (None, True))

    def test_every_error_has_its_class_and_the_hosts_words(self):
        for code, kind in [("call_limit", llm.CallLimit), ("no_recording", llm.NoRecording), ("balance", llm.Balance),
                           ("new_one", llm.LLMError)]:
            self.channel(refusal(code, 402, "words 字"))
            with self.assertRaises(kind) as caught:
                llm.chat("x")
            self.assertEqual((caught.exception.code, caught.exception.status), (code, 402))
            self.assertEqual(str(caught.exception), "words 字")
            self.assertIsNone(caught.exception.__cause__)

    def test_what_no_service_would_answer_is_an_error_and_no_crash(self):
        for piece in (None, 3, [], {}, {"reply": None}, {"reply": {}}, {"reply": {"choices": []}},
                      {"reply": {"choices": [{"message": {"content": 7}}]}}, {"error": "nobody"}, {"error": None},
                      {"reply": {"choices": [{"message": {"content": "", "tool_calls": "x"}}]}}):
            self.channel(piece)
            with self.assertRaises(llm.LLMError, msg=piece):
                llm.chat("x")
        for piece in ({"delta": None}, {"delta": {"choices": 1}}, {"reply": 1}, 5):
            self.channel(piece)
            with self.assertRaises(llm.LLMError, msg=piece):
                list(llm.chat("x", stream=True))
        self.channel({"delta": {"choices": ["x"]}}, {"delta": {"choices": [{"delta": 5}]}}, {"done": 4})
        self.assertEqual(list(llm.chat("x", stream=True)), [])
        self.channel(reply(usage="lots", choices=[{"message": {"content": "ok", "tool_calls": [None, {"function": 1}]}}]))
        got = llm.chat("x")
        self.assertEqual((got.text, got.usage.total_tokens, [call.name for call in got.tool_calls]), ("ok", 0, ["", ""]))

    def test_what_cannot_be_sent_never_leaves(self):
        channel = self.channel(reply())
        nested = []
        for _ in range(100):
            nested = [nested]
        for messages in ("x" * 2_000_000, [{"role": "user", "content": ["y" * 600_000] * 2}], [nested]):
            with self.assertRaises(llm.BadRequest):
                llm.chat(messages)
        with self.assertRaises(llm.BadRequest):
            llm.chat("x", temperature=math.nan)
        with self.assertRaises(TypeError):
            llm.chat([{"role": "user", "content": object()}])
        self.assertEqual(channel.asked, [])

    def test_a_host_that_is_gone_is_named(self):
        def gone(name, payload):
            raise ConnectionError("closed")
            yield

        channel = self.channel()
        channel.ask = gone
        with self.assertRaises(llm.Unreachable):
            llm.chat("x")

    def test_several_calls_at_once(self):
        self.channel(reply("Hi"))

        async def all_of_them():
            return await asyncio.gather(*(llm.chat_async(str(n)) for n in range(8)))

        self.assertEqual([got.text for got in asyncio.run(all_of_them())], ["Hi"] * 8)

        async def streamed():
            return [text async for text in await llm.chat_async("x", stream=True)]

        self.channel(delta(content="a"), delta(content="b"), {"done": {}})
        self.assertEqual(asyncio.run(streamed()), ["a", "b"])

    def test_threads_share_the_channel_and_not_their_spans(self):
        channel = self.channel(reply("Hi"))

        def work():
            with trace.step("mine"):
                llm.chat("x")

        threads = [threading.Thread(target=work) for _ in range(8)]
        with trace.step("outer"):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        steps = {span.id for span in bridge.spans if span.name == "mine"}
        self.assertEqual({payload["span"] for _, payload in channel.asked}, steps)
        self.assertEqual(len(steps), 8)

    def test_vectors(self):
        channel = self.channel({"reply": {"data": [{"index": 0, "embedding": [1, 0.5]}], "model": "e"}})
        self.assertEqual(llm.embed("a"), [[1.0, 0.5]])
        self.assertEqual(channel.asked[0][1]["input"], ["a"])
        for data in ([], [{"embedding": ["x"]}], [{}], [1], None):
            self.channel({"reply": {"data": data}})
            with self.assertRaises(llm.LLMError, msg=data):
                llm.embed(["a"])
        with self.assertRaises(llm.BadRequest):
            llm.embed([3])

    def test_a_program_that_calls_without_end_does_not_fill_the_memory(self):
        self.channel(refusal("call_limit"))
        with mock.patch.object(bridge, "MOST_SPANS", 20):
            for _ in range(100):
                with self.assertRaises(llm.CallLimit):
                    llm.chat("x")
        self.assertEqual(len(bridge.spans), 20)


class OpenAI(Bench):
    """Ordinary agent code, unchanged."""

    def test_a_chat_as_everybody_writes_it(self):
        channel = self.channel(reply(None, [call_of("f", "{}")]))
        with mock.patch.dict(os.environ, PLACEHOLDERS):
            client = openai.OpenAI(api_key=os.getenv("LLM_API_KEY"), base_url=os.getenv("LLM_BASE_URL"), timeout=60)
        response = client.chat.completions.create(
            model="gpt", messages=HELLO, tools=[{"type": "function"}], tool_choice="auto", temperature=0.2,
            response_format={"type": "json_object"}, extra_headers={"a": "b"}, timeout=3, top_p=openai.NOT_GIVEN,
            extra_body={"thinking": True},
        )
        self.assertNotIn("timeout", channel.request)
        self.assertNotIn("top_p", channel.request)
        self.assertNotIn("stream", channel.request)
        self.assertTrue(channel.request["thinking"])
        message = response.choices[0].message
        self.assertIsInstance(message, ChatCompletionMessage)
        self.assertIsNone(message.content)
        self.assertIsNone(message.refusal)
        self.assertEqual(message.tool_calls[0].function.name, "f")
        self.assertEqual(response.usage.total_tokens, 5)
        self.assertIsNone(response.system_fingerprint)
        self.assertEqual(json.loads(response.model_dump_json())["choices"][0]["message"]["tool_calls"][0]["id"], "c1")
        # The message goes back as the object it is, as the documentation of the original does it.
        client.chat.completions.create(model="m", messages=[*HELLO, message, {"role": "tool", "content": "1"}])
        self.assertEqual(channel.request["messages"][1]["tool_calls"][0]["function"], {"name": "f", "arguments": "{}"})
        self.assertNotIn("refusal", channel.request["messages"][1])

    def test_missing_arguments_are_a_type_error(self):
        with self.assertRaises(TypeError):
            openai.OpenAI().chat.completions.create(model="m")

    def test_streams(self):
        pieces = [delta(content="a", role="assistant"), delta(content="b"), delta(ended="stop"),
                  {"done": {"usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}}}]
        channel = self.channel(*pieces)
        create = openai.OpenAI().chat.completions.create
        with create(model="m", messages=HELLO, stream=True) as stream:
            self.assertEqual("".join(chunk.choices[0].delta.content or "" for chunk in stream), "ab")
        self.assertIs(channel.request["stream"], True)
        chunks = list(create(model="m", messages=HELLO, stream=True, stream_options={"include_usage": True}))
        self.assertEqual((chunks[-1].choices, chunks[-1].usage.total_tokens), ([], 2))

        async def listen():
            client = openai.AsyncOpenAI()
            stream = await client.chat.completions.create(model="m", messages=HELLO, stream=True)
            async with stream:
                return [chunk.choices[0].delta.content async for chunk in stream]

        self.channel(*pieces)
        self.assertEqual(asyncio.run(listen()), ["a", "b", None])

    def test_pieces_of_tool_calls_are_put_together_for_the_trace(self):
        def part(arguments, **more):
            return {"index": 0, "function": {"arguments": arguments, **more}}

        self.channel(delta(tool_calls=[{"id": "c1", **part("", name="f")}]), delta(tool_calls=[part('{"a"')]),
                     delta(tool_calls=[part(": 1}")]), delta(tool_calls=[{"index": 10**9}]), {"done": {}})
        chunks = list(openai.OpenAI().chat.completions.create(model="m", messages=HELLO, stream=True))
        self.assertEqual(chunks[1].choices[0].delta.tool_calls[0].function.arguments, '{"a"')
        self.assertEqual(bridge.spans[0].output["tool_calls"][0]["function"], {"name": "f", "arguments": '{"a": 1}'})

    def test_errors_by_status_and_by_code(self):
        for piece, kind, status in [
            (refusal("unauthorized", 401), openai.AuthenticationError, 401),
            (refusal("rate_limited", 429), openai.RateLimitError, 429),
            (refusal("bad_request", 422), openai.UnprocessableEntityError, 422),
            (refusal("overloaded", 503), openai.InternalServerError, 503),
            (refusal("balance", 402), openai.APIStatusError, 402),
            (refusal("call_limit"), openai.RateLimitError, 429),
            (refusal("no_recording"), openai.BadRequestError, 400),
            (refusal("no_model"), openai.AuthenticationError, 401),
        ]:
            self.channel(piece)
            with self.assertRaises(kind) as caught:
                openai.OpenAI().chat.completions.create(model="m", messages=HELLO)
            self.assertEqual(caught.exception.status_code, status, piece)
            self.assertEqual(caught.exception.message, "no")
        for code, kind in [("timeout", openai.APITimeoutError), ("unreachable", openai.APIConnectionError),
                           ("cancelled", openai.APIError)]:
            self.channel(refusal(code))
            with self.assertRaises(kind):
                list(openai.OpenAI().chat.completions.create(model="m", messages=HELLO, stream=True))

    def test_embeddings(self):
        channel = self.channel({"reply": {"data": [{"index": 0, "embedding": [1.0]}], "model": "e", "usage": {"total_tokens": 1}}})
        got = openai.OpenAI().embeddings.create(model="text-embedding", input="a", encoding_format="float")
        self.assertEqual((got.data[0].embedding, got.usage.total_tokens), ([1.0], 1))
        self.assertEqual(channel.asked[0][1]["model"], "text-embedding")

    def test_objects_dump_what_came(self):
        self.channel(reply("x", system_fingerprint="f"))
        got = openai.chat.completions.create(model="m", messages=HELLO)
        self.assertEqual(got.model_dump(exclude_unset=True)["choices"][0]["message"], {"role": "assistant", "content": "x"})
        self.assertIn("tool_calls", got.choices[0].message.model_dump())
        self.assertNotIn("tool_calls", got.choices[0].message.model_dump(exclude_none=True))
        self.assertEqual(got.model_copy(), got)
        self.assertEqual(got.system_fingerprint, "f")
        self.assertIn("content='x'", repr(got))

    def test_what_is_not_there_says_what_is(self):
        with self.assertRaisesRegex(AttributeError, "chat.completions.create"):
            openai.OpenAI().responses
        self.assertFalse(hasattr(openai, "audio"))


class Traces(Bench):
    """Spans of the program's own."""

    def test_what_happens_inside_belongs_to_it(self):
        channel = self.channel(reply())

        @trace.tool
        def look(city, days=1):
            return {"sky": city}

        with trace.agent("writer"):
            with trace.step("think", turn=1) as step:
                llm.chat("x")
                trace.parsed(thought="t", action="look")
                step.output = look("Harbin")
        agent, step, model, parse, tool = bridge.spans
        self.assertEqual([span.kind for span in bridge.spans], ["agent", "step", "model", "parse", "tool"])
        self.assertEqual([span.parent for span in bridge.spans], [None, agent.id, step.id, step.id, step.id])
        self.assertEqual(channel.asked[0][1]["span"], step.id)
        self.assertEqual((tool.input, tool.output), ({"city": "Harbin"}, {"sky": "Harbin"}))
        self.assertEqual(parse.output, {"thought": "t", "action": "look"})
        self.assertEqual(step.attributes, {"turn": 1})
        events = [(payload["event"], payload["id"]) for _, payload in channel.told]
        self.assertEqual(events[0], ("start", agent.id))
        self.assertEqual(events[-1], ("end", agent.id))
        self.assertEqual(trace.tree().splitlines()[2], "    model lesson-model")

    def test_an_exception_is_the_spans_error_and_goes_on(self):
        channel = self.channel()
        with self.assertRaises(ValueError):
            with trace.step("x"):
                raise ValueError("bad")
        self.assertEqual(channel.told[-1][1]["error"], "ValueError: bad")
        self.assertIsNone(bridge._open.get())

    def test_tools_may_be_asynchronous_and_keep_their_name(self):
        self.channel()

        @trace.tool
        async def look(city):
            """Looks."""
            return city

        self.assertEqual(asyncio.run(look("a")), "a")
        self.assertEqual((look.__name__, look.__doc__, bridge.spans[0].output), ("look", "Looks.", "a"))
        with self.assertRaises(TypeError):
            asyncio.run(look())

    def test_whatever_a_span_is_given_can_be_told(self):
        channel = self.channel()

        class Broken:
            def __repr__(self):
                raise ZeroDivisionError

        circle = []
        circle.append(circle)
        with trace.step("x" * 1000, thing=Broken(), circle=circle, number=math.inf, text="\ud800" + "y" * 50_000) as step:
            step.output = {1: {2, 3}, "all": range(3), "kind": dict}
        self.assertEqual(len(channel.told), 2)
        self.assertLess(len(json.dumps(channel.told)), 60_000)

    def test_a_host_that_does_not_listen_stops_nobody(self):
        channel = self.channel()
        channel.tell = mock.Mock(side_effect=ConnectionError)
        with trace.step("x"):
            pass
        self.assertTrue(bridge.spans[0].is_over)


class Tools(Bench):
    """Tools of the host."""

    def test_arguments_go_by_name(self):
        channel = self.channel({"reply": [1, 2]})
        self.assertEqual(tools.data("a.json", where={"x": 1}), [1, 2])
        name, payload = channel.asked[0]
        self.assertEqual((name, payload["name"]), ("tool", "data"))
        self.assertEqual(payload["arguments"], {"file": "a.json", "where": {"x": 1}})
        self.assertEqual(bridge.spans[0].kind, "tool")

    def test_a_tool_that_may_not_be_used(self):
        self.channel(refusal("not_allowed"))
        with self.assertRaises(llm.NotAllowed):
            tools.http_get("https://example.org")


class Stores(unittest.TestCase):
    """Stores in the program's memory."""

    def store(self):
        def embed(texts):
            return [[float(text.count("a")), float(text.count("b"))] for text in texts]

        return stores.VectorStore(embed)

    def test_the_nearest_come_first(self):
        store = self.store()
        ids = store.add(["aaa", "ab", "bbb"], metadata=[{"n": 1}, {"n": 2}, {"n": 1}])
        self.assertEqual([hit.text for hit in store.search("a", k=2)], ["aaa", "ab"])
        self.assertEqual([hit.text for hit in store.search("a", where={"n": 1})], ["aaa", "bbb"])
        self.assertEqual([hit.text for hit in store.search("a", at_least=0.9)], ["aaa"])
        self.assertEqual(store.get(ids[1]).text, "ab")
        self.assertTrue(store.delete(ids[0]))
        self.assertFalse(store.delete(ids[0]))
        self.assertEqual((len(store), store.search("a", k=0), self.store().search("a")), (2, [], []))

    def test_ids_replace_and_counts_must_agree(self):
        store = self.store()
        store.add("a", ids="x")
        store.add("b", ids="x")
        self.assertEqual((len(store), store.get("x").text), (1, "b"))
        with self.assertRaises(ValueError):
            store.add(["a", "b"], ids=["only"])

    def test_cosine(self):
        self.assertAlmostEqual(stores.cosine([1, 1], [2, 2]), 1)
        self.assertAlmostEqual(stores.cosine([1, 0], [0, 1]), 0)
        self.assertEqual(stores.cosine([0, 0], [1, 1]), 0.0)
        with self.assertRaises(ValueError):
            stores.cosine([1], [1, 2])

    def test_a_graph_finds_relations_and_ways(self):
        graph = stores.GraphStore()
        graph.add("Baikal", "lies in", "Siberia")
        graph.add("Siberia", "part of", "Russia", since=1600)
        graph.add_node("Baikal", depth=1642)
        self.assertEqual(graph.find(relation="lies in"), [("Baikal", "lies in", "Siberia")])
        self.assertEqual(graph.neighbours("Siberia"), ["Russia", "Baikal"])
        self.assertEqual(graph.path("Baikal", "Russia"), ["Baikal", "Siberia", "Russia"])
        self.assertIsNone(graph.path("Baikal", "Mars"))
        self.assertEqual(graph.node("Baikal"), {"depth": 1642})


class Dotenv(unittest.TestCase):
    """Settings beside the program."""

    TEXT = (
        "# comment\n\nexport A=1\nB = two words # said\nC='it''s ${A}'\nD=\"line\\nnext ${A}\"\nE=\n"
        "F\nG=${A}${MISSING:-x}\nH=\"two\nlines\"\n=nonsense\nI=last"
    )

    def test_values_as_the_original_reads_them(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, ".env")
            pathlib.Path(path).write_text(self.TEXT, encoding="utf-8")
            got = dotenv.dotenv_values(path)
            self.assertEqual(dotenv.get_key(path, "I"), "last")
            with mock.patch.dict(os.environ, {"A": "kept"}):
                self.assertTrue(dotenv.load_dotenv(path))
                self.assertEqual((os.environ["A"], os.environ["B"]), ("kept", "two words"))
                dotenv.load_dotenv(path, override=True)
                self.assertEqual(os.environ["A"], "1")
        self.assertEqual((got["A"], got["B"], got["E"], got["F"]), ("1", "two words", "", None))
        self.assertEqual((got["D"], got["G"], got["H"], got["I"]), ("line\nnext 1", "1x", "two\nlines", "last"))

    def test_no_file_is_no_error(self):
        self.assertFalse(dotenv.load_dotenv("/nowhere/.env"))
        with self.assertRaises(OSError):
            dotenv.find_dotenv("no-such-file", raise_error_if_not_found=True)


class Stubs(unittest.TestCase):
    """What the editor completes is what there is."""

    def test_every_name_of_a_stub_exists_and_every_public_one_has_a_stub(self):
        for path in sorted((RUNNER.parent / "stubs").glob("*.pyi")):
            module = importlib.import_module(path.stem)
            tree = ast.parse(path.read_text(encoding="utf-8"))
            declared = {node.name for node in tree.body if hasattr(node, "name")}
            if path.stem.startswith("llm"):
                self.assertLessEqual(set(module.__all__), declared, path.name)
            known = {*dir(module), *dir(sys.modules.get("openai._client")), *dir(sys.modules.get("openai._models")), "Span"}
            self.assertLessEqual(declared, known, path.name)
            for node in ast.walk(tree):
                if isinstance(node, ast.FunctionDef):
                    english, chinese = (ast.get_docstring(node) or "\n").split("\n")
                    self.assertTrue(english.isascii() and not chinese.isascii(), f"{path.name}: {node.name}")


if __name__ == "__main__":
    unittest.main()
