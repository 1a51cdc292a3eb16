# SPDX-License-Identifier: Apache-2.0
"""The steps of the programs that pypy-stackless.py runs; PeerRun+Steps.swift is the same in Swift."""

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


class Steps:
    """One method for each kind of step; Run, which inherits them, has the state."""

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
