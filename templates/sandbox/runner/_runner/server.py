"""Serves one run after the other.

```text
idle ── R ──▶ running ── the program's process ended ──▶ x ── reset ──▶ z ── fork ahead ──▶ idle
                 └─ deadline, K, caps: everybody is killed, and the process ends ─┘
```

One thread, one `poll`: a program is forked from a process without others, and nothing here waits for a
program. Between the end of a run and the next one nothing of the program is left.
"""

import gc
import os
import select
import struct
import sys
import time

import _sandbox_line
import _sandbox_program
import _sandbox_streams
import _sandbox_told
from _runner import child, languages, library, room, terminal, walls
from _runner.ending import MemoryWatch, ending, shown_code, told
from _runner.job import Job
from _runner.link import Broken, Closed, Link
from _runner.program import Child, Program
from _runner.talk import Line

_PROTOCOL = 1
_READ, _WRITE = select.POLLIN, select.POLLOUT
_PIECE = 1 << 16
_SIZE = struct.Struct(">HH")


class Server:
    """The container's first process."""

    def __init__(self):
        walls.around_runner()
        library.load()
        _sandbox_streams.rehearse(_sandbox_program.rehearse)
        self.link = Link()
        self.line = Line()
        self.memory = MemoryWatch()
        self.page = _sandbox_told.new_page()
        self.program = None
        self.spare = None
        self.ballast = []  # descriptors that hold what a program may not write
        self.listened = {}  # descriptor → events
        self.poll = select.poll()
        # What lives now lives for ever; the collector of a program need not look at it.
        gc.collect()
        gc.freeze()
        self.levers = walls.Levers()

    def serve(self):
        """Until the host is gone."""
        try:
            self._hello()
            self._fork_ahead()
            while True:
                self.link.flush()
                self._turn()
        except Closed:
            pass
        except Broken as error:
            self._give_up(f"the host sent {error}")
        except Exception as error:
            self._give_up(f"{type(error).__name__}: {error}")
            raise
        finally:
            room.end_everybody(self._group())

    def _give_up(self, why):
        try:
            self.link.send("!", 0, why.encode("utf-8", "replace"))
            self.link.flush()
        except Closed:
            pass

    def _hello(self):
        reaped, left_nobody = room.clear_processes(0)
        state = room.reset(self.levers, reaped, left_nobody, True)
        self.link.send_json("h", 0, {
            "protocol": _PROTOCOL,
            "python": ".".join(map(str, sys.version_info[:3])),
            "languages": languages.present(),
            "shell": terminal.shell() is not None,
            "pid": os.getpid(),
            "quiet": state["quiet"],
            "reason": state["reason"],
        })

    # Waiting.

    def _turn(self):
        self._listen()
        events = dict(self.poll.poll(self._patience()))
        program = self.program
        if program is not None:
            # The end first: nothing is read from a dead program but what `_finish` drains.
            if program.child.watch in events:
                return self._finish()
            if program.deadline is not None and time.monotonic() >= program.deadline:
                self._stop("timeout")
            program.ask()
            if events.keys() & program.child.outputs.keys():
                program.hear()
            if events.get(program.child.incoming, 0) & ~_READ:
                program.feed()
            if self._is_done():
                return self._finish()
            self._converse(events)
            if program.stopped:
                room.end_everybody(self._group())
            program.waits(self.line.is_asking)
        if self.link.incoming in events:
            for kind, run, payload in self.link.receive():
                self._handle(kind, run, payload)

    def _listen(self):
        """Tells `poll` what is of interest now."""
        wanted = {self.link.incoming: _READ}
        if self.link.waits:
            wanted[self.link.outgoing] = _WRITE
        program = self.program
        if program is not None:
            wanted[program.child.watch] = _READ
            if not self.link.is_full:
                # Without a wish for bytes `poll` still tells that an output was closed.
                wish = _READ if time.monotonic() >= program.not_before else 0
                wanted.update(dict.fromkeys(program.child.outputs, wish))
                wanted.update(dict.fromkeys(self.line.open, _READ))
                if self.line.is_free:
                    wanted[self.line.listener.fileno()] = _READ
            if program.input:
                incoming = program.child.incoming
                wanted[incoming] = wanted.get(incoming, 0) | _WRITE
        for descriptor in self.listened.keys() - wanted.keys():
            self.poll.unregister(descriptor)
        for descriptor, events in wanted.items():
            if self.listened.get(descriptor) != events:
                self.poll.register(descriptor, events)
        self.listened = wanted

    def _patience(self):
        """Milliseconds until something is due."""
        program = self.program
        if program is None:
            return None
        now = time.monotonic()
        due = [program.not_before] if program.not_before > now else []
        if program.asks_at is not None:
            due.append(program.asks_at)
        if program.deadline is not None and program.stopped is None:
            due.append(program.deadline)
        # Rounded up: a moment too early would only be another turn.
        return max(0.0, min(due) - now) * 1000 + 0.5 if due else None

    # What the host says.

    def _handle(self, kind, run, payload):
        if kind == "P":
            self.link.send("p", run, payload)
            return
        program = self.program
        if kind == "R":
            if program is None:
                self._begin(run, payload)
            else:
                self._refuse(run, "busy", None)
        elif program is None or program.run != run:
            pass  # it came when the run was over
        elif kind == "I":
            program.input += payload
            program.feed()
            program.answered()
        elif kind == "E":
            program.input_ends = True
            program.asks_at = None
            program.feed()
        elif kind == "K":
            self._stop("cancelled")
        elif kind == "A":
            talk = self.line.answer(payload)
            if talk is not None:
                self.line.end(talk)
            program.waits(self.line.is_asking)
        elif kind == "T":
            program.resize(*_SIZE.unpack(payload))
        else:
            raise Broken(f"a frame of kind {kind!r}")

    def _begin(self, run, payload):
        job = Job(payload)
        try:
            process = self._terminal(job, payload) if job.pty else self._take_spare()
        except OSError as error:
            self._refuse(run, "failed", f"no process: {error}")
            self.link.send_json("z", run, {"quiet": False, "reason": str(error), "calm": False})
            return
        self.ballast = room.ballast(job)
        self.program = Program(run, job, process, self.link)
        if not job.pty:
            self.program.input += child.package(payload)
            self.program.feed()
        self.link.send("s", run)

    def _refuse(self, run, end, reason):
        self.link.send_json("x", run, {"end": end, "code": 0, "reason": reason, "micros": 0})

    # What the program says beside its output.

    def _converse(self, events):
        for descriptor in events.keys() & self.line.open.keys():
            self._listen_to(self.line.open[descriptor])
        if self.line.listener.fileno() in events:
            talk = self.line.accept()
            if talk is not None:
                self._listen_to(talk)

    def _listen_to(self, talk):
        try:
            heard = talk.hear()
        except OSError:
            self.line.end(talk)
            return
        if heard is None:
            return
        kind, document = heard
        program = self.program
        program.hear()
        if kind == _sandbox_line.CALL:
            number = self.line.asked(talk)
            self.link.send("q", program.run, struct.pack(">I", number) + document)
            return
        if kind == _sandbox_line.REPORT:
            program.report(document)
        elif kind == _sandbox_line.WAITING:
            self.link.send("n", program.run)
        self.line.end(talk)

    # The end of a program.

    def _stop(self, why):
        self.program.stop(why)
        room.end_everybody(self._group())

    def _group(self):
        process = self.program.child if self.program else self.spare
        return process.pid if process else 0

    def _finish(self):
        program, process = self.program, self.program.child
        is_done = self._is_done()
        if is_done:
            room.end_everybody(process.pid)
            status = None
        else:
            _, status = os.waitpid(process.pid, 0)
            reaped, left_nobody = room.clear_processes(process.pid)
        program.drain()
        end, code = ending(status, program.stopped, self.page, self.memory.has_struck())
        written = told(self.page)
        inside = written if program.job.shows and end != "failed" else b""
        for start in range(0, len(inside), _PIECE):
            self.link.send("i", program.run, inside[start : start + _PIECE])
        self.link.send_json("x", program.run, {
            "end": end,
            "code": code,
            "reason": written.decode() if end == "failed" else None,
            "micros": int((time.monotonic() - program.begun) * 1e6),
        })
        self.link.flush()
        if is_done:
            os.waitpid(process.pid, 0)
            reaped, left_nobody = room.clear_processes(process.pid)
        self.line.end_all()
        self._listen_to_nothing_of(process)
        process.close()
        for file in self.ballast:
            os.close(file)
        _sandbox_told.clear_page(self.page)
        self.program = None
        calm = end == "exited" and program.stopped is None
        self.link.send_json("z", program.run, room.reset(self.levers, reaped, left_nobody, calm))
        self.link.flush()
        self._fork_ahead()

    def _is_done(self):
        """Whether the program has done everything, and nobody can print any more. What says so is within
        the program's reach: one that lies is ended early, and nothing else."""
        program = self.program
        if program.child.outputs or program.stopped is not None or program.job.pty:
            return False
        return shown_code(self.page) >= _sandbox_told.DONE

    def _listen_to_nothing_of(self, process):
        for descriptor in self.listened.keys() - {self.link.incoming, self.link.outgoing}:
            self.poll.unregister(descriptor)
            del self.listened[descriptor]

    # Processes.

    def _fork_ahead(self):
        """Forks the next program's process. Without one the next run tries again."""
        try:
            self.spare = self._fork()
        except OSError:
            self.spare = None

    def _take_spare(self):
        process, self.spare = self.spare, None
        if process is None:
            return self._fork()
        if os.waitpid(process.pid, os.WNOHANG) != (0, 0):
            # Something ended it while it waited.
            process.close()
            return self._fork()
        return process

    def _fork(self):
        incoming, incoming_end = os.pipe()
        outgoing_end, outgoing = os.pipe()
        errors_end, errors = os.pipe()
        try:
            pid = walls.fork()
        except OSError:
            for end in (incoming, incoming_end, outgoing, outgoing_end, errors, errors_end):
                os.close(end)
            raise
        if pid == 0:
            child.live(incoming, outgoing, errors, self.page)
        for end in (incoming, outgoing, errors):
            os.close(end)
        return Child(pid, incoming_end, {outgoing_end: "o", errors_end: "e"})

    def _terminal(self, job, payload):
        """A process on a terminal, instead of the one that waits."""
        if self.spare is not None:
            os.kill(self.spare.pid, 9)
            os.waitpid(self.spare.pid, 0)
            self.spare.close()
            self.spare = None
        runners, shells = terminal.pair(job.pty["rows"], job.pty["columns"])
        pid = walls.fork()
        if pid == 0:
            child.live_on_terminal(shells, payload, self.page)
        os.close(shells)
        return Child(pid, runners, {runners: "o"})
