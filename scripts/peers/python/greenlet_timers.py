# SPDX-License-Identifier: Apache-2.0
"""The workload `timers` of the peers on greenlets."""

from time import perf_counter_ns as now

from runtime import Channel, Gate, Timeout, join, kill_all, open_gate, schedule, sleep, spawn
from timing import DELAYS, ArmCancel, Sleepers, far_off


def timers(count, spread, cancelled):
    sleepers, gate = Sleepers(count, spread), Gate()
    started = [spawn(sleep_once, sleepers, offset, gate) for offset in sleepers.offsets]
    schedule()  # until all wait
    begin = now()
    sleepers.set_first()
    open_gate(gate)
    for task in started:
        join(task)
    cost = arm_and_cancel(count, cancelled)
    return now() - begin, count - sleepers.early + cost.completed, sleepers.lateness, cost.mean


def sleep_once(sleepers, offset, gate):
    gate.wait()
    deadline = sleepers.first + offset
    sleep((deadline - now()) / 1e9)
    sleepers.note(deadline)


def arm_and_cancel(count, cancelled):
    beside = [spawn(sleep, delay) for delay in far_off(count, seed=2)]
    schedule()  # until all sleep
    cost = ArmCancel(cancelled)
    for batch, size in enumerate(cost.sizes()):
        delays = far_off(DELAYS, seed=3 + batch)
        begin = now()
        completed = receive_before(delays, size)
        middle = now()
        receive(size)
        cost.note(completed, middle - begin, now() - middle)
    kill_all(beside)
    return cost


def receive_before(delays, size):
    channel, completed = Channel(), 0
    sender = spawn(send, channel, size)
    for number in range(size):
        with Timeout(delays[number % DELAYS]):
            completed += channel.get() == number
    join(sender)
    return completed


def receive(size):
    channel = Channel()
    sender = spawn(send, channel, size)
    for _ in range(size):
        channel.get()
    join(sender)


def send(channel, size):
    for number in range(size):
        channel.put(number)
