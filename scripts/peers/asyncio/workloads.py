# SPDX-License-Identifier: Apache-2.0
"""The workloads with asyncio, on any event loop: a task is an asyncio.Task.

A channel is an asyncio.Queue of one place, a buffer: asyncio has no rendezvous.
"""

import asyncio
from asyncio import Event, Queue, create_task, sleep
from time import perf_counter_ns as now

from protocol import Total, resident, resident_without_garbage, serve, subtrees
from servers import SERVERS, host
from timers import timers


async def ping_pong(messages):
    there, back = Queue(1), Queue(1)
    peer = create_task(return_incremented(messages, there, back))
    await sleep(0)  # until the peer waits
    begin = now()
    counter = 0
    for _ in range(messages):
        await there.put(counter)
        counter = await back.get()
    nanoseconds = now() - begin
    await peer
    return nanoseconds, counter


async def return_incremented(messages, there, back):
    for _ in range(messages):
        await back.put(await there.get() + 1)


async def yield_(tasklets, yields):
    gate, yielded = Event(), Total()
    started = [create_task(yield_repeatedly(yields, gate, yielded)) for _ in range(tasklets)]
    await sleep(0)  # until all wait
    begin = now()
    gate.set()
    for task in started:
        await task
    return now() - begin, yielded.value


async def yield_repeatedly(yields, gate, yielded):
    await gate.wait()
    count = 0
    while count < yields:
        await sleep(0)
        count += 1
    yielded.value += count


async def ring(nodes, hops):
    links, finish, made = [Queue(1) for _ in range(nodes)], Queue(1), Total()
    started = [create_task(pass_token(node, links, finish, made)) for node in range(nodes)]
    await sleep(0)  # until all wait
    begin = now()
    await links[0].put(hops)
    last_holder = await finish.get()
    nanoseconds = now() - begin
    for link in links:
        await link.put(-1)
    for task in started:
        await task
    return nanoseconds, made.value * nodes + last_holder


async def pass_token(node, links, finish, made):
    incoming, outgoing = links[node], links[(node + 1) % len(links)]
    hops = 0
    while (remaining := await incoming.get()) >= 0:
        if remaining == 0:
            await finish.put(node)
        else:
            hops += 1
            await outgoing.put(remaining - 1)
    made.value += hops


async def spawn_join(count):
    numbers = Total()
    begin = now()
    for number in range(count):
        await create_task(leaf(number, numbers))
    return now() - begin, numbers.value


async def skynet(leaves, fan_out):
    total = Total()
    begin = now()
    await spawn_subtree(0, leaves, fan_out, total)
    return now() - begin, total.value


def spawn_subtree(first, leaves, fan_out, total):
    if leaves > 1:
        return create_task(node(first, leaves, fan_out, total))
    return create_task(leaf(first, total))


async def node(first, leaves, fan_out, total):
    own = Total()
    children = [spawn_subtree(start, size, fan_out, own) for start, size in subtrees(first, leaves, fan_out)]
    for child in children:
        await child
    total.value += own.value


async def leaf(number, total):
    total.value += number


async def parked(count):
    gate, received, finished = Queue(1), Total(), Total()
    before = resident_without_garbage()
    for _ in range(count):
        create_task(receive_one(gate, received, finished))  # what it waits on refers to it
    await sleep(0)  # until all wait
    size = resident() - before
    for number in range(count):
        await gate.put(number)
    while finished.value < count:
        await sleep(0)
    return size, received.value


async def receive_one(gate, received, finished):
    number = await gate.get()
    received.value += number
    finished.value += 1


WORKLOADS = {
    "ping-pong": ping_pong,
    "yield": yield_,
    "ring": ring,
    "spawn-join": spawn_join,
    "skynet": skynet,
    "parked": parked,
    "timers": timers,
}


def serve_with(new_loop, name, module):
    """Does what the program's arguments say, on an event loop."""
    with asyncio.Runner(loop_factory=new_loop) as runner:
        serve(
            name, module, WORKLOADS, lambda workload, parameters: runner.run(workload(**parameters)),
            SERVERS, lambda commands, parameters: runner.run(host(commands, parameters)),
        )
