#!/usr/bin/env python3
"""What lumbard makes of a mat and wires that fail, each in one way, with the real programs:

    faults.py BUILD [--quick | --write]

For each row of FAULTS a mat is served and read by a lumbard of its own, all at the same time. The mat
is good, fails, and is good again. What is asked each time: that `lumbar status` says the state in
the word of the row; that a technical finding is opened and closed; that not one second of the fault
is counted as observed once it is said; and that good frames come back by themselves.

--write puts the table into docs/hardware.md, between its two marks. Without it the states must be
those of that table. --quick takes some of the rows, with short limits.
"""

import contextlib
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

import misbehave

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DOCUMENT = os.path.join(ROOT, "docs/hardware.md")
MARKS = ("<!-- faults: tests/fault/test_faults.sh --write -->\n", "<!-- end of faults -->\n")

# what happens, line, mode of the mat, the state that status says
FAULTS = [
    ("it falls silent", "TCP", "silent", "no_data"),
    ("it falls silent", "RTU", "silent", "no_data"),
    ("it answers after 3 s", "TCP", "late", "no_data"),
    ("it answers after 3 s", "RTU", "late", "no_data"),
    ("it answers just after it was given up", "TCP", "stale", "no_data"),
    ("it answers just after it was given up", "RTU", "stale", "no_data"),
    ("its answers are cut in the middle", "TCP", "cut", "no_data"),
    ("its answers are cut in the middle", "RTU", "cut", "no_data"),
    ("its checksums are wrong", "RTU", "crc", "no_data"),
    ("another unit answers", "RTU", "unit", "no_data"),
    ("it refuses every request", "TCP", "exceptions", "no_data"),
    ("it refuses every request", "RTU", "exceptions", "no_data"),
    ("it gives fewer registers than asked for", "TCP", "short", "no_data"),
    ("it sends bytes that are no Modbus", "TCP", "garbage", "no_data"),
    ("the baud rate is wrong: bytes that are no Modbus", "RTU", "garbage", "no_data"),
    ("it hangs up at each request", "TCP", "hangup", "no_data"),
    ("it is unplugged and comes back", "TCP", "unplugged", "no_data"),
    ("it is unplugged and comes back", "RTU", "unplugged", "no_data"),
    ("one frame for ever", "TCP", "frozen", "frozen"),
    ("all cells are zero", "TCP", "zeros", "zeros"),
    ("half of the mat dies", "TCP", "half", "dead"),
]
QUICK = {("TCP", "exceptions"), ("RTU", "unplugged"), ("TCP", "frozen"), ("TCP", "zeros")}
CAUSES = [("timeouts", "timeouts"), ("damaged", "integrity_errors"), ("refused", "exceptions"),
          ("port failed", "io_errors")]
GOOD = {"person", "object", "empty", "unknown"}
LIMIT_S = 180  # for anything that must come to pass: a bound, not an expectation


class Failure(Exception):
    pass


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def read_frames(lumbar, folder):
    """A minute of a person on her back, 32 x 16 cells, as the simulator has it."""
    recording = os.path.join(folder, "person.rec")
    run(lumbar, "simulate", "--plan", "rest", "--hours", "0.0167", "--rate", "5", "--surface", "bed",
        "--seed", "1", "-o", recording)
    text = run(lumbar, "record", "--frames", recording)
    return [[int(float(cell)) for cell in line.split()] for line in text.splitlines()]


