# SPDX-License-Identifier: Apache-2.0
"""What the workloads need of gevent: a task is a Greenlet, a channel is a gevent.queue.Channel, a rendezvous."""

import sys
from socket import IPPROTO_TCP, TCP_NODELAY

from gevent import Greenlet, Timeout, killall, sleep, socket, spawn
from gevent.event import Event
from gevent.fileobject import FileObject
from gevent.queue import Channel
from gevent.server import StreamServer

from serving import BACKLOG, HOST

Gate = Event
join = Greenlet.join
kill_all = killall
open_gate = Event.set
schedule = sleep  # with its default of 0, a yield


def listen(handle):
    """The port on which a function gets each connection, in a task of its own."""
    def serve(connection, _):
        connection.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
        try:
            handle(connection)
        except (ConnectionError, ValueError):
            pass  # The client is gone, or sends no HTTP.

    server = StreamServer((HOST, 0), serve, backlog=BACKLOG)
    server.start()
    return server.server_port


def connect(port):
    """A connection to a port."""
    connection = socket.create_connection((HOST, port))
    connection.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
    return connection


def standard_input():
    """The lines of standard input."""
    return FileObject(sys.stdin.fileno(), "r", closefd=False)
