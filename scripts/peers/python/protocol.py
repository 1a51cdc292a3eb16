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


def serve(name, module, workloads, perform=call):
    """Does what the program's arguments say.

    A workload takes the parameters, and returns what was measured, nanoseconds or bytes, and the answer.
    """
    if sys.argv[1:] == ["announce"]:
        announcement = {"protocol": PROTOCOL, "name": name, "version": versions(module), "workloads": list(workloads)}
        print(json.dumps(announcement))
        return
    workload = sys.argv[1]
    parameters = dict(_parameter(argument) for argument in sys.argv[2:])
    unit = "bytes" if workload == "parked" else "nanoseconds"
    for line in sys.stdin:
        try:
            reply = _run(line, unit, lambda: perform(workloads[workload], parameters))
        except Exception as error:
            reply = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(reply), flush=True)


def _parameter(argument):
    name, value = argument.split("=")
    return name.replace("-", "_"), int(value)


def _run(line, unit, perform):
    """Performs a workload as often as a line says."""
    command, times = line.split()
    if command != "run":
        raise ValueError(f"there is no command '{command}'")
    measured = 0
    answers = set()
    for _ in range(int(times)):
        amount, answer = perform()
        measured += amount
        answers.add(answer)
    if len(answers) != 1:
        raise ValueError(f"the runs have {len(answers)} different answers")
    return {unit: measured, "answer": answers.pop()}


if __name__ == "__main__":
    print(versions(*sys.argv[1:]))
