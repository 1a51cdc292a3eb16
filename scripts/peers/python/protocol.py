# SPDX-License-Identifier: Apache-2.0
"""What the peers in Python share: the protocol of scripts/peers/README.md, and what their workloads count with.

As a program, it imports the modules that its arguments name, and prints the versions of the interpreter and of them.
"""

import gc
import importlib
import json
import os
import platform
import sys

PROTOCOL = 1


class Total:
    """A sum that tasks add to."""

    __slots__ = ("value",)

    def __init__(self):
        self.value = 0


def subtrees(first, leaves, fan_out):
    """The first leaf and the number of leaves of each child of a node; the first children take the remainder."""
    count = min(fan_out, leaves)
    share, remainder = divmod(leaves, count)
    for child in range(count):
        size = share + 1 if child < remainder else share
        yield first, size
        first += size


def resident():
    """The resident memory in bytes."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def resident_without_garbage():
    """The resident memory in bytes, after a collection."""
    gc.collect()
    return resident()


def versions(*names):
    """The version of the interpreter, and the names of modules with their versions, as far as they have one."""
    pypy = getattr(sys, "pypy_version_info", None)
    interpreter = f"{platform.python_implementation()} {platform.python_version()}"
    found = [interpreter if pypy is None else f"PyPy {pypy.major}.{pypy.minor}.{pypy.micro}"]
    for name in names:
        version = getattr(importlib.import_module(name), "__version__", None)
        found.append(name if version is None else f"{name} {version}")
    return ", ".join(found)


def call(workload, parameters):
    """Performs a workload that is a plain function."""
    return workload(**parameters)


class Runs:
    """What the runs that a line asks for have measured together."""

    def __init__(self, unit):
        self.unit = unit
        self.measured = 0
        self.answers = []
        self.lateness = []
        self.arm_cancel = 0

    def add(self, measured, answer, lateness=(), arm_cancel=0):
        """Adds what a workload returned; the last two only of `timers`."""
        self.measured += measured
        self.answers.append(answer)
        self.lateness += lateness
        self.arm_cancel += arm_cancel

    def reply(self):
        """The answer to the line."""
        answers = set(self.answers)
        if len(answers) != 1:
            raise ValueError(f"the runs have {len(answers)} different answers")
        reply = {self.unit: self.measured, "answer": answers.pop()}
        if self.lateness:
            reply |= {"lateness": self.lateness, "arm-cancel": self.arm_cancel / len(self.answers)}
        return reply


def runs_of(workload):
    """The runs of a workload, of which there are none yet."""
    return Runs("bytes" if workload == "parked" else "nanoseconds")


def times(line):
    """How often a line says to run."""
    command, number = line.split()
    if command != "run":
        raise ValueError(f"there is no command '{command}'")
    return int(number)


def failure(error):
    """The answer to a line that failed."""
    return {"error": f"{type(error).__name__}: {error}"}


def tell(reply):
    """Writes the answer to a line."""
    print(json.dumps(reply), flush=True)


def call(workload, parameters):
    """Performs a workload that is a plain function."""
    return workload(**parameters)


def serve(name, module, workloads, perform=call, servers=(), host=None):
    """Does what the program's arguments say.

    A workload takes the parameters, and returns what was measured, nanoseconds or bytes, and the answer. A server maps
    the lines that it gets to what they do; `host` takes that and the parameters, and returns when standard input ends.
    """
    if sys.argv[1:] == ["announce"]:
        names = [*workloads, *servers]
        tell({"protocol": PROTOCOL, "name": name, "version": versions(module), "workloads": names})
        return
    workload = sys.argv[1]
    parameters = dict(_parameter(argument) for argument in sys.argv[2:])
    if workload in servers:
        host(servers[workload], parameters)
        return
    for line in sys.stdin:
        try:
            runs = runs_of(workload)
            for _ in range(times(line)):
                runs.add(*perform(workloads[workload], parameters))
            tell(runs.reply())
        except Exception as error:
            tell(failure(error))


def _parameter(argument):
    name, value = argument.split("=")
    return name.replace("-", "_"), int(value)


if __name__ == "__main__":
    print(versions(*sys.argv[1:]))
