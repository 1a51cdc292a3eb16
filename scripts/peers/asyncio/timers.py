# SPDX-License-Identifier: Apache-2.0
"""The workload `timers` with asyncio, on any event loop."""

from asyncio import Event, Queue, create_task, gather, sleep, timeout
from time import perf_counter_ns as now

from timing import DELAYS, ArmCancel, Sleepers, far_off

MILLISECOND = 0.001  # in seconds


async def timers(count, spread, cancelled):
    sleepers, gate = Sleepers(count, spread), Event()
    started = [create_task(sleep_once(sleepers, offset, gate)) for offset in sleepers.offsets]
    await sleep(0)  # until all wait
    begin = now()
    sleepers.set_first()
    gate.set()
    for task in started:
        await task
    cost = await arm_and_cancel(count, cancelled)
    return now() - begin, count - sleepers.early + cost.completed, sleepers.lateness, cost.mean


async def sleep_once(sleepers, offset, gate):
    await gate.wait()
    deadline = sleepers.first + offset
    await sleep_until(deadline)
    sleepers.note(deadline)


async def sleep_until(deadline):
    """Sleeps until a time in nanoseconds.

    uvloop counts whole milliseconds, and may wake a task too early, which then sleeps until the next.
    """
    await sleep((deadline - now()) / 1e9)
    while now() < deadline:
        await sleep(MILLISECOND)


async def arm_and_cancel(count, cancelled):
    beside = [create_task(sleep(delay)) for delay in far_off(count, seed=2)]
    await sleep(0)  # until all sleep
    cost = ArmCancel(cancelled)
    for batch, size in enumerate(cost.sizes()):
        delays = far_off(DELAYS, seed=3 + batch)
        begin = now()
        completed = await receive_before(delays, size)
        middle = now()
        await receive(size)
        cost.note(completed, middle - begin, now() - middle)
    for task in beside:
        task.cancel()
    await gather(*beside, return_exceptions=True)
    return cost


async def receive_before(delays, size):
    channel, completed = Queue(1), 0
    sender = create_task(send(channel, size))
    for number in range(size):
        async with timeout(delays[number % DELAYS]):
            completed += await channel.get() == number
    await sender
    return completed


async def receive(size):
    channel = Queue(1)
    sender = create_task(send(channel, size))
    for _ in range(size):
        await channel.get()
    await sender


async def send(channel, size):
    for number in range(size):
        await channel.put(number)
