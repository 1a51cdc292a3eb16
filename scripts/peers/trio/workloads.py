# SPDX-License-Identifier: Apache-2.0
"""The workloads with trio: a task is a trio task in a nursery, which joins it.

A channel is a memory channel of capacity 0, which is a rendezvous.
"""

from time import perf_counter_ns as now

from trio import Event, open_memory_channel, open_nursery
from trio.lowlevel import checkpoint
from trio.testing import wait_all_tasks_blocked

from protocol import Total, resident, resident_without_garbage, subtrees


async def ping_pong(messages):
    to_peer, from_here = open_memory_channel(0)
    to_here, from_peer = open_memory_channel(0)
    async with open_nursery() as nursery:
        nursery.start_soon(return_incremented, messages, from_here, to_here)
        await wait_all_tasks_blocked()
        begin = now()
        counter = 0
        for _ in range(messages):
            await to_peer.send(counter)
            counter = await from_peer.receive()
        nanoseconds = now() - begin
    return nanoseconds, counter


async def return_incremented(messages, incoming, outgoing):
    for _ in range(messages):
        await outgoing.send(await incoming.receive() + 1)


async def yield_(tasklets, yields):
    gate, yielded = Event(), Total()
    async with open_nursery() as nursery:
        for _ in range(tasklets):
            nursery.start_soon(yield_repeatedly, yields, gate, yielded)
        await wait_all_tasks_blocked()
        begin = now()
        gate.set()
    return now() - begin, yielded.value


async def yield_repeatedly(yields, gate, yielded):
    await gate.wait()
    count = 0
    while count < yields:
        await checkpoint()
        count += 1
    yielded.value += count


async def ring(nodes, hops):
    links, made = [open_memory_channel(0) for _ in range(nodes)], Total()
    to_finish, finish = open_memory_channel(0)
    async with open_nursery() as nursery:
        for node in range(nodes):
            nursery.start_soon(pass_token, node, links, to_finish, made)
        await wait_all_tasks_blocked()
        begin = now()
        await links[0][0].send(hops)
        last_holder = await finish.receive()
        nanoseconds = now() - begin
        for sender, _ in links:
            await sender.send(-1)
    return nanoseconds, made.value * nodes + last_holder


async def pass_token(node, links, finish, made):
    incoming, outgoing = links[node][1], links[(node + 1) % len(links)][0]
    hops = 0
    while (remaining := await incoming.receive()) >= 0:
        if remaining == 0:
            await finish.send(node)
        else:
            hops += 1
            await outgoing.send(remaining - 1)
    made.value += hops


async def spawn_join(count):
    numbers = Total()
    begin = now()
    for number in range(count):
        async with open_nursery() as nursery:
            nursery.start_soon(leaf, number, numbers)
    return now() - begin, numbers.value


async def skynet(leaves, fan_out):
    total = Total()
    begin = now()
    async with open_nursery() as nursery:
        spawn_subtree(nursery, 0, leaves, fan_out, total)
    return now() - begin, total.value


def spawn_subtree(nursery, first, leaves, fan_out, total):
    if leaves > 1:
        nursery.start_soon(node, first, leaves, fan_out, total)
    else:
        nursery.start_soon(leaf, first, total)


async def node(first, leaves, fan_out, total):
    own = Total()
    async with open_nursery() as nursery:
        for start, size in subtrees(first, leaves, fan_out):
            spawn_subtree(nursery, start, size, fan_out, own)
    total.value += own.value


async def leaf(number, total):
    total.value += number


async def parked(count):
    sender, receiver = open_memory_channel(0)
    received = Total()
    before = resident_without_garbage()
    async with open_nursery() as nursery:
        for _ in range(count):
            nursery.start_soon(receive_one, receiver, received)
        await wait_all_tasks_blocked()
        size = resident() - before
        for number in range(count):
            await sender.send(number)
    return size, received.value


async def receive_one(receiver, received):
    number = await receiver.receive()
    received.value += number


WORKLOADS = {
    "ping-pong": ping_pong,
    "yield": yield_,
    "ring": ring,
    "spawn-join": spawn_join,
    "skynet": skynet,
    "parked": parked,
}
