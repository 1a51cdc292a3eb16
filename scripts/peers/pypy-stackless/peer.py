# SPDX-License-Identifier: Apache-2.0
"""The workloads with PyPy's module stackless: a task is a tasklet, a channel is a stackless.channel, a rendezvous.

A tasklet is joined by receiving from a channel on which it sends last.
"""

from time import perf_counter_ns as now

from stackless import channel, schedule, tasklet

from protocol import Total, resident, resident_without_garbage, serve, subtrees


def unswitched_channel():
    """A channel on which neither side switches to the other: it only makes it runnable."""
    made = channel()
    made.preference = 0
    return made


def ping_pong(messages):
    there, back = channel(), channel()
    tasklet(return_incremented)(messages, there, back)
    schedule()  # until the peer waits
    begin = now()
    counter = 0
    for _ in range(messages):
        there.send(counter)
        counter = back.receive()
    return now() - begin, counter


def return_incremented(messages, there, back):
    for _ in range(messages):
        back.send(there.receive() + 1)


def yield_(tasklets, yields):
    gate, ended, yielded = unswitched_channel(), unswitched_channel(), Total()
    for _ in range(tasklets):
        tasklet(yield_repeatedly)(yields, gate, ended, yielded)
    schedule()  # until all wait
    begin = now()
    for _ in range(tasklets):
        gate.send(None)
    for _ in range(tasklets):
        ended.receive()
    return now() - begin, yielded.value


def yield_repeatedly(yields, gate, ended, yielded):
    gate.receive()
    count = 0
    while count < yields:
        schedule()
        count += 1
    yielded.value += count
    ended.send(None)


def ring(nodes, hops):
    links, finish, ended, made = [channel() for _ in range(nodes)], channel(), unswitched_channel(), Total()
    for node in range(nodes):
        tasklet(pass_token)(node, links, finish, ended, made)
    schedule()  # until all wait
    begin = now()
    links[0].send(hops)
    last_holder = finish.receive()
    nanoseconds = now() - begin
    for link in links:
        link.send(-1)
    for _ in range(nodes):
        ended.receive()
    return nanoseconds, made.value * nodes + last_holder


def pass_token(node, links, finish, ended, made):
    incoming, outgoing = links[node], links[(node + 1) % len(links)]
    hops = 0
    while True:
        remaining = incoming.receive()
        if remaining > 0:
            hops += 1
            outgoing.send(remaining - 1)
        elif remaining == 0:
            finish.send(node)
        else:
            break
    made.value += hops
    ended.send(None)


def spawn_join(count):
    numbers, ended = Total(), unswitched_channel()
    begin = now()
    for number in range(count):
        tasklet(leaf)(number, numbers, ended)
        ended.receive()
    return now() - begin, numbers.value


def skynet(leaves, fan_out):
    total, ended = Total(), unswitched_channel()
    begin = now()
    spawn_subtree(0, leaves, fan_out, total, ended)
    ended.receive()
    return now() - begin, total.value


def spawn_subtree(first, leaves, fan_out, total, ended):
    if leaves > 1:
        tasklet(node)(first, leaves, fan_out, total, ended)
    else:
        tasklet(leaf)(first, total, ended)


def node(first, leaves, fan_out, total, ended):
    own, child_ended = Total(), unswitched_channel()
    for start, size in subtrees(first, leaves, fan_out):
        spawn_subtree(start, size, fan_out, own, child_ended)
    for _ in range(min(fan_out, leaves)):
        child_ended.receive()
    total.value += own.value
    ended.send(None)


def leaf(number, total, ended):
    total.value += number
    ended.send(None)


def parked(count):
    gate, received, finished = channel(), Total(), Total()
    before = resident_without_garbage()
    for _ in range(count):
        tasklet(receive_one)(gate, received, finished)
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

serve("pypy-stackless", "stackless", WORKLOADS)
