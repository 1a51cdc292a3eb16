# SPDX-License-Identifier: Apache-2.0
"""The workload `timers` with trio."""

from time import perf_counter_ns as now

from trio import Event, fail_after, open_memory_channel, open_nursery, sleep
from trio.testing import wait_all_tasks_blocked

from timing import DELAYS, ArmCancel, Sleepers, far_off


async def timers(count, spread, cancelled):
    sleepers, gate = Sleepers(count, spread), Event()
    async with open_nursery() as nursery:
        for offset in sleepers.offsets:
            nursery.start_soon(sleep_once, sleepers, offset, gate)
        await wait_all_tasks_blocked()
        begin = now()
        sleepers.set_first()
        gate.set()
    cost = await arm_and_cancel(count, cancelled)
    return now() - begin, count - sleepers.early + cost.completed, sleepers.lateness, cost.mean


async def sleep_once(sleepers, offset, gate):
    await gate.wait()
    deadline = sleepers.first + offset
    await sleep((deadline - now()) / 1e9)
    sleepers.note(deadline)


async def arm_and_cancel(count, cancelled):
    cost = ArmCancel(cancelled)
    async with open_nursery() as nursery:
        for delay in far_off(count, seed=2):
            nursery.start_soon(sleep, delay)
        await wait_all_tasks_blocked()
        for batch, size in enumerate(cost.sizes()):
            delays = far_off(DELAYS, seed=3 + batch)
            begin = now()
            completed = await receive_before(delays, size)
            middle = now()
            await receive(size)
            cost.note(completed, middle - begin, now() - middle)
        nursery.cancel_scope.cancel()
    return cost


async def receive_before(delays, size):
    sender, receiver = open_memory_channel(0)
    completed = 0
    async with open_nursery() as nursery:
        nursery.start_soon(send, sender, size)
        for number in range(size):
            with fail_after(delays[number % DELAYS]):
                completed += await receiver.receive() == number
    return completed


async def receive(size):
    sender, receiver = open_memory_channel(0)
    async with open_nursery() as nursery:
        nursery.start_soon(send, sender, size)
        for _ in range(size):
            await receiver.receive()


async def send(sender, size):
    for number in range(size):
        await sender.send(number)
