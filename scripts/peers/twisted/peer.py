# SPDX-License-Identifier: Apache-2.0
"""The workloads with Twisted, whose reactor also reads standard input: it runs once in a process."""

import json
from functools import partial

from twisted.internet import reactor
from twisted.internet.defer import ensureDeferred as spawn
from twisted.internet.stdio import StandardIO
from twisted.protocols.basic import LineOnlyReceiver

from protocol import failure, runs_of, serve, times
from servers import SERVERS
from timers import timers
from workloads import WORKLOADS


class Lines(LineOnlyReceiver):
    """Standard input and output: each line is answered by a coroutine function."""

    delimiter = b"\n"

    def __init__(self, answer):
        self.answer = answer

    def lineReceived(self, line):
        spawn(self.reply_to(line.decode()))

    async def reply_to(self, line):
        try:
            reply = await self.answer(line)
        except Exception as error:
            reply = failure(error)
        self.sendLine(json.dumps(reply).encode())

    def connectionLost(self, reason):
        reactor.stop()


async def run(name, workload, parameters, line):
    """Performs a workload as often as a line says."""
    runs = runs_of(name)
    for _ in range(times(line)):
        runs.add(*await workload(**parameters))
    return runs.reply()


async def obey(commands, parameters, line):
    """Does what a line tells a server."""
    return await commands[line](**parameters)


def host(answer, parameters):
    """Answers the lines of standard input, until it ends."""
    StandardIO(Lines(partial(answer, parameters)))
    reactor.run()


RUNS = {name: partial(run, name, workload) for name, workload in (WORKLOADS | {"timers": timers}).items()}
SERVES = {name: partial(obey, commands) for name, commands in SERVERS.items()}

serve("twisted", "twisted", (), servers=RUNS | SERVES, host=host)
