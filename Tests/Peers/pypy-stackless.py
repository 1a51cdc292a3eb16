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

MAIN = 0


class Failure(Exception):
    """An error raised by the program, identified by its number."""

    @property
    def number(self):
        # PyPy wraps an error that is sent in another one of its class.
        return self.args[0].number if isinstance(self.args[0], Failure) else self.args[0]


class Repairs:
    """Restores state that PyPy leaves inconsistent and that does not affect the semantics."""

    @staticmethod
    def new_program():
        """Forgets the tasklets left over from the last program."""
        stackless._init()
        stackless._run_calls.clear()

    @staticmethod
    def turn_queue():
        """Rotates the queue so that the current tasklet is first.

        After t.run(), and in main after an error, it is not. The circular order stays the same.
        """
        stackless._squeue.rotate(-stackless._squeue.index(stackless.getcurrent()))

    @staticmethod
    def after_error():
        """Forgets that main is inside run(): an error has ended it."""
        stackless._run_calls.clear()

    @staticmethod
    def killed(tasklet):
        """Forgets that a killed tasklet waits."""
        tasklet.blocked = 0

    @staticmethod
    def waiting(channel):
        """The waiters, without killed ones, which PyPy drops only when it next encounters them."""
        return [tasklet for tasklet in channel.queue if not tasklet._tasklet_killed]

    @staticmethod
    def balance(channel):
        """The balance, without killed waiters."""
        waiting = len(Repairs.waiting(channel))
        return waiting if channel.balance > 0 else -waiting


class Run:
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

    def perform(self, me, number, step):
        Repairs.turn_queue()
        verb, *operands = step
        operands = [int(operand) for operand in operands]
        try:
            result = getattr(self, "do_" + verb)(me, number, *operands)
        except (Failure, TaskletExit) as error:
            if me != MAIN:
                raise
            result = f"failed {error.number}" if isinstance(error, Failure) else "exit"
        self.note(f"{me}.{number} {' '.join(step)}: {result}")

    def do_schedule(self, me, number):
        stackless.schedule()
        return "done"

    def do_park(self, me, number):
        stackless.schedule_remove()
        return "done"

    def do_send(self, me, number, channel):
        return self.act(me, channel, +1, lambda channel: channel.send(me * 100 + number))

    def do_fail(self, me, number, channel):
        return self.act(me, channel, +1, lambda channel: channel.send_exception(Failure, me * 100 + number))

    def do_exit(self, me, number, channel):
        return self.act(me, channel, +1, lambda channel: channel.send_exception(TaskletExit, ""))

    def do_sequence(self, me, number, channel, count):
        def values():
            for value in range(count):
                Repairs.turn_queue()
                yield me * 10000 + number * 100 + value

        return self.act(me, channel, +1, lambda channel: channel.send_sequence(values()))

    def do_receive(self, me, number, channel):
        try:
            return self.act(me, channel, -1, lambda channel: channel.receive())
        except Failure as failure:
            return f"caught {failure.number}"
        except TaskletExit:
            if me in self.killers:
                raise
            return "caught exit"

    def do_take(self, me, number, channel):
        """Receives, and lets errors pass if they may go uncaught."""
        try:
            return self.act(me, channel, -1, lambda channel: channel.receive())
        except Failure as failure:
            if self.may_fail():
                raise
            return f"caught {failure.number}"

    def do_drain(self, me, number, channel):
        """Serves up to six waiters, one after another."""
        results = []
        while Repairs.balance(self.channels[channel]) and len(results) < 6:
            step = self.do_receive if Repairs.balance(self.channels[channel]) > 0 else self.do_send
            results.append(step(me, number, channel))
        return ", ".join(str(result) for result in results)

    def act(self, me, index, direction, action):
        Repairs.turn_queue()
        channel = self.channels[index]
        would_block = Repairs.balance(channel) * direction >= 0
        if would_block and (channel.closing or me == MAIN and stackless.getruncount() == 1):
            return "skipped"
        value = action(channel)
        return "done" if value is None else value

    def do_prefer(self, me, number, channel, preference):
        self.channels[channel].preference = preference
        return "done"

    def do_all(self, me, number, channel, schedules_all):
        self.channels[channel].schedule_all = bool(schedules_all)
        return "done"

    def do_close(self, me, number, channel):
        self.channels[channel].close()
        return "done"

    def do_open(self, me, number, channel):
        self.channels[channel].open()
        return "done"

    def do_spawn(self, me, number, index):
        self.spawn(index)
        return "done"

    def do_pause(self, me, number, index):
        self.spawn(index)
        self.tasklets[index].remove()
        return "done"

    def do_doom(self, me, number, index):
        """Kills a new tasklet before it has run."""
        if not self.may_kill(me):
            return "skipped"
        self.spawn(index)
        self.killers[index] = me
        self.tasklets[index].kill()
        return "done"

    def spawn(self, index):
        tasklet = stackless.tasklet(self.body)
        self.tasklets[index] = tasklet
        tasklet(index)

    def do_insert(self, me, number, index):
        if not self.may_handle(index) or self.is_runnable(index):
            return "skipped"
        return self.attempt(self.tasklets[index].insert)

    def do_run(self, me, number, index):
        if not self.may_handle(index) or self.is_runnable(index):
            return "skipped"
        return self.attempt(self.tasklets[index].run)

    def do_remove(self, me, number, index):
        if not self.may_handle(index):
            return "skipped"
        return self.attempt(self.tasklets[index].remove)

    def may_handle(self, index):
        return index in self.tasklets and index != MAIN and index not in self.runners

    @staticmethod
    def attempt(action):
        """Acts on another tasklet, and returns the reason for a refusal."""
        try:
            action()
            return "done"
        except RuntimeError as error:
            for word in ("blocked", "dead", "current"):
                if word in str(error):
                    return f"{word} tasklet"
            raise

    def do_kill(self, me, number, index):
        if not self.may_handle(index):
            return "skipped"
        if index != me and self.tasklets[index].alive:
            is_elsewhere = self.is_runnable(index) and stackless.getruncount() > 2
            if is_elsewhere or not self.may_kill(me):
                return "skipped"
            self.killers[index] = me
        self.tasklets[index].kill()
        return "done"

    def may_kill(self, me):
        """PyPy resumes main after a victim's death, and main resumes the killer, unless main is runnable itself."""
        return me == MAIN or not self.is_runnable(MAIN)

    def do_throw(self, me, number):
        if not self.may_fail():
            return "skipped"
        raise Failure(me * 100 + number)

    def do_runall(self, me, number):
        self.runners.append(me)
        try:
            stackless.run()
        except Failure:
            Repairs.after_error()
            raise
        finally:
            self.runners.remove(me)
        return "done"


for program in sys.stdin:
    for entry in Run(program).run():
        print(entry)
    print()
