# SPDX-License-Identifier: Apache-2.0
"""What `timers` counts with in every runtime: deadlines, and how late tasks run after them."""

from random import Random
from time import perf_counter_ns as now

MILLISECOND = 1_000_000  # nanoseconds
BATCHES = 10
DELAYS = 256  # a power of two


class Sleepers:
    """Tasks that each sleep until a deadline of their own, an offset after the first."""

    def __init__(self, count, spread):
        self.offsets = [number * spread * MILLISECOND // count for number in range(count)]
        Random(1).shuffle(self.offsets)
        self.created = now()
        self.first = None
        self.early = 0
        self.lateness = []

    def set_first(self):
        """Sets the first deadline, as all wait: many times as far ahead as they took to start, so that all sleep."""
        present = now()
        self.first = present + max(10 * MILLISECOND, 10 * (present - self.created))

    def note(self, deadline):
        """Notes that a task runs whose deadline this was."""
        late = now() - deadline
        self.early += late < 0
        self.lateness.append(max(0, late))


class ArmCancel:
    """What receives cost that have a deadline and complete before it, beyond those without: batches of each, in turn.

    The machine's speed changes between batches.
    """

    def __init__(self, receives):
        self.receives = receives
        self.completed = 0
        self.difference = 0

    def sizes(self):
        """The number of receives of each kind in each batch."""
        for batch in range(BATCHES):
            yield self.receives * (batch + 1) // BATCHES - self.receives * batch // BATCHES

    def note(self, completed, with_deadlines, without):
        """Notes how many receives of a batch completed before their deadlines, and the times in nanoseconds."""
        self.completed += completed
        self.difference += with_deadlines - without

    @property
    def mean(self):
        """Nanoseconds for a deadline."""
        return self.difference / self.receives


def far_off(count, seed):
    """Delays of an hour or two, in seconds."""
    random = Random(seed)
    return [random.uniform(3_600, 7_200) for _ in range(count)]