class Trial:
    """One fault, one mat, one lumbard."""

    def __init__(self, build, folder, frames, fault, quick):
        self.what, self.line, self.mode, self.expected = fault
        self.quick = quick
        self.folder = os.path.join(folder, f"{self.line}-{self.mode}")
        os.mkdir(self.folder)
        self.build = build
        self.mat = misbehave.Mat(frames)
        self.port = (misbehave.Tcp(self.mat) if self.line == "TCP"
                     else misbehave.Rtu(self.mat, self.path("line")))
        self.problems = []
        self.daemon = None

    def path(self, name):
        return os.path.join(self.folder, name)

    def configure(self):
        limits = ["pipeline.gap = 1 s", "pipeline.frozen = 2 s"] if self.quick else []
        lines = ["[lumbard]", f"database = {self.path('db')}", f"status_file = {self.path('status')}",
                 "[surface bed]", "kind = bed", "driver = modbus",
                 f"modbus.profile = {ROOT}/calib/profiles/overlay-32x16.ini",
                 *self.port.settings(), *limits]
        with open(self.path("conf"), "w", encoding="ascii") as file:
            file.write("\n".join(lines) + "\n")

    def state(self):
        with contextlib.suppress(OSError, ValueError):
            with open(self.path("status"), encoding="utf-8") as file:
                return json.load(file)["surfaces"][0]["state"]
        return "nothing"

    def source(self):
        with open(self.path("status"), encoding="utf-8") as file:
            return json.load(file)["surfaces"][0]["source"]

    def cause(self, before):
        """What status counts up meanwhile, or says of the port."""
        now = self.source()
        if "cannot be opened" in (now["fault"] or ""):
            return now["fault"].rpartition(": ")[2].lower()
        counted = {word: now[key] - before[key] for word, key in CAUSES}
        word = max(counted, key=counted.get)
        return word if counted[word] else "-"

    def await_state(self, states, what):
        begun = time.monotonic()
        while (state := self.state()) not in states:
            if time.monotonic() - begun > LIMIT_S or self.daemon.poll() is not None:
                raise Failure(f"{what}: the state is {state}, not {' or '.join(sorted(states))}")
            time.sleep(0.1)
        return time.monotonic()

    def fail_mat(self):
        if self.mode == "unplugged":
            self.port.unplug()
        else:
            self.mat.mode = self.mode

    def heal_mat(self):
        if self.mode == "unplugged":
            self.port.plug()
        else:
            self.mat.mode = "good"

    def play(self):
        """Good, bad, good; what was seen when."""
        self.await_state(GOOD, "at first")
        # half a mat is known to be dead by the noise that it had for a minute
        time.sleep(0 if self.quick else 90 if self.mode == "half" else 10)
        before = self.source()
        failed = time.monotonic()
        self.fail_mat()
        said = self.await_state({self.expected}, "in the fault")
        view = run(self.build + "/lumbar", "status", "--file", self.path("status"))
        self.words = re.search(r"^bed +(\w+)", view, re.M).group(1)
        self.require(self.words == self.expected, f"lumbar status says {self.words}")
        time.sleep(1 if self.quick else 20)
        self.require(self.state() == self.expected, f"the state does not stay {self.expected}")
        self.counted = self.cause(before)
        healed = time.monotonic()
        self.heal_mat()
        back = self.await_state(GOOD, "when good again")
        time.sleep(1 if self.quick else 5)
        self.after_s, self.held_s, self.back_s = said - failed, healed - said, back - healed

    def require(self, holds, what):
        if not holds:
            self.problems.append(what)

    def check_store(self, ran_s):
        """A finding with a beginning and an end, and nothing observed in the meantime."""
        with contextlib.closing(sqlite3.connect(self.path("db"))) as db:
            findings = db.execute(
                "select (end_ns - start_ns) / 1e9, detail from event"
                " where level = 'technical' and rule = 'acquire' order by start_ns").fetchall()
            observed, technical, states, postures = db.execute(
                "select sum(observed_s), sum(technical_s),"
                " sum(person_s + object_s + empty_s + unknown_s),"
                " sum(posture_unknown_s + posture_supine_s + posture_left_s + posture_right_s"
                " + posture_prone_s + posture_edge_s + posture_empty_s) from epoch").fetchone()
        with open(self.path("log"), encoding="utf-8") as file:
            log = file.read()
        self.require(findings, "no technical finding is kept")
        self.finding_s = max((seconds for seconds, _ in findings), default=0)
        self.require(self.finding_s >= self.held_s - 1,
                     f"the finding lasts {self.finding_s:.1f} s of {self.held_s:.1f}")
        self.require(all(seconds > 0 for seconds, _ in findings), "a finding is left open")
        self.require(all(detail in log for _, detail in findings), "the log does not warn of it")
        self.require("over after" in log, "the log does not say that it is over")
        self.unknown_s = ran_s - observed
        self.require(self.unknown_s >= self.held_s - 1,
                     f"{observed:.1f} s are observed of {ran_s:.1f}, {self.held_s:.1f} of them bad")
        self.require(abs(states - observed) < 1 and postures <= observed + 1,
                     f"states of {states:.1f} s, postures of {postures:.1f} s")
        if self.expected != "no_data":
            self.require(technical >= self.held_s - 1, f"only {technical:.1f} s are technical")

    def go(self):
        try:
            self.configure()
            begun = time.monotonic()
            with open(self.path("log"), "w", encoding="utf-8") as log:
                self.daemon = subprocess.Popen(
                    [self.build + "/lumbard", "-c", self.path("conf")], stdout=log, stderr=log)
            self.play()
            self.daemon.send_signal(signal.SIGTERM)
            ran_s = time.monotonic() - begun
            code = self.daemon.wait(60)
            self.require(code == 0, f"lumbard ended with {code}")
            self.check_store(ran_s)
        except (Failure, OSError, subprocess.SubprocessError, sqlite3.Error) as failure:
            self.problems.append(str(failure))
        finally:
            self.end()

    def end(self):
        if self.daemon and self.daemon.poll() is None:
            self.daemon.kill()
            self.daemon.wait()


