"""Threads in a machine that has one: a thread runs to its end inside `start()`.

Programs that start, join and collect results work and print the same; programs whose threads wait
for each other cannot, and end as a deadlock.
"""

import concurrent.futures
import concurrent.futures.thread
import contextvars
import threading
import _thread


def _start(self):
    if not self._initialized:
        raise RuntimeError("thread.__init__() not called")
    if self._started.is_set():
        raise RuntimeError("threads can only be started once")
    ident = _thread.get_ident()
    starter = threading._active.get(ident)
    threading._limbo[self] = self
    if self._context is None:
        self._context = contextvars.copy_context()
    try:
        self._bootstrap_inner()
    finally:
        threading._active[ident] = starter


def _join(self, timeout=None):
    if not self._initialized:
        raise RuntimeError("Thread.__init__() not called")
    if not self._started.is_set():
        raise RuntimeError("cannot join thread before it is started")


def _is_alive(self):
    return self is threading._active.get(_thread.get_ident())


def _submit(self, fn, /, *args, **kwargs):
    if self._shutdown:
        raise RuntimeError("cannot schedule new futures after shutdown")
    future = concurrent.futures.Future()
    future.set_running_or_notify_cancel()
    try:
        future.set_result(fn(*args, **kwargs))
    except BaseException as error:
        future.set_exception(error)
    return future


threading.Thread.start = _start
threading.Thread.join = _join
threading.Thread.is_alive = _is_alive
concurrent.futures.thread.ThreadPoolExecutor.submit = _submit
