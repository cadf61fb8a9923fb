"""One program as the runner sees it: its process, its pipes, its line, and what it may still say.

```text
host ── I ──▶ input ─────▶ standard input ─┐
host ◀─ o e ── gathered ◀─ outputs ────────┤ the program's process
host ◀─ n r q ─ conversations ◀─ line ─────┘ (inside/_sandbox_line.py)
```
"""

import os
import time

from _runner import terminal

_PIECE = 1 << 16
# Output leaves at once, and then again after this: a screen shows no more, and a flood of single bytes
# costs the host a few frames.
_GATHER_SECONDS = 0.004
_MOST_REPORTED = 1 << 20
# Only Python says when it waits for somebody. Another program that lives so long is taken to wait; until
# then it may have been built, or have printed and gone.
_ASKS_SECONDS = 1.5
# How long a program may wait for answers of the host, all together, without its time going on.
_MOST_WAITING_SECONDS = 600.0


class Child:
    """A process forked ahead, with the runner's ends of its pipes."""

    def __init__(self, pid, incoming, outputs):
        self.pid = pid
        self.watch = os.pidfd_open(pid)
        self.incoming = incoming
        self.outputs = outputs  # descriptor → kind of the frames
        for end in {incoming, *outputs}:
            os.set_blocking(end, False)

    def close(self):
        """Closes the runner's ends."""
        for end in {self.watch, self.incoming, *self.outputs} - {None}:
            os.close(end)


class Program:
    """A program from its job to its death."""

    def __init__(self, run, job, child, link):
        self.run = run
        self.job = job
        self.child = child
        self.link = link
        self.begun = time.monotonic()
        self._deadline = None if job.pty else self.begun + job.wall
        self._waiting_since = None
        self._waited = 0.0
        self.stopped = None  # why the runner ended it
        self.input = bytearray()
        self.input_ends = False
        self.not_before = 0.0  # when its outputs are listened to again
        is_silent = job.is_interactive and job.language != "python"
        self.asks_at = self.begun + _ASKS_SECONDS if is_silent else None  # when it is taken to wait
        self._printed = self._reported = 0

    @property
    def deadline(self):
        """When its time is over; none for a terminal. While it waits for an answer its time stands still."""
        if self._deadline is None or self._waiting_since is None:
            return self._deadline
        return self._deadline + _MOST_WAITING_SECONDS - self._waited

    def waits(self, is_asking):
        """Whether it waits for an answer from now on."""
        now = time.monotonic()
        if is_asking and self._waiting_since is None:
            self._waiting_since = now
        elif not is_asking and self._waiting_since is not None:
            waited = min(now - self._waiting_since, _MOST_WAITING_SECONDS - self._waited)
            self._waiting_since = None
            self._waited += waited
            if self._deadline is not None:
                self._deadline += waited

    def ask(self):
        """Says that it waits for input, if it is time to take it so."""
        if self.asks_at is not None and time.monotonic() >= self.asks_at:
            self.asks_at = None
            self.hear()
            self.link.send("n", self.run)

    def answered(self):
        """It has got some input, and may wait for more; not after the last."""
        if self.job.is_interactive and self.job.language != "python" and not self.input_ends:
            self.asks_at = time.monotonic() + _GATHER_SECONDS

    def feed(self):
        """Gives the program what it takes of its input now."""
        child = self.child
        try:
            while self.input:
                written = os.write(child.incoming, self.input[:_PIECE])
                del self.input[:written]
        except BlockingIOError:
            return
        except OSError:
            self.input.clear()  # it closed its input
        if self.input_ends and child.incoming is not None and not self.job.pty:
            os.close(child.incoming)
            child.incoming = None

    def hear(self):
        """Sends on what the program has printed, to the last byte that is there now."""
        for output in list(self.child.outputs):
            while not self.link.is_full and self._hear_one(output):
                pass
        self.not_before = time.monotonic() + _GATHER_SECONDS

    def drain(self):
        """The same when the program is dead, whatever already waits for the host."""
        for output in list(self.child.outputs):
            while self._hear_one(output):
                pass

    def _hear_one(self, output):
        try:
            data = os.read(output, _PIECE)
        except BlockingIOError:
            return False
        except OSError:
            data = b""  # a terminal that nobody is at any more
        kind = self.child.outputs[output]
        if not data:
            del self.child.outputs[output]
            if output != self.child.incoming:
                os.close(output)
            return False
        if self.stopped == "output":
            return True
        if not self.job.pty:
            room = self.job.output_bytes - self._printed
            if len(data) > room:
                data = data[:room]
                self.stop("output")
        self._printed += len(data)
        if data:
            self.link.send(kind, self.run, data)
        return True

    def report(self, document):
        """Sends on a document of harness code."""
        self._reported += len(document)
        if self._reported > _MOST_REPORTED:
            self.stop("reports")
        else:
            self.link.send("r", self.run, document)

    def stop(self, why):
        """The program has to end; the first reason counts."""
        if self.stopped is None:
            self.stopped = why

    def resize(self, rows, columns):
        """Gives its terminal another size."""
        if self.job.pty:
            terminal.resize(self.child.incoming, rows, columns)
