"""Tests of the container's runner on the host's Python: `python3 -m unittest` in this folder.

The runner is started as a plain process: it says itself that this is no container of its own, touches
nobody else's processes and files, and serves frames all the same. What only a container can show is
tested with the container engine.
"""

import json
import os
import pathlib
import struct
import subprocess
import sys
import tempfile
import unittest

RUNNER = pathlib.Path(__file__).parent.parent / "runner"
for folder in ("", "inside", "common"):
    sys.path.insert(0, str(RUNNER / folder))

from _runner import filter, room  # noqa: E402
from _runner.job import Job  # noqa: E402
from _runner.link import Broken, Closed, Link  # noqa: E402


def frame(kind, run, payload=b""):
    """A frame as the host writes it."""
    return struct.pack(">IBI", 5 + len(payload), ord(kind), run) + payload


def job(source, **changes):
    """The payload of a run."""
    asked = {
        "entry": "main.py", "args": [], "stdin": "text", "wall_ms": 5000, "memory_bytes": 0, "output_bytes": 1000,
        "inspect": "nothing", "files": [{"path": "main.py", "size": len(source.encode())}],
    }
    text = json.dumps(asked | changes).encode()
    return struct.pack(">I", len(text)) + text + source.encode()


class Frames(unittest.TestCase):
    """What goes over the link."""

    def link(self):
        """A link whose other ends are in the test's hands."""
        incoming, self.to_runner = os.pipe()
        self.from_runner, outgoing = os.pipe()
        for end in (incoming, self.to_runner, self.from_runner, outgoing):
            self.addCleanup(self.close, end)
        return Link(incoming, outgoing)

    @staticmethod
    def close(end):
        try:
            os.close(end)
        except OSError:
            pass

    def test_a_frame_cut_anywhere_arrives_whole(self):
        link = self.link()
        whole = frame("I", 7, b"\x00\xffdata") + frame("K", 7)
        for byte in whole[:-1]:
            os.write(self.to_runner, bytes([byte]))
            for found in link.receive():
                self.assertEqual(found, ("I", 7, b"\x00\xffdata"))
        os.write(self.to_runner, whole[-1:])
        self.assertEqual(list(link.receive()), [("K", 7, b"")])

    def test_what_is_no_frame_is_refused(self):
        for length in (0, 4, (16 << 20) + 1, 0xFFFFFFFF):
            link = self.link()
            os.write(self.to_runner, struct.pack(">I", length) + b"Kxxxx")
            with self.assertRaises(Broken):
                list(link.receive())

    def test_a_host_that_is_gone_is_noticed_both_ways(self):
        link = self.link()
        os.close(self.to_runner)
        with self.assertRaises(Closed):
            list(link.receive())
        os.close(self.from_runner)
        link.send("o", 1, b"text")
        with self.assertRaises(Closed):
            link.flush()

    def test_a_host_that_does_not_read_is_not_waited_for(self):
        link = self.link()
        link.send("o", 1, bytes(1 << 20))
        link.flush()
        self.assertTrue(link.waits and link.is_full)


class Jobs(unittest.TestCase):
    """What a run is asked to be."""

    def test_files_are_told_apart_by_their_lengths(self):
        files = [{"path": "a.py", "size": 1}, {"path": "d/b.txt", "size": 2, "read_only": True}]
        found = Job(job("xyz", files=files, entry="a.py"))
        self.assertEqual(found.files, [("a.py", b"x", False), ("d/b.txt", b"yz", True)])
        self.assertEqual((found.source, found.modules), (b"x", {"a", "d"}))

    def test_modules_lie_beside_the_entry(self):
        files = [{"path": path, "size": 0} for path in ("checks/entry.py", "checks/part/x.py", "other.py")]
        self.assertEqual(Job(job("", files=files, entry="checks/entry.py")).modules, {"entry", "part"})


