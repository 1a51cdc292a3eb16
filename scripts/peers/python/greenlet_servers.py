# SPDX-License-Identifier: Apache-2.0
"""The servers of the peers on greenlets: a task for each connection, which receives and sends as if it blocked."""

from functools import partial
from time import perf_counter_ns as now

from protocol import Total, failure, tell
from runtime import connect, join, listen, sleep, spawn, standard_input
from serving import (
    PIECE, compute, delay_of, number_in, number_of, page_for, reply_of, reply_to, request_for, take_message,
)


def echo(connection):
    while data := connection.recv(PIECE):
        connection.sendall(data)


def answer_requests(answer, connection):
    """Replies to each request on a connection with what a function makes of it."""
    received = bytearray()
    while message := receive_message(connection, received):
        connection.sendall(answer(message))


def receive_message(connection, received):
    """The next message on a connection; None at its end."""
    while (message := take_message(received)) is None:
        data = connection.recv(PIECE)
        if not data:
            return None
        received += data
    return message


class Back:
    """A back end, and the connections to it that are idle."""

    def __init__(self, port):
        self.port = port
        self.idle = []

    def ask(self, number, total):
        """Adds the reply to a sum."""
        connection = self.idle.pop() if self.idle else connect(self.port)
        connection.sendall(request_for(number))
        number = number_of(receive_message(connection, bytearray()))
        self.idle.append(connection)
        total.value += number


def answer_back(back, mean, message):
    number = number_in(message)
    sleep(delay_of(number, back, mean))
    return reply_to(reply_of(number, back))


def answer_front(backs, message):
    number, total = number_in(message), Total()
    for task in [spawn(back.ask, number, total) for back in backs]:
        join(task)
    return reply_to(total.value % 2**64)


def serve_echo(**_):
    return {"port": listen(echo)}


def serve_pages(**_):
    return {"port": listen(partial(answer_requests, page_for))}


def serve_fan_out(fan_out, delay, **_):
    answers = [partial(answer_back, back, delay) for back in range(fan_out)]
    backs = [Back(listen(partial(answer_requests, answer))) for answer in answers]
    return {"port": listen(partial(answer_requests, partial(answer_front, backs)))}


def run_hogs(hogs, work, **_):
    finished = Total()
    begin = now()
    for task in [spawn(hog, work, finished) for _ in range(hogs)]:
        join(task)
    return {"nanoseconds": now() - begin, "answer": finished.value}


def hog(work, finished):
    compute(work)
    finished.value += 1


SERVERS = {
    "echo": {"listen": serve_echo},
    "http-server": {"listen": serve_pages},
    "fan-out-http": {"listen": serve_fan_out},
    "hog": {"listen": serve_echo, "run 1": run_hogs},
}


def host(commands, parameters):
    """Does what the lines of standard input say, until it ends."""
    for line in standard_input():
        try:
            tell(commands[line.strip()](**parameters))
        except Exception as error:
            tell(failure(error))
