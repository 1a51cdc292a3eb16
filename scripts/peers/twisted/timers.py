# SPDX-License-Identifier: Apache-2.0
"""The workload `timers` with Twisted."""

from time import perf_counter_ns as now

from twisted.internet import reactor
from twisted.internet.defer import CancelledError, DeferredQueue as Channel, ensureDeferred as spawn
from twisted.internet.task import deferLater

from timing import DELAYS, ArmCancel, Sleepers, far_off


async def timers(count, spread, cancelled):
    sleepers, gate = Sleepers(count, spread), Channel()
    started = [spawn(sleep_once(sleepers, offset, gate)) for offset in sleepers.offsets]
    begin = now()
    sleepers.set_first()
    for _ in sleepers.offsets:
        gate.put(None)
    for task in started:
        await task
    cost = await arm_and_cancel(count, cancelled)
    return now() - begin, count - sleepers.early + cost.completed, sleepers.lateness, cost.mean


async def sleep_once(sleepers, offset, gate):
    await gate.get()
    deadline = sleepers.first + offset
    await sleep_until(deadline)
    sleepers.note(deadline)


async def sleep_until(deadline):
    """Sleeps until a time in nanoseconds, and again if the reactor's clock, that of the day, runs ahead of it."""
    while (left := deadline - now()) > 0:
        await deferLater(reactor, left / 1e9)


async def arm_and_cancel(count, cancelled):
    beside = [spawn(sleep(delay)) for delay in far_off(count, seed=2)]
    cost = ArmCancel(cancelled)
    for batch, size in enumerate(cost.sizes()):
        delays = far_off(DELAYS, seed=3 + batch)
        begin = now()
        completed = await receive_before(delays, size)
        middle = now()
        await receive(size)
        cost.note(completed, middle - begin, now() - middle)
    for task in beside:
        task.addErrback(lambda failure: failure.trap(CancelledError))
        task.cancel()
    return cost


async def sleep(delay):
    await deferLater(reactor, delay)


async def receive_before(delays, size):
    channel, completed = Channel(), 0
    sender = spawn(send(channel, size))
    for number in range(size):
        completed += await channel.get().addTimeout(delays[number % DELAYS], reactor) == number
    await sender
    return completed


async def receive(size):
    channel = Channel()
    sender = spawn(send(channel, size))
    for _ in range(size):
        await channel.get()
    await sender


async def send(channel, size):
    for number in range(size):
        await deferLater(reactor, 0)  # until the receiver waits, and the reactor has its deadline
        channel.put(number)