def table_of(trials):
    lines = ["| the mat, or its line | over | `lumbar status` | its source | after, s "
             "| the finding lasts, s | not observed, s | good again after, s |",
             "| --- | --- | --- | --- | --- | --- | --- | --- |"]
    for t in trials:
        lines.append(f"| {t.what} | {t.line} | `{t.words}` | {t.counted} | {t.after_s:.0f} | {t.finding_s:.0f} "
                     f"| {t.unknown_s:.0f} | {t.back_s:.0f} |")
    return "\n".join(lines) + "\n"


def split_document():
    with open(DOCUMENT, encoding="utf-8") as file:
        text = file.read()
    before, _, rest = text.partition(MARKS[0])
    table, _, after = rest.partition(MARKS[1])
    return before, table, after


def check_document():
    _, table, _ = split_document()
    rows = [[cell.strip(" `") for cell in line.split("|")[1:4]] for line in table.splitlines()[2:]]
    return rows == [[what, line, state] for what, line, _, state in FAULTS]


def main():
    build, flags = sys.argv[1], sys.argv[2:]
    quick, write = "--quick" in flags, "--write" in flags
    chosen = [f for f in FAULTS if not quick or (f[1], f[2]) in QUICK]
    folder = tempfile.mkdtemp(prefix="lumbar-fault-")
    frames = read_frames(build + "/lumbar", folder)
    trials = [Trial(build, folder, frames, fault, quick) for fault in chosen]

    def give_up(*_):
        for trial in trials:
            trial.end()
        shutil.rmtree(folder, ignore_errors=True)
        os._exit(1)

    signal.signal(signal.SIGTERM, give_up)
    signal.signal(signal.SIGINT, give_up)
    threads = [threading.Thread(target=trial.go) for trial in trials]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    bad = [t for t in trials if t.problems]
    for t in trials:
        name = f"{t.what}, {t.line}"
        if t.problems:
            print(f"[  FAILED  ] {name}: {'; '.join(t.problems)}")
            with contextlib.suppress(OSError), open(t.path("log"), encoding="utf-8") as log:
                print(log.read())
        else:
            print(f"[       OK ] {name}: {t.words} after {t.after_s:.0f} s, good again after "
                  f"{t.back_s:.0f} s")
    failed = bool(bad)
    if write and not failed:
        before, _, after = split_document()
        with open(DOCUMENT, "w", encoding="utf-8") as file:
            file.write(before + MARKS[0] + table_of(trials) + MARKS[1] + after)
    elif not check_document():
        print("[  FAILED  ] the states are those of docs/hardware.md: test_faults.sh --write")
        failed = True
    else:
        print("[       OK ] the states are those of docs/hardware.md")
    shutil.rmtree(folder)
    sys.exit(1 if failed else 0)


main()
