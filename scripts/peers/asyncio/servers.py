# SPDX-License-Identifier: Apache-2.0
"""The servers with asyncio, on any event loop: a connection is an asyncio.Protocol."""

import sys
from asyncio import Protocol, StreamReader, StreamReaderProtocol, create_task, gather, get_running_loop
from functools import partial
from time import perf_counter_ns as now

from protocol import Total, failure, tell
from serving import (
    BACKLOG, HOST, compute, delay_of, number_in, number_of, page_for, reply_of, reply_to, request_for, take_message,
)
from timers import sleep_until


class Echo(Protocol):
    """A connection that sends back what comes, and receives no more while the client does not."""

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.transport.write(data)

    def pause_writing(self):
        self.transport.pause_reading()

    def resume_writing(self):
        self.transport.resume_reading()


class Page(Protocol):
    """A connection that gets the page."""

    def connection_made(self, transport):
        self.transport = transport
        self.received = bytearray()

    def data_received(self, data):
        self.received += data
        while message := take_message(self.received):
            self.transport.write(page_for(message))


class Number(Protocol):
    """A connection whose requests a coroutine function answers, one after another."""

    def __init__(self, answer):
        self.answer = answer
        self.received = bytearray()
        self.task = None

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.received += data
        if self.task is None:
            self.task = create_task(self.answer_all())

    async def answer_all(self):
        while message := take_message(self.received):
            reply = reply_to(await self.answer(number_in(message)))
            if not self.transport.is_closing():
                self.transport.write(reply)
        self.task = None


class Request(Protocol):
    """A connection to a back end, for one request at a time."""

    def __init__(self):
        self.received = bytearray()
        self.reply = None

    def connection_made(self, transport):
        self.transport = transport

    async def ask(self, number):
        self.reply = get_running_loop().create_future()
        self.transport.write(request_for(number))
        return await self.reply

    def data_received(self, data):
        self.received += data
        message = take_message(self.received)
        if message and not self.reply.done():  # It is done if its task was cancelled.
            self.reply.set_result(number_of(message))


class Back:
    """A back end, and the connections to it that are idle."""

    def __init__(self, port):
        self.port = port
        self.idle = []

    async def ask(self, number):
        if self.idle:
            connection = self.idle.pop()
        else:
            _, connection = await get_running_loop().create_connection(Request, HOST, self.port)
        reply = await connection.ask(number)
        self.idle.append(connection)
        return reply


async def answer_back(back, mean, number):
    await sleep_until(now() + int(delay_of(number, back, mean) * 1e9))
    return reply_of(number, back)


async def answer_front(backs, number):
    return sum(await gather(*[back.ask(number) for back in backs])) % 2**64


async def listen(protocol):
    """The port on which connections get a protocol of their own."""
    server = await get_running_loop().create_server(protocol, HOST, 0, backlog=BACKLOG)
    return server.sockets[0].getsockname()[1]


async def serve_echo(**_):
    return {"port": await listen(Echo)}


async def serve_pages(**_):
    return {"port": await listen(Page)}


async def serve_fan_out(fan_out, delay, **_):
    ports = [await listen(partial(Number, partial(answer_back, back, delay))) for back in range(fan_out)]
    return {"port": await listen(partial(Number, partial(answer_front, [Back(port) for port in ports])))}


async def run_hogs(hogs, work, **_):
    finished = Total()
    begin = now()
    await gather(*[hog(work, finished) for _ in range(hogs)])
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


async def host(commands, parameters):
    """Does what the lines of standard input say, until it ends."""
    async for line in await standard_input():
        try:
            tell(await commands[line.decode().strip()](**parameters))
        except Exception as error:
            tell(failure(error))


async def standard_input():
    """A stream of lines."""
    reader = StreamReader()
    await get_running_loop().connect_read_pipe(lambda: StreamReaderProtocol(reader), sys.stdin)
    return reader
