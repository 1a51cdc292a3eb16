# SPDX-License-Identifier: Apache-2.0
"""The workloads with greenlet, which has no scheduler: one of a run queue and direct switches is below.

A task is a greenlet, a channel is a rendezvous that switches from the sender to the receiver.
"""

from collections import deque
from time import perf_counter_ns as now

from greenlet import getcurrent, greenlet

from protocol import Total, resident, resident_without_garbage, serve, subtrees

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

    def send(self, value):
        if self.receivers:
            ready.append(getcurrent())
            self.receivers.popleft().switch(value)
        else:
            self.senders.append((getcurrent(), value))
            block()

    def receive(self):
        if self.senders:
            sender, value = self.senders.popleft()
            ready.append(sender)
            return value
        self.receivers.append(getcurrent())
        return block()


def ping_pong(messages):
    there, back = Channel(), Channel()
    peer = Task(return_incremented, messages, there, back)
    schedule()  # until the peer waits
    begin = now()
    counter = 0
    for _ in range(messages):
        there.send(counter)
        counter = back.receive()
    nanoseconds = now() - begin
    peer.join()
    return nanoseconds, counter


def return_incremented(messages, there, back):
    for _ in range(messages):
        back.send(there.receive() + 1)


def yield_(tasklets, yields):
    gate, yielded = Channel(), Total()
    started = [Task(yield_repeatedly, yields, gate, yielded) for _ in range(tasklets)]
    schedule()  # until all wait
    begin = now()
    ready.extend(gate.receivers)
    gate.receivers.clear()
    for task in started:
        task.join()
    return now() - begin, yielded.value


def yield_repeatedly(yields, gate, yielded):
    gate.receive()
    count = 0
    while count < yields:
        schedule()
        count += 1
    yielded.value += count


def ring(nodes, hops):
    links, finish, made = [Channel() for _ in range(nodes)], Channel(), Total()
    started = [Task(pass_token, node, links, finish, made) for node in range(nodes)]
    schedule()  # until all wait
    begin = now()
    links[0].send(hops)
    last_holder = finish.receive()
    nanoseconds = now() - begin
    for link in links:
        link.send(-1)
    for task in started:
        task.join()
    return nanoseconds, made.value * nodes + last_holder


def pass_token(node, links, finish, made):
    incoming, outgoing = links[node], links[(node + 1) % len(links)]
    hops = 0
    while (remaining := incoming.receive()) >= 0:
        if remaining == 0:
            finish.send(node)
        else:
            hops += 1
            outgoing.send(remaining - 1)
    made.value += hops


def spawn_join(count):
    numbers = Total()
    begin = now()
    for number in range(count):
        Task(leaf, number, numbers).join()
    return now() - begin, numbers.value


def skynet(leaves, fan_out):
    total = Total()
    begin = now()
    spawn_subtree(0, leaves, fan_out, total).join()
    return now() - begin, total.value


def spawn_subtree(first, leaves, fan_out, total):
    if leaves > 1:
        return Task(node, first, leaves, fan_out, total)
    return Task(leaf, first, total)


def node(first, leaves, fan_out, total):
    own = Total()
    children = [spawn_subtree(start, size, fan_out, own) for start, size in subtrees(first, leaves, fan_out)]
    for child in children:
        child.join()
    total.value += own.value


def leaf(number, total):
    total.value += number


def parked(count):
    gate, received, finished = Channel(), Total(), Total()
    before = resident_without_garbage()
    for _ in range(count):
        Task(receive_one, gate, received, finished)
    schedule()  # until all wait
    size = resident() - before
    for number in range(count):
        gate.send(number)
    while finished.value < count:
        schedule()
    return size, received.value


def receive_one(gate, received, finished):
    number = gate.receive()
    received.value += number
    finished.value += 1


WORKLOADS = {
    "ping-pong": ping_pong,
    "yield": yield_,
    "ring": ring,
    "spawn-join": spawn_join,
    "skynet": skynet,
    "parked": parked,
}

serve("greenlet", "greenlet", WORKLOADS)
