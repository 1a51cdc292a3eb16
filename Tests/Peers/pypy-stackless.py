# SPDX-License-Identifier: Apache-2.0
"""Runs tasklet programs on PyPy's stackless.py and prints their traces.

Standard input has one program per line, in the format of Tests/TaskletsTests/Peers/PeerProgram.swift. Standard output
has its trace, one event per line, and then an empty line. PeerRun.swift is the same interpreter in Swift, method by
method.

pypy-stackless.md, beside this file, lists where PyPy differs from Stackless. Conditions in both interpreters skip the
steps that would run into most of these differences; the class Repairs makes up for the others.
"""


import sys

import stackless
from stackless import TaskletExit

sys.dont_write_bytecode = True

from pypy_steps import MAIN, Failure, Repairs, Steps


class Run(Steps):
    """One run of one program."""

    def __init__(self, line):
        header, settings, *bodies = [part.strip() for part in line.split("|")]
        self.callbacks = header.split()[1:]
        self.settings = settings.split()
        self.exits = [body.split(":")[0].split() for body in bodies]
        self.steps = [
            [step.split() for step in body.split(":")[1].replace("!", "").split(",") if step.strip()] for body in bodies
        ]
        # The tasklets inside run(), innermost last, and each victim's killer.
        self.runners = []
        self.killers = {}
        self.lines = []
        self.over = False

    def run(self):
        Repairs.new_program()
        self.tasklets = {MAIN: stackless.getmain()}
        self.channels = [self.channel(*setting.partition("*")[:2]) for setting in self.settings]
        stackless.set_channel_callback(self.on_channel if "channel" in self.callbacks else None)
        stackless.set_schedule_callback(self.on_schedule if "schedule" in self.callbacks else None)
        self.main()
        stackless.set_channel_callback(None)
        stackless.set_schedule_callback(None)
        return self.lines

    @staticmethod
    def channel(preference, schedules_all):
        channel = stackless.channel()
        channel.preference = int(preference)
        channel.schedule_all = bool(schedules_all)
        return channel

    # Logging.

    def log(self, line):
        if not self.over:
            self.lines.append(line)

    def note(self, line):
        """Logs an event and the state after it."""
        channels = " ".join(self.describe_channel(channel) for channel in self.channels)
        flags = "".join(self.flag(index) for index in range(len(self.steps)))
        self.log(f"{line} [{stackless.getruncount()} | {channels} | {flags}]")

    def describe_channel(self, channel):
        balance = Repairs.balance(channel)
        first = f":{self.index(Repairs.waiting(channel)[0])}" if balance else ""
        closed = "/" if channel.closing and not balance else "-" if channel.closing else ""
        return f"{balance}{first}{closed}"

    def flag(self, index):
        if index not in self.tasklets:
            return "."
        if index in self.runners:
            return "w"
        tasklet = self.tasklets[index]
        if not tasklet.alive and index != MAIN:
            return "d"
        if tasklet.blocked:
            return "b"
        return "r" if self.is_runnable(index) else "p"

    def index(self, tasklet):
        return next((index for index, other in self.tasklets.items() if other is tasklet), None)

    def on_channel(self, channel, tasklet, sending, will_block):
        act = "sends" if sending else "receives"
        wait = " and waits" if will_block else ""
        self.log(f"callback {self.index(tasklet)} {act} on {self.channels.index(channel)}{wait}")

    def on_schedule(self, previous, following):
        self.log(f"callback {self.index(previous)} to {self.index(following)}")

    # The beginning and end of tasklets.

    def main(self):
        try:
            for number, step in enumerate(self.steps[MAIN]):
                self.perform(MAIN, number, step)
            self.finish()
            self.note("0 end")
        except RuntimeError as error:
            self.log("0 deadlock" if self.is_deadlock(error) else f"0 {error}")
        self.over = True

    def finish(self):
        """Runs the other tasklets until none is runnable."""
        while True:
            try:
                self.do_runall(MAIN, None)
                break
            except Failure as failure:
                self.note(f"0 failed {failure.number}")

    def body(self, me):
        try:
            for number, step in enumerate(self.steps[me]):
                self.perform(me, number, step)
            self.linger(me)
            self.log(f"{me} end")
        except TaskletExit:
            self.exit(me)
        except Failure as failure:
            self.log(f"{me} fails {failure.number}")
            raise
        except RuntimeError as error:
            self.log(f"{me} deadlock" if self.is_deadlock(error) else f"{me} {error}")
            raise

    def exit(self, me):
        """What a killed tasklet does: nothing, catch the error, raise another one, or spawn."""
        Repairs.killed(self.tasklets[me])
        how, *child = self.exits[me]
        self.log(f"{me} exit {how}")
        if how == "spawn" and int(child[0]) != me:
            self.spawn(int(child[0]))
        self.linger(me)
        if how == "fail" and (self.may_fail() or self.killers.get(me) == MAIN and not self.runners):
            raise Failure(me * 100 + 99)
        if how == "die":
            raise TaskletExit()

    def linger(self, me):
        """Yields until main is out of the ring, because PyPy passes main over when a tasklet ends before it."""
        try:
            while me not in self.killers and self.is_runnable(MAIN):
                stackless.schedule()
        except TaskletExit:
            pass

    def may_fail(self):
        """PyPy raises an uncaught error in main, wherever main is, and even if another tasklet is inside run()."""
        return self.runners == [MAIN]

    @staticmethod
    def is_deadlock(error):
        return str(error) == "No runnable tasklets left."

    def is_runnable(self, index):
        return stackless._scheduler_contains(self.tasklets[index])

    def is_paused(self, index):
        return self.flag(index) == "p"

    # The steps.


for program in sys.stdin:
    for entry in Run(program).run():
        print(entry)
    print()
