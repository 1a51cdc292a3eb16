# SPDX-License-Identifier: Apache-2.0
"""The workloads with Twisted: a task is a coroutine that a Deferred stands for.

A channel is a DeferredQueue, a buffer without bounds: Twisted has no rendezvous.
"""

from time import perf_counter_ns as now

from twisted.internet import reactor
from twisted.internet.defer import DeferredQueue as Channel, ensureDeferred as spawn
from twisted.internet.task import cooperate, deferLater

from protocol import Total, resident, resident_without_garbage, subtrees


async def ping_pong(messages):
    there, back = Channel(), Channel()
    peer = spawn(return_incremented(messages, there, back))
    begin = now()
    counter = 0
    for _ in range(messages):
        there.put(counter)
        counter = await back.get()
    nanoseconds = now() - begin
    await peer
    return nanoseconds, counter


async def return_incremented(messages, there, back):
    for _ in range(messages):
        back.put(await there.get() + 1)


async def yield_(tasklets, yields):
    gate, yielded = Channel(), Total()
    started = [cooperate(yield_repeatedly(yields, gate, yielded)).whenDone() for _ in range(tasklets)]
    while len(gate.waiting) < tasklets:
        await deferLater(reactor, 0)
    begin = now()
    for _ in range(tasklets):
        gate.put(None)
    for task in started:
        await task
    return now() - begin, yielded.value


def yield_repeatedly(yields, gate, yielded):
    yield gate.get()
    count = 0
    while count < yields:
        yield
        count += 1
    yielded.value += count


async def ring(nodes, hops):
    links, finish, made = [Channel() for _ in range(nodes)], Channel(), Total()
    started = [spawn(pass_token(node, links, finish, made)) for node in range(nodes)]
    begin = now()
    links[0].put(hops)
    last_holder = await finish.get()
    nanoseconds = now() - begin
    for link in links:
        link.put(-1)
    for task in started:
        await task
    return nanoseconds, made.value * nodes + last_holder


async def pass_token(node, links, finish, made):
    incoming, outgoing = links[node], links[(node + 1) % len(links)]
    hops = 0
    while (remaining := await incoming.get()) >= 0:
        if remaining == 0:
            finish.put(node)
        else:
            hops += 1
            # A put calls who waits: called from here, as many calls would be nested as there are nodes.
            reactor.callLater(0, outgoing.put, remaining - 1)
    made.value += hops


async def spawn_join(count):
    numbers = Total()
    begin = now()
    for number in range(count):
        await spawn(leaf(number, numbers))
    return now() - begin, numbers.value


async def skynet(leaves, fan_out):
    total = Total()
    begin = now()
    await spawn_subtree(0, leaves, fan_out, total)
    return now() - begin, total.value


def spawn_subtree(first, leaves, fan_out, total):
    if leaves > 1:
        return spawn(node(first, leaves, fan_out, total))
    return spawn(leaf(first, total))


async def node(first, leaves, fan_out, total):
    own = Total()
    children = [spawn_subtree(start, size, fan_out, own) for start, size in subtrees(first, leaves, fan_out)]
    for child in children:
        await child
    total.value += own.value


async def leaf(number, total):
    total.value += number


async def parked(count):
    gate, received = Channel(), Total()
    before = resident_without_garbage()
    started = [spawn(receive_one(gate, received)) for _ in range(count)]
    size = resident() - before
    for number in range(count):
        gate.put(number)
    for task in started:
        await task
    return size, received.value


async def receive_one(gate, received):
    number = await gate.get()
    received.value += number


WORKLOADS = {
    "ping-pong": ping_pong,
    "yield": yield_,
    "ring": ring,
    "spawn-join": spawn_join,
    "skynet": skynet,
    "parked": parked,
}
