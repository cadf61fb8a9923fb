"""Runs `print('hi')` in a new Monty session for every line on standard input."""

import sys

import pydantic_monty

with pydantic_monty.Monty() as pool:
    print("ready", flush=True)
    for line in sys.stdin:
        said = []
        with pool.checkout() as session:
            session.feed_run("print('hi')", print_callback=lambda _, text: said.append(text))
        print("hi" if "".join(said).strip() == "hi" else said, flush=True)
