# SPDX-License-Identifier: Apache-2.0
"""The servers with Twisted: a connection is a Protocol."""

from functools import partial
from time import perf_counter_ns as now

from twisted.internet import reactor
from twisted.internet.defer import Deferred, ensureDeferred as spawn, gatherResults
from twisted.internet.endpoints import TCP4ClientEndpoint, connectProtocol
from twisted.internet.protocol import Factory, Protocol

from protocol import Total
from serving import (
    BACKLOG, HOST, compute, delay_of, number_in, number_of, page_for, reply_of, reply_to, request_for, take_message,
)
from timers import sleep_until


class Connection(Protocol):
    """A connection that does not delay small messages."""

    def connectionMade(self):
        self.transport.setTcpNoDelay(True)


class Echo(Connection):
    """A connection that sends back what comes, and receives no more while the client does not."""

    def connectionMade(self):
        super().connectionMade()
        self.transport.registerProducer(self.transport, True)

    def dataReceived(self, data):
        self.transport.write(data)


class Page(Connection):
    """A connection that gets the page."""

    def __init__(self):
        self.received = bytearray()

    def dataReceived(self, data):
        self.received += data
        while message := take_message(self.received):
            self.transport.write(page_for(message))


class Number(Connection):
    """A connection whose requests a coroutine function answers, one after another."""

    def __init__(self, answer):
        self.answer = answer
        self.received = bytearray()
        self.is_answering = False

    def dataReceived(self, data):
        self.received += data
        if not self.is_answering:
            spawn(self.answer_all())

    async def answer_all(self):
        self.is_answering = True
        while message := take_message(self.received):
            self.transport.write(reply_to(await self.answer(number_in(message))))
        self.is_answering = False


class Request(Connection):
    """A connection to a back end, for one request at a time."""

    def __init__(self):
        self.received = bytearray()
        self.reply = None

    def ask(self, number):
        self.reply = Deferred()
        self.transport.write(request_for(number))
        return self.reply

    def dataReceived(self, data):
        self.received += data
        if message := take_message(self.received):
            self.reply.callback(number_of(message))


class Back:
    """A back end, and the connections to it that are idle."""

    def __init__(self, port):
        self.endpoint = TCP4ClientEndpoint(reactor, HOST, port)
        self.idle = []

    async def ask(self, number):
        connection = self.idle.pop() if self.idle else await connectProtocol(self.endpoint, Request())
        reply = await connection.ask(number)
        self.idle.append(connection)
        return reply


async def answer_back(back, mean, number):
    await sleep_until(now() + int(delay_of(number, back, mean) * 1e9))
    return reply_of(number, back)


async def answer_front(backs, number):
    return sum(await gatherResults([spawn(back.ask(number)) for back in backs])) % 2**64


def listen(protocol, *arguments):
    """The port on which connections get a protocol of their own."""
    factory = Factory.forProtocol(partial(protocol, *arguments))
    factory.noisy = False
    return reactor.listenTCP(0, factory, BACKLOG, HOST).getHost().port


async def serve_echo(**_):
    return {"port": listen(Echo)}


async def serve_pages(**_):
    return {"port": listen(Page)}


async def serve_fan_out(fan_out, delay, **_):
    backs = [Back(listen(Number, partial(answer_back, back, delay))) for back in range(fan_out)]
    return {"port": listen(Number, partial(answer_front, backs))}


async def run_hogs(hogs, work, **_):
    finished = Total()
    begin = now()
    await gatherResults([spawn(hog(work, finished)) for _ in range(hogs)])
    return {"nanoseconds": now() - begin, "answer": finished.value}


async def hog(work, finished):
    compute(work)
    finished.value += 1


SERVERS = {
    "echo": {"listen": serve_echo},
    "http-server": {"listen": serve_pages},
    "fan-out-http": {"listen": serve_fan_out},
    "hog": {"listen": serve_echo, "run 1": run_hogs},
}
