"""asyncio without sockets: an event loop that waits by sleeping, or for an answer of the host.

The stock loop cannot start here because it makes a socket pair to wake itself. Only one thread
exists, so nothing else outside the loop can wake it, and waiting is sleeping until the next timer.
"""

import asyncio
import time

import _sandbox_calls
from _sandbox_limits import no_program


class _Timers:
    """Stands where the stock loop has its selector."""

    def select(self, timeout=None):
        if _sandbox_calls.is_asked():
            _sandbox_calls.take(timeout)
            return ()
        if timeout is None:
            raise RuntimeError("deadlock: every task is waiting and nothing can wake them")
        if timeout > 0:
            time.sleep(timeout)
        return ()

    def close(self):
        pass


class SandboxEventLoop(asyncio.BaseEventLoop):
    """A complete loop for tasks, timers and queues; executors run their work at once."""

    def __init__(self):
        super().__init__()
        self._selector = _Timers()

    def _process_events(self, event_list):
        pass

    def _write_to_self(self):
        pass

    def run_in_executor(self, executor, func, *args):
        future = self.create_future()
        try:
            future.set_result(func(*args))
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:
            future.set_exception(error)
        return future

    async def subprocess_exec(self, *arguments, **options):
        no_program()

    subprocess_shell = subprocess_exec

    async def shutdown_default_executor(self, timeout=None):
        pass


class _Policy(asyncio.events._AbstractEventLoopPolicy):
    _loop = None

    def get_event_loop(self):
        if self._loop is None:
            raise RuntimeError("There is no current event loop in thread 'MainThread'.")
        return self._loop

    def set_event_loop(self, loop):
        self._loop = loop

    def new_event_loop(self):
        return SandboxEventLoop()


asyncio.events._set_event_loop_policy(_Policy())
asyncio.EventLoop = asyncio.SelectorEventLoop = SandboxEventLoop
