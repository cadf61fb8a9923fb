"""Tests of the check harness on the host's Python: `python3 -m unittest test_harness` in this folder.

Every test lays out a lesson in a temporary folder, with a `_sandbox` that writes reports to a file in
place of the sandbox's channel, and runs the real entry program. Asserted is what a learner reads.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import textwrap
import unittest

HERE = pathlib.Path(__file__).parent
PACKAGES = HERE.parent / "sandbox" / "runner" / "packages"
SANDBOX = """
def report(text):
    with open("report.jsonl", "a", encoding="utf-8") as file:
        file.write(text + "\\n")
"""
# A host that answers every question with how many there have been.
CALLS = """
asked = 0
def ask(name, payload):
    global asked
    asked += 1
    message = {"role": "assistant", "content": f"Action: look[{asked}]"}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    yield {"reply": {"id": "r", "choices": [choice], "usage": {"total_tokens": 10}}}
def tell(name, payload):
    pass
"""
DECIDE = """
    from hacheck import *
    def test():
        decide = load("main", "decide")
        expect_call(decide, "rain", expected="umbrella", message=words(zh="下雨要带伞。", en="Rain needs an umbrella."))
"""


class Bench(unittest.TestCase):
    """Lays out lessons and runs the entry program over them."""

    def run_check(self, main, checks=DECIDE, language="en", **files):
        """The report of one check and what the program printed."""
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        for name in ("_behaviour.py", "_declared.py", "_harness.py", "hacheck.py"):
            shutil.copy(HERE / name, folder)
        machine = f"FOLDER = {folder + os.sep!r}"
        laid = {"_sandbox": SANDBOX, "_sandbox_calls": CALLS, "_sandbox_machine": machine, "main": main, "checks": checks, **files}
        for name, text in laid.items():
            pathlib.Path(folder, f"{name}.py").write_text(textwrap.dedent(text), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "_harness.py", "test", language],
            cwd=folder, capture_output=True, encoding="utf-8", timeout=60, input="",
            env={**os.environ, "PYTHONIOENCODING": "utf-8", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(PACKAGES)},
        )
        sent = pathlib.Path(folder, "report.jsonl")
        lines = sent.read_text(encoding="utf-8").splitlines() if sent.exists() else []
        self.assertEqual(len(lines), 1, f"exactly one report, not {lines}\n{done.stderr}")
        result = json.loads(lines[0])
        self.assertEqual(set(result), {"status", "message", "call", "expected", "got"})
        self.assertNotIn(folder, result["message"])
        return result, done.stdout

    def message_of(self, main, status="error", checks=DECIDE, **more):
        result, _ = self.run_check(main, checks, **more)
        self.assertEqual(result["status"], status, result["message"])
        return result["message"]


class Harness(Bench):
    """Checks that call a function of the author's."""

    def test_a_right_program_passes_and_says_nothing(self):
        result, _ = self.run_check("def decide(w): return 'umbrella'")
        self.assertEqual(result, {"status": "pass", "message": "", "call": None, "expected": None, "got": None})

    def test_a_wrong_value_shows_call_expected_and_got(self):
        result, _ = self.run_check("def decide(w): return 'sunglasses'")
        self.assertEqual(result, {
            "status": "fail", "message": "Rain needs an umbrella.",
            "call": "decide('rain')", "expected": "'umbrella'", "got": "'sunglasses'",
        })

    def test_messages_come_in_the_learners_language(self):
        self.assertEqual(self.message_of("def decide(w): return ''", "fail", language="zh"), "下雨要带伞。")

    def test_a_forgotten_return_is_named(self):
        self.assertIn("`return`", self.message_of("def decide(w): 'umbrella'", "fail"))
        self.assertIn("`return`", self.message_of("def decide(w): 'umbrella'", "fail", language="zh"))

    def test_a_text_that_differs_only_in_case_is_named(self):
        self.assertIn("Only upper and lower case", self.message_of("def decide(w): return 'Umbrella '", "fail"))

    def test_values_that_only_look_alike_are_named(self):
        checks = 'from hacheck import *\ndef test(): expect_call(load("main", "f"), expected=3)'
        self.assertIn("this is str, needed is int", self.message_of("def f(): return '3'", "fail", checks))

    def test_long_unicode_and_multi_line_values_are_whole(self):
        result, _ = self.run_check("def decide(w): return '雨\\n☂' * 5000 + '完'")
        self.assertEqual(result["got"], repr("雨\n☂" * 5000 + "完"))

    def test_lone_surrogates_do_not_break_the_report(self):
        result, _ = self.run_check("raise ValueError('\\ud800')")
        self.assertIn("\\ud800", result["message"])

    def test_an_exception_shows_only_the_learners_lines(self):
        message = self.message_of("""
            import json
            def decide(w):
                return read(w)
            def read(w):
                return json.loads(w)
        """)
        self.assertTrue(message.startswith("Your program stopped with JSONDecodeError, in line 6 of main.py. This text is not JSON."))
        self.assertIn('\n\nTraceback (most recent call last):\n  File "main.py", line 4, in decide', message)
        for foreign in ("hacheck", "_harness", "checks.py", "decoder.py"):
            self.assertNotIn(foreign, message)

    def test_a_fault_in_a_second_file_points_there(self):
        message = self.message_of("import tools\ndecide = tools.decide", tools="def decide(w):\n    return umbrela")
        self.assertIn("NameError, in line 2 of tools.py", message)

    def test_chained_exceptions_keep_their_chain(self):
        message = self.message_of("""
            def decide(w):
                try:
                    {}[w]
                except KeyError as error:
                    raise ValueError("no such weather") from error
        """)
        self.assertIn("direct cause", message)
        self.assertTrue(message.endswith("ValueError: no such weather"), message)

    def test_a_missing_function_names_a_similar_one(self):
        message = self.message_of("def decied(w): pass")
        self.assertEqual(message, "main.py has no `decide`. It may have been renamed or deleted. There is something similar: `decied`.")

    def test_a_name_that_is_no_function(self):
        self.assertIn("but this is 'umbrella'", self.message_of("decide = 'umbrella'"))

    def test_wrong_parameters(self):
        message = self.message_of("def decide(): return 'umbrella'")
        self.assertIn("cannot be called like this", message)
        self.assertIn("takes 0 positional arguments but 1 was given", message)

    def test_a_syntax_error_has_its_line_and_caret(self):
        message = self.message_of("x = 1\ndef decide(w)\n    return 1\n")
        self.assertTrue(message.startswith("Line 2 of main.py is not valid Python"), message)
        self.assertIn("^", message)
        self.assertIn("main.py 第 2 行", self.message_of("x = 1\ndef decide(w)\n", language="zh"))

    def test_input_while_importing(self):
        self.assertIn("__name__", self.message_of("decide = input('? ')"))

    def test_input_during_a_call(self):
        self.assertIn("nobody is at the keyboard", self.message_of("def decide(w): return input()"))

    def test_sys_exit_is_explained(self):
        self.assertIn("ended itself", self.message_of("import sys\ndef decide(w): sys.exit(3)"))

    def test_endless_recursion_is_short(self):
        message = self.message_of("def decide(w): return other(w)\ndef other(w): return decide(w)")
        self.assertIn("RecursionError", message)
        self.assertIn("keeps calling itself", message)
        self.assertLess(len(message.splitlines()), 70)

    def test_a_print_flood_is_stopped_and_named(self):
        result, printed = self.run_check("def decide(w):\n    while True:\n        print('ha' * 40)\n")
        self.assertIn("a loop never ends", result["message"])
        self.assertIn('File "main.py", line 3', result["message"])
        self.assertNotIn("Flood", result["message"])
        self.assertTrue(printed.startswith("haha"))
        self.assertLess(len(printed), 250_000)

    def test_what_the_learner_prints_stays_output(self):
        result, printed = self.run_check("print('你好')\ndef decide(w): print(w); return 'umbrella'")
        self.assertEqual((result["status"], printed), ("pass", "你好\nrain\n"))

    def test_the_real_streams_abilities_are_still_there(self):
        result, printed = self.run_check("""
            import sys
            def decide(w):
                sys.stdout.reconfigure(line_buffering=True)
                sys.stdout.buffer.write("字节\\n".encode())
                return "umbrella"
        """)
        self.assertEqual((result["status"], printed), ("pass", "字节\n"))

    def test_vandalised_builtins_do_not_break_the_report(self):
        result, _ = self.run_check("""
            import builtins, sys
            def decide(w):
                for name in ("print", "repr", "len", "isinstance", "str", "type", "getattr", "open", "BaseException"):
                    setattr(builtins, name, None)
                sys.stdout = sys.stderr = None
                return "sunglasses"
        """)
        self.assertEqual((result["status"], result["got"]), ("fail", "'sunglasses'"))

    def test_a_raising_vandal_is_still_explained(self):
        self.assertIn("NameError", self.message_of("import builtins\ndef decide(w):\n    builtins.repr = None\n    del builtins.len\n    len(w)"))

    def test_a_replaced_print_is_the_learners_own_matter(self):
        result, printed = self.run_check("def print(*a): raise ValueError\ndef decide(w): return 'umbrella'")
        self.assertEqual((result["status"], printed), ("pass", ""))

    def test_a_broken_repr_and_eq(self):
        result, _ = self.run_check("class A:\n    def __repr__(self): 1/0\ndef decide(w): return A()")
        self.assertEqual(result["got"], "<A: __repr__ raised ZeroDivisionError>")
        self.assertIn("ZeroDivisionError", self.message_of("class A:\n    def __eq__(self, o): 1/0\ndef decide(w): return A()"))

    def test_a_learners_json_py_does_not_become_ours(self):
        result, _ = self.run_check("def decide(w): return 'umbrella'", json="raise SystemExit", traceback="raise SystemExit")
        self.assertEqual(result["status"], "pass")

    def test_a_failure_inside_a_tool_is_not_swallowed(self):
        checks = """
            from hacheck import *
            def tool(): fail("the tool was called twice")
            def test(): call(load("main", "agent"), tool)
        """
        for swallow in ("except Exception: pass", "except: pass", "finally: return 1"):
            message = self.message_of(f"def agent(tool):\n    try: tool()\n    {swallow}\n", "fail", checks)
            self.assertEqual(message, "the tool was called twice")

    def test_advice_stands_between_the_sentence_and_the_traceback(self):
        checks = """
            from hacheck import *
            def test():
                with advise("Catch it.", call="f(model)"): call(load("main", "f"), object())
        """
        result, _ = self.run_check("def f(model): {}['x']", checks)
        self.assertEqual((result["status"], result["call"]), ("error", "f(model)"))
        self.assertIn("no key 'x'.\nCatch it.\n\nTraceback", result["message"])

    def test_a_value_that_is_none_is_named(self):
        self.assertIn("A value here is None", self.message_of("def decide(w): return None[1]"))

    RUN = 'from hacheck import *\ndef test(): expect_equal(got=run_main("3\\n"), expected="? 6\\n")'

    def test_run_main_types_the_lines_and_captures_the_output(self):
        program = "if __name__ == '__main__':\n    n = int(input('? '))\n    print(n * 2)"
        result, printed = self.run_check(program, self.RUN)
        self.assertEqual((result["status"], printed), ("pass", "? 6\n"))

    def test_run_main_names_input_that_is_too_much(self):
        self.assertIn("more lines than the 1", self.message_of("input(); input()", checks=self.RUN))

    def test_run_main_takes_a_clean_exit_as_an_end(self):
        result, _ = self.run_check("import sys\nprint('? 6')\nsys.exit()", self.RUN)
        self.assertEqual(result["status"], "pass")
        self.assertIn("SystemExit", self.message_of("import sys\nsys.exit(2)", checks=self.RUN))

    def test_run_main_survives_a_character_that_no_stream_takes(self):
        result, printed = self.run_check("print('\\ud800')", self.RUN)
        self.assertEqual((result["status"], result["got"], printed), ("fail", "'\\ud800\\n'", "\\ud800\n"))

    def test_run_main_stops_a_flood(self):
        result, printed = self.run_check("print('once')\nwhile True: print('more')", self.RUN)
        self.assertIn("a loop never ends", result["message"])
        self.assertTrue(printed.startswith("once\nmore\n"))

    def test_run_main_starts_from_fresh_modules(self):
        checks = """
            from hacheck import *
            def test():
                load("state").COUNT = 9
                expect_equal(got=run_main() + run_main(), expected="1\\n1\\n")
        """
        result, _ = self.run_check("import state\nstate.COUNT += 1\nprint(state.COUNT)", checks, state="COUNT = 0")
        self.assertEqual(result["status"], "pass", result)

    def test_a_broken_check_does_not_blame_the_learner(self):
        for checks in ("def test(): 1/0", "def test(:", "x = 1"):
            message = self.message_of("", checks=checks)
            self.assertIn("not your code's fault", message)
        self.assertIn("不是你的代码的问题", self.message_of("", checks="x = 1", language="zh"))

    def test_contains_lists_what_is_missing(self):
        checks = 'from hacheck import *\ndef test(): expect_contains(load("main").TEXT, "error", "City")'
        message = self.message_of("TEXT = 'Error: no'", "fail", checks)
        self.assertTrue(message.endswith("Missing: 'City'."), message)
        self.assertEqual(self.run_check("TEXT = 'an error: city'", checks)[0]["status"], "pass")


