# SPDX-License-Identifier: Apache-2.0
"""What the servers of the peers in Python share: HTTP/1.1 without I/O, the numbers of `fan-out-http`, hogs' work."""

from math import log
from time import perf_counter_ns as now

HOST = "127.0.0.1"
BACKLOG = 4_096  # connections that wait to be accepted; the kernel may allow fewer
PIECE = 65_536  # bytes received at a time
MASK = (1 << 64) - 1


def take_message(received):
    """Takes the first HTTP message off a bytearray; returns its start line and body, or None if it is incomplete."""
    end = received.find(b"\r\n\r\n")
    if end < 0:
        return None
    start, *lines = bytes(received[:end]).split(b"\r\n")
    fields = {}
    for line in lines:
        name, _, value = line.partition(b":")
        fields[name.lower()] = value.strip()
    body = end + 4
    rest = body + int(fields.get(b"content-length", 0))
    if len(received) < rest:
        return None
    message = start, bytes(received[body:rest])
    del received[:rest]
    return message


def reply_with(body, status=b"200 OK"):
    """An HTTP reply."""
    return b"HTTP/1.1 %b\r\nContent-Length: %d\r\n\r\n%b" % (status, len(body), body)


def request_for(number):
    """An HTTP request for the reply to a number."""
    return b"GET /%d HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" % number


def number_in(message):
    """The number that a request asks for."""
    start, _ = message
    _, path, _ = start.split()
    return int(path[1:])


def number_of(message):
    """The number in a reply."""
    _, body = message
    return int(body)


def page_for(message):
    """The reply to a request of `http-server`."""
    start, _ = message
    method, path, _ = start.split()
    if method == b"GET" and path == b"/":
        return reply_with(b"Hello, world!\n")
    return reply_with(b"", b"404 Not Found")


def reply_to(number):
    """The HTTP reply that consists of a number."""
    return reply_with(b"%d" % number)


def next_of(seed):
    """The first number of a SplitMix64 generator."""
    mixed = (seed + 0x9E3779B97F4A7C15) & MASK
    mixed = ((mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9) & MASK
    mixed = ((mixed ^ mixed >> 27) * 0x94D049BB133111EB) & MASK
    return mixed ^ mixed >> 31


def reply_of(number, back):
    """What a back end replies to a number."""
    return next_of(number << 16 | back) >> 8


def delay_of(number, back, mean):
    """How long a back end sleeps before that, in seconds; the mean is in microseconds."""
    share = (next_of(number << 16 | back | 1 << 62) >> 11) / 2**53
    return mean * min(8, -log(1 - share)) / 1e6


def compute(milliseconds):
    """Computes for a time, and reads the clock after every 1,000 steps."""
    end = now() + milliseconds * 1_000_000
    number = 1
    while now() < end:
        for _ in range(1_000):
            number = next_of(number)
