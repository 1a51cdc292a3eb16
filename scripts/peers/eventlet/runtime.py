# SPDX-License-Identifier: Apache-2.0
"""What the workloads need of eventlet: a task is a GreenThread, a channel is a queue without room, a rendezvous."""

import sys
import warnings
from functools import partial
from socket import IPPROTO_TCP, TCP_NODELAY

with warnings.catch_warnings(action="ignore"):
    import eventlet  # which warns that it is deprecated
from eventlet import Timeout, sleep, spawn
from eventlet.event import Event
from eventlet.greenio import GreenPipe
from eventlet.greenthread import GreenThread
from eventlet.queue import LightQueue

from serving import BACKLOG, HOST

Channel = partial(LightQueue, 0)
Gate = Event
join = GreenThread.wait
open_gate = Event.send
schedule = sleep  # with its default of 0, a yield


def kill_all(tasks):
    """Ends tasks that wait."""
    for task in tasks:
        task.kill()


def listen(handle):
    """The port on which a function gets each connection, in a task of its own."""
    def serve(connection, _):
        connection.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
        try:
            handle(connection)
        except (ConnectionError, ValueError):
            pass  # The client is gone, or sends no HTTP.

    listener = eventlet.listen((HOST, 0), backlog=BACKLOG)
    spawn(eventlet.serve, listener, serve, concurrency=sys.maxsize)
    return listener.getsockname()[1]


def connect(port):
    """A connection to a port."""
    connection = eventlet.connect((HOST, port))
    connection.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
    return connection


def standard_input():
    """The lines of standard input."""
    return GreenPipe(sys.stdin.fileno(), "r")
