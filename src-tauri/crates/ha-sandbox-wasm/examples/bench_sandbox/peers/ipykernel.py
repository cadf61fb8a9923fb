"""Runs `print('hi')` in one warm Jupyter kernel for every line on standard input."""

import sys

from jupyter_client import KernelManager

kernel = KernelManager(kernel_name="python3")
kernel.start_kernel()
client = kernel.client()
client.start_channels()
client.wait_for_ready()
print("ready", flush=True)
for line in sys.stdin:
    said = []
    client.execute_interactive(
        "print('hi')", output_hook=lambda message: said.append(message["content"].get("text", ""))
    )
    print("hi" if "".join(said) == "hi\n" else said, flush=True)
client.stop_channels()
kernel.shutdown_kernel(now=True)
