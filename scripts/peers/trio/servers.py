# SPDX-License-Identifier: Apache-2.0
"""The servers with trio: a task for each connection, a trio.SocketStream."""

import os
from functools import partial
from time import perf_counter_ns as now

from trio import BrokenResourceError, open_nursery, open_tcp_stream, serve_tcp, sleep
from trio.lowlevel import FdStream

from protocol import Total, failure, tell
from serving import (
    BACKLOG, HOST, PIECE, compute, delay_of, number_in, number_of, page_for, reply_of, reply_to, request_for,
    take_message,
)


async def echo(stream):
    while data := await stream.receive_some(PIECE):
        await stream.send_all(data)


async def answer_pages(stream):
    received = bytearray()
    while message := await receive_message(stream, received):
        await stream.send_all(page_for(message))


async def answer_numbers(answer, stream):
    """Replies to each number that is requested with what a function makes of it."""
    received = bytearray()
    while message := await receive_message(stream, received):
        await stream.send_all(reply_to(await answer(number_in(message))))


async def receive_message(stream, received):
    """The next message on a connection; None at its end."""
    while (message := take_message(received)) is None:
        data = await stream.receive_some(PIECE)
        if not data:
            return None
        received += data
    return message


class Back:
    """A back end, and the connections to it that are idle."""

    def __init__(self, port):
        self.port = port
        self.idle = []

    async def ask(self, number, total):
        """Adds the reply to a sum."""
        stream = self.idle.pop() if self.idle else await open_tcp_stream(HOST, self.port)
        await stream.send_all(request_for(number))
        number = number_of(await receive_message(stream, bytearray()))
        self.idle.append(stream)
        total.value += number


async def answer_back(back, mean, number):
    await sleep(delay_of(number, back, mean))
    return reply_of(number, back)


async def answer_front(backs, number):
    total = Total()
    async with open_nursery() as nursery:
        for back in backs:
            nursery.start_soon(back.ask, number, total)
    return total.value % 2**64


async def listen(nursery, handle):
    """The port on which a function gets each connection, in a task of its own."""
    async def serve(stream):
        try:
            await handle(stream)
        except (BrokenResourceError, ValueError):
            pass  # The client is gone, or sends no HTTP.

    listeners = await nursery.start(partial(serve_tcp, serve, 0, host=HOST, backlog=BACKLOG))
    return listeners[0].socket.getsockname()[1]


async def serve_echo(nursery, **_):
    return {"port": await listen(nursery, echo)}


async def serve_pages(nursery, **_):
    return {"port": await listen(nursery, answer_pages)}


async def serve_fan_out(nursery, fan_out, delay, **_):
    answers = [partial(answer_back, back, delay) for back in range(fan_out)]
    backs = [Back(await listen(nursery, partial(answer_numbers, answer))) for answer in answers]
    return {"port": await listen(nursery, partial(answer_numbers, partial(answer_front, backs)))}


async def run_hogs(_, hogs, work, **_others):
    finished = Total()
    begin = now()
    async with open_nursery() as nursery:
        for _ in range(hogs):
            nursery.start_soon(hog, work, finished)
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
    async with open_nursery() as nursery:
        async for line in standard_input():
            try:
                tell(await commands[line](nursery, **parameters))
            except Exception as error:
                tell(failure(error))
        nursery.cancel_scope.cancel()


async def standard_input():
    """The lines of standard input."""
    rest = b""
    async for piece in FdStream(os.dup(0)):
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            yield line.decode()