def declared(name, **arguments):
    """The `checks.py` that the app writes for a check that `checks.toml` declares whole."""
    literal = json.dumps(json.dumps(arguments))
    return f"import json\nimport _declared\n\n\ndef test():\n    _declared.{name}(**json.loads({literal}))\n"


class Declared(Bench):
    """Checks without a function of the author's."""

    def code(self, main, uses=(), avoids=(), **files):
        return self.run_check(main, declared("code", uses=uses, avoids=avoids, message="M"), **files)[0]

    def test_rules_about_code_name_the_line_or_what_is_missing(self):
        loop = "n = 3\nwhile n:\n    n -= 1\nprint(sorted([2, 1]))\n"
        self.assertEqual(self.code(loop, uses=["while", "sorted()"], avoids=["for", "eval()"])["status"], "pass")
        result = self.code(loop, avoids=["while"])
        self.assertEqual(result["status"], "fail")
        self.assertIn("Line 2 of main.py uses `while`", result["message"])
        self.assertTrue(result["message"].endswith("M"))
        self.assertIn("needs `for`", self.code(loop, uses=["for"])["message"])

    def test_words_of_rules_mean_syntax_and_not_text(self):
        for source, word, expected in [
            ("# while\n'for'", "while", False),
            ("x = [i for i in 'a']", "comprehension", True),
            ("x = [i for i in 'a']", "for", False),
            ("import re as r", "import re", True),
            ("from os.path import join", "import os", True),
            ("import ossify", "import os", False),
            ("[].append(1)", ".append()", True),
            ("def f(n): return f(n - 1)", "recursion", True),
            ("def f(n): return g(n - 1)", "recursion", False),
            ("print", "print()", False),
            ("print", "print", True),
        ]:
            status = self.code(source, uses=[word])["status"]
            self.assertEqual(status, "pass" if expected else "fail", (source, word))

    def test_rules_look_at_every_file_and_survive_half_typed_code(self):
        self.assertEqual(self.code("import tools", uses=["lambda"], tools="f = lambda: 1")["status"], "pass")
        result = self.code("def f(:", uses=["while"])
        self.assertEqual(result["status"], "error")
        self.assertIn("Line 1 of main.py is not valid Python", result["message"])

    def pairs(self, solution, **more):
        asked = {"cases": [], "generate": [], "count": 20, "seed": "s", **more}
        result, _ = self.run_check(solution, declared("answers", function="f", **asked))
        self.assertEqual(result["status"], "pass", result["message"])
        return json.loads(result["message"])

    def same(self, main, pairs, message=""):
        return self.run_check(main, declared("same", function="f", pairs=pairs, message=message))[0]

    def test_the_solutions_answers_are_compared_by_value(self):
        solution = "def f(a, b): return {a: [b]}"
        pairs = self.pairs(solution, cases=["1, 'x'", "(), None"])
        self.assertEqual(pairs, [["(1, 'x')", "{1: ['x']}"], ["((), None)", "{(): [None]}"]])
        self.assertEqual(self.same(solution, pairs)["status"], "pass")
        result = self.same("def f(a, b): return {a: b}", pairs)
        self.assertEqual(
            (result["status"], result["call"], result["expected"], result["got"]),
            ("fail", "f(1, 'x')", "{1: ['x']}", "{1: 'x'}"),
        )
        self.assertEqual(self.same("def f(a, b): return 1.0", [["(1, 2)", "1"]])["status"], "fail")

    def test_arguments_are_made_up_the_same_way_each_time(self):
        solution = "def f(*args): return args"
        types = ["int", "list[str]", "dict[str, float]", "tuple[bool, None]"]
        pairs = self.pairs(solution, generate=types)
        self.assertEqual(len(pairs), 20)
        self.assertEqual(pairs, self.pairs(solution, generate=types))
        self.assertNotEqual(pairs, self.pairs(solution, generate=types, seed="t"))
        self.assertEqual(self.same(solution, pairs)["status"], "pass")

    def test_a_learner_who_changes_an_argument_is_shown_what_was_given(self):
        pairs = self.pairs("def f(x): return sorted(x)", cases=["[2, 1]"])
        result = self.same("def f(x):\n    x.clear()\n    return x", pairs)
        self.assertEqual((result["call"], result["got"]), ("f([2, 1])", "[]"))

    def test_files_that_a_program_writes_are_looked_at(self):
        main = "open('out.txt', 'w', encoding='utf-8').write(input() + '\\n你好 \\n')"
        asked = {"path": "out.txt", "stdin": "a\n", "message": ""}
        for more, status in [
            ({"expect": "a\n你好", "contains": []}, "pass"),
            ({"expect": "b", "contains": []}, "fail"),
            ({"expect": None, "contains": ["a", "好"]}, "pass"),
            ({"expect": None, "contains": ["好", "a"]}, "fail"),
        ]:
            result, _ = self.run_check(main, declared("file", **asked, **more))
            self.assertEqual(result["status"], status, more)
        result, _ = self.run_check("pass", declared("file", **asked, expect="x", contains=[]))
        self.assertIn("wrote no file out.txt", result["message"])