class Filter(unittest.TestCase):
    """The filter of system calls, walked through as the kernel does."""

    def decide(self, machine, number, *arguments, name=None):
        """What becomes of a call."""
        lines = filter.program(machine)
        column, own = filter._MACHINES[machine]
        data = struct.pack("<IIQ6Q", number, name or own, 0, *arguments, *[0] * (6 - len(arguments)))
        value = at = 0
        while True:
            code, yes, no, operand = lines[at]
            at += 1
            if code == 0x20:
                (value,) = struct.unpack_from("<I", data, operand)
            elif code == 0x06:
                return operand
            else:
                is_so = {0x15: value == operand, 0x35: value >= operand, 0x45: bool(value & operand)}[code]
                at += yes if is_so else no

    def test_calls_are_refused_and_allowed(self):
        allowed, refused = 0x7FFF0000, 0x00050001
        for machine, calls in {
            "x86_64": {"ptrace": 101, "write": 1, "io_uring_setup": 425, "shmget": 29, "clone": 56, "prlimit64": 302},
            "aarch64": {"ptrace": 117, "write": 64, "io_uring_setup": 425, "shmget": 194, "clone": 220, "prlimit64": 261},
        }.items():
            for name in ("ptrace", "io_uring_setup", "shmget"):
                self.assertEqual(self.decide(machine, calls[name]), refused, name)
            self.assertEqual(self.decide(machine, calls["write"], 1), allowed)
            self.assertEqual(self.decide(machine, calls["clone"], 0x01200011), allowed)
            self.assertEqual(self.decide(machine, calls["clone"], 0x10000011), refused, "a namespace of users")
            self.assertEqual(self.decide(machine, calls["prlimit64"], 0), allowed)
            self.assertEqual(self.decide(machine, calls["prlimit64"], 1), refused, "another's limits")

    def test_only_families_without_a_kernel_to_talk_to_are_left(self):
        for family, decision in {1: 0x7FFF0000, 2: 0x7FFF0000, 10: 0x7FFF0000, 16: 0x00050061, 40: 0x00050061}.items():
            self.assertEqual(self.decide("x86_64", 41, family), decision, family)

    def test_numbers_of_another_machine_end_the_program(self):
        self.assertEqual(self.decide("x86_64", 1, name=0x40000003), 0x80000000)
        self.assertEqual(self.decide("x86_64", 0x40000001), 0x00050000 | 38)

    def test_every_jump_stays_inside(self):
        for machine in ("x86_64", "aarch64"):
            lines = filter.program(machine)
            for at, (code, yes, no, _) in enumerate(lines):
                if code not in (0x20, 0x06):
                    self.assertLess(at + 1 + max(yes, no), len(lines))
            self.assertLess(len(lines), 4096)
        self.assertIsNone(filter.program("riscv64"))


class Wiping(unittest.TestCase):
    """Emptying a folder, whatever lies in it."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = os.fsencode(folder.name) + b"/inside"
        os.mkdir(self.folder)
        self.outside = os.path.join(folder.name, "outside")
        pathlib.Path(self.outside).write_text("kept")

    def wipe(self):
        """Wipes and asserts that nothing is left, and nothing outside was touched."""
        removed = room.wipe(self.folder, float("inf"))
        self.assertEqual(os.listdir(self.folder), [])
        self.assertEqual(pathlib.Path(self.outside).read_text(), "kept")
        return removed

    def test_names_and_kinds_of_files(self):
        for name in (b"-rf", b".hidden", b"\xff\xfe", b"a\nb", b"*", b"x" * 250):
            with open(os.path.join(self.folder, name), "wb"):
                pass
        os.symlink(self.outside, self.folder + b"/link")
        os.symlink("/", self.folder + b"/root")
        os.mkfifo(self.folder + b"/pipe")
        self.assertEqual(self.wipe(), 9)

    def test_folders_deeper_than_a_path_may_be_long(self):
        here = os.getcwd()
        os.chdir(self.folder)
        for _ in range(3000):
            os.mkdir("deep")
            os.chdir("deep")
        os.chdir(here)
        self.assertGreater(self.wipe(), 2999)

    def test_folders_that_nobody_may_enter(self):
        os.makedirs(self.folder + b"/a/b/c")
        for path in (b"/a/b/c", b"/a/b", b"/a"):
            os.chmod(self.folder + path, 0)
        self.wipe()

    def test_a_folder_that_takes_too_long_is_left(self):
        pathlib.Path(os.fsdecode(self.folder), "file").touch()
        self.assertIsNone(room.wipe(self.folder, 0.0))


@unittest.skipIf(sys.version_info < (3, 11), "the runner is written for the image's Python, 3.11")
class Outside(unittest.TestCase):
    """Away from a container of its own the runner hurts nobody."""

    def test_it_says_so_and_leaves_processes_and_files_alone(self):
        self.assertFalse(room.AT_HOME)
        bystander = subprocess.Popen(["sleep", "60"])
        self.addCleanup(bystander.wait)
        self.addCleanup(bystander.kill)
        with tempfile.NamedTemporaryFile() as file:
            runner = subprocess.run(
                [sys.executable, "-I", "-B", RUNNER], input=b"", stdout=subprocess.PIPE, timeout=30
            )
            self.assertTrue(os.path.exists(file.name))
        self.assertIsNone(bystander.poll())
        length, kind, run = struct.unpack_from(">IBI", runner.stdout)
        hello = json.loads(runner.stdout[9 : 4 + length])
        self.assertEqual((chr(kind), run, hello["quiet"]), ("h", 0, False))
        self.assertEqual(hello["reason"], "this is not a container of its own")


if __name__ == "__main__":
    unittest.main()
