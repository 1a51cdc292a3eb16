# SPDX-License-Identifier: Apache-2.0
"""The workloads with trio."""

from functools import partial

import trio

from protocol import serve
from servers import SERVERS, host
from timers import timers
from workloads import WORKLOADS


def perform(workload, parameters):
    return trio.run(partial(workload, **parameters))


serve(
    "trio", "trio", WORKLOADS | {"timers": timers}, perform,
    SERVERS, lambda commands, parameters: trio.run(host, commands, parameters),
)