AGENT = """
    import llm
    from llm import trace

    @trace.tool
    def look(what):
        return "seen " + what

    def agent(question, steps=5):
        said = [{"role": "user", "content": question}]
        for _ in range(steps):
            try:
                text = llm.chat(said).text
            except llm.Overloaded as error:
                said.append({"role": "user", "content": f"error: {error}"})
                continue
            if text.startswith("Final"):
                return text
            said += [{"role": "assistant", "content": text}, {"role": "user", "content": look(text)}]
"""


class Behaviour(Bench):
    """Checks on what an agent does."""

    def judge(self, body, main=AGENT, language="en"):
        checks = "from hacheck import *\nfrom hacheck import fault, refusal, run_program, scripted, watch\n"
        checks += "def test():\n" + textwrap.indent(textwrap.dedent(body), "    ")
        return self.run_check(main, checks, language=language)[0]

    def test_a_scripted_model_is_asked_what_the_agent_asks(self):
        result = self.judge("""
            with scripted("Action: look[x]", "Final: y") as script, watch() as trace:
                expect_equal(got=call(load("main", "agent"), "Hello"), expected="Final: y")
            trace.expect_tools(["look"])
            trace.expect_model_calls(exactly=2)
            trace.expect_steps(at_most=2)
            trace.expect_tokens(at_most=500)
            expect_equal(got=trace.stop_reason, expected="stop")
            expect_equal(got=script.messages(1), expected=[{"role": "user", "content": "Hello"}])
            expect_contains(script.text(2), "seen Action: look[x]")
        """)
        self.assertEqual(result["status"], "pass", result)

    def test_a_model_that_is_asked_too_often_ends_the_check(self):
        result = self.judge('with scripted("Action", "Action"): call(load("main", "agent"), "Hello")')
        self.assertEqual((result["status"], result["expected"], result["got"]), ("fail", "2", "3"))
        self.assertIn("asked once more", result["message"])

    def test_a_question_that_was_never_put_is_missed(self):
        result = self.judge('with scripted("Final") as script: call(load("main", "agent"), "Hello")\nscript.text(2)')
        self.assertEqual((result["status"], result["expected"], result["got"]), ("fail", "2", "1"))

    def test_what_is_not_as_expected_is_said_with_what_was(self):
        ask = 'with scripted("a", "Final"), watch() as trace: call(load("main", "agent"), "Hello")\n'
        for line, expected, got in [
            ("trace.expect_tools([])", "(none)", "look"),
            ("trace.expect_tools(['look', 'look'])", "look, look", "look"),
            ("trace.expect_model_calls(exactly=1)", "1", "2"),
            ("trace.expect_steps(at_most=1)", "1 at most", "2"),
            ("trace.expect_tokens(at_most=1)", "1 at most", None),
            ("trace.expect_recovered()", "another reply of the model", "nothing failed"),
        ]:
            result = self.judge(ask + line)
            self.assertEqual((result["status"], result["expected"]), ("fail", expected), line)
            if got is not None:
                self.assertEqual(result["got"], got, line)
        self.assertIn("预算", self.judge(ask + "trace.expect_tokens(at_most=1)", language="zh")["message"])

    def test_an_agent_that_recovers_from_a_failed_call(self):
        body = """
            with scripted("Final: y"), fault("next_call_fails"), watch() as trace:
                call(load("main", "agent"), "Hello")
            trace.expect_recovered()
        """
        self.assertEqual(self.judge(body)["status"], "pass")
        brittle = AGENT.replace("llm.Overloaded", "ZeroDivisionError")
        result = self.judge(body, brittle)
        self.assertEqual(result["status"], "error")
        self.assertIn("Overloaded", result["message"])
        self.assertNotIn("_sandbox_bridge", result["message"])

    def test_faults_change_what_the_model_says(self):
        for kind, shown in [
            ("malformed_action", "look 1"),
            ("two_actions", "look[1]\\nAction: look[1]"),
            ("slow", "look[1]"),
        ]:
            result = self.judge(f"""
                import llm
                with fault({kind!r}): expect_equal(got=llm.chat("x").text, expected="Action: {shown}")
            """)
            self.assertEqual(result["status"], "pass", result)

    def test_an_endless_model_never_says_anything_else(self):
        result = self.judge("""
            with scripted("Action: look[x]", "Final"), fault("endless"), watch() as trace:
                expect_equal(got=call(load("main", "agent"), "Hello", steps=4), expected=None)
            trace.expect_model_calls(exactly=4)
        """)
        self.assertEqual(result["status"], "pass", result)

    def test_a_whole_program_has_a_trace_too(self):
        result = self.judge("""
            ran = run_program()
            expect_equal(got=ran.output, expected="Action: look[1]\\n")
            expect_equal(got=ran.trace.tokens, expected=10)
            expect_equal(got=ran.trace.model_calls[0].at, expected={"file": "main.py", "line": 2})
        """, "import llm\nprint(llm.chat('x'))")
        self.assertEqual(result["status"], "pass", result)

    def test_streams_tool_calls_vectors_and_refusals_can_be_scripted(self):
        result = self.judge("""
            import llm
            with scripted("Hello, world", [("look", {"what": "x"})], refusal("balance"), lambda request: request["model"]):
                expect_equal(got="".join(llm.chat("x", stream=True)), expected="Hello, world")
                expect_equal(got=llm.chat("x").tool_calls[0].arguments, expected={"what": "x"})
                try:
                    llm.chat("x")
                except llm.Balance:
                    pass
                expect_equal(got=llm.chat("x", model="m").text, expected="m")
                same, other = llm.embed(["red fox", "red fox"])
                expect_equal(got=same, expected=other)
        """)
        self.assertEqual(result["status"], "pass", result)

    def test_a_fault_that_is_none_is_the_authors_mistake(self):
        self.assertIn("not your code's fault", self.judge('with fault("earthquake"): pass')["message"])


if __name__ == "__main__":
    unittest.main()
