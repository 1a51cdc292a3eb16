# SPDX-License-Identifier: Apache-2.0
"""The workloads of the peers on greenlets, whose `runtime` says what a task, a channel and a gate are."""

from time import perf_counter_ns as now

from protocol import Total, resident, resident_without_garbage, subtrees
from runtime import Channel, Gate, join, open_gate, schedule, spawn


def ping_pong(messages):
    there, back = Channel(), Channel()
    peer = spawn(return_incremented, messages, there, back)
    schedule()  # until the peer waits
    begin = now()
    counter = 0
    for _ in range(messages):
        there.put(counter)
        counter = back.get()
    nanoseconds = now() - begin
    join(peer)
    return nanoseconds, counter


def return_incremented(messages, there, back):
    for _ in range(messages):
        back.put(there.get() + 1)


def yield_(tasklets, yields):
    gate, yielded = Gate(), Total()
    started = [spawn(yield_repeatedly, yields, gate, yielded) for _ in range(tasklets)]
    schedule()  # until all wait
    begin = now()
    open_gate(gate)
    for task in started:
        join(task)
    return now() - begin, yielded.value


def yield_repeatedly(yields, gate, yielded):
    gate.wait()
    count = 0
    while count < yields:
        schedule()
        count += 1
    yielded.value += count


def ring(nodes, hops):
    links, finish, made = [Channel() for _ in range(nodes)], Channel(), Total()
    started = [spawn(pass_token, node, links, finish, made) for node in range(nodes)]
    schedule()  # until all wait
    begin = now()
    links[0].put(hops)
    last_holder = finish.get()
    nanoseconds = now() - begin
    for link in links:
        link.put(-1)
    for task in started:
        join(task)
    return nanoseconds, made.value * nodes + last_holder


def pass_token(node, links, finish, made):
    incoming, outgoing = links[node], links[(node + 1) % len(links)]
    hops = 0
    while (remaining := incoming.get()) >= 0:
        if remaining == 0:
            finish.put(node)
        else:
            hops += 1
            outgoing.put(remaining - 1)
    made.value += hops


def spawn_join(count):
    numbers = Total()
    begin = now()
    for number in range(count):
        join(spawn(leaf, number, numbers))
    return now() - begin, numbers.value


def skynet(leaves, fan_out):
    total = Total()
    begin = now()
    join(spawn_subtree(0, leaves, fan_out, total))
    return now() - begin, total.value


def spawn_subtree(first, leaves, fan_out, total):
    if leaves > 1:
        return spawn(node, first, leaves, fan_out, total)
    return spawn(leaf, first, total)


def node(first, leaves, fan_out, total):
    own = Total()
    children = [spawn_subtree(start, size, fan_out, own) for start, size in subtrees(first, leaves, fan_out)]
    for child in children:
        join(child)
    total.value += own.value


def leaf(number, total):
    total.value += number


def parked(count):
    gate, received, finished = Channel(), Total(), Total()
    before = resident_without_garbage()
    for _ in range(count):
        spawn(receive_one, gate, received, finished)
    schedule()  # until all wait
    size = resident() - before
    for number in range(count):
        gate.put(number)
    while finished.value < count:
        schedule()
    return size, received.value


def receive_one(gate, received, finished):
    number = gate.get()
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
