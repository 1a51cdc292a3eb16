# SPDX-License-Identifier: Apache-2.0
"""A scheduler for greenlet, which has none: a run queue and direct switches.

A task is a greenlet, a channel is a rendezvous that switches from the sender to the receiver.
"""

from collections import deque

from greenlet import getcurrent, greenlet

ready = deque()


def block():
    """Switches to the next task; returns what another passes when it switches back."""
    task = ready.popleft()
    # A task that has not started is false, and cannot be switched to from here: see start_tasks.
    return task.switch() if task else STARTER.switch(task)


def schedule():
    """Yields: the calling task goes to the end of the run queue."""
    ready.append(getcurrent())
    block()


def start_tasks(task):
    """Starts a task, and then each that is switched here; goes on when one ends, as the parent of all.

    A greenlet starts where the stack of the one that starts it ends: if tasks started each other, stacks would add up.
    """
    while True:
        task = task.switch()
        if task is None:
            task = ready.popleft()


STARTER = greenlet(start_tasks)


class Task(greenlet):
    """A task, which performs a function with arguments."""

    __slots__ = ("function", "arguments", "joiner")

    def __init__(self, function, *arguments):
        super().__init__(parent=STARTER)
        self.function = function
        self.arguments = arguments
        self.joiner = None
        ready.append(self)

    def run(self):
        self.function(*self.arguments)
        if self.joiner is not None:
            ready.append(self.joiner)

    def join(self):
        if not self.dead:
            self.joiner = getcurrent()
            block()


class Channel:
    """A rendezvous: a value goes with the switch to a receiver that waits, and a sender that is first waits."""

    __slots__ = ("receivers", "senders")

    def __init__(self):
        self.receivers = deque()
        self.senders = deque()

    def put(self, value):
        if self.receivers:
            ready.append(getcurrent())
            self.receivers.popleft().switch(value)
        else:
            self.senders.append((getcurrent(), value))
            block()

    def get(self):
        if self.senders:
            sender, value = self.senders.popleft()
            ready.append(sender)
            return value
        self.receivers.append(getcurrent())
        return block()


class Gate:
    """What tasks wait for until it opens."""

    __slots__ = ("waiting",)

    def __init__(self):
        self.waiting = []

    def wait(self):
        self.waiting.append(getcurrent())
        block()

    def open(self):
        ready.extend(self.waiting)
        self.waiting.clear()


spawn = Task
join = Task.join
open_gate = Gate.open
