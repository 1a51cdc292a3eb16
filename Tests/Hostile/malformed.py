# SPDX-License-Identifier: Apache-2.0
"""Requests that a server must refuse or survive."""

import random

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
POST = b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"
CHUNKED = b"POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
EXPECTING = b"POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello"

BASES = [
    GET, POST, CHUNKED, EXPECTING,
    b"HEAD /bytes/100 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    b"GET /bytes/20000 HTTP/1.0\r\n\r\n",
    b"GET /delay/1?x=%00%ff HTTP/1.1\r\nHost: [::1]:80\r\nCookie: a=b; c=d\r\n\r\n",
]

# A second request that would be answered if the first one's end were mistaken.
_HIDDEN = b"GET /bytes/7 HTTP/1.1\r\nHost: smuggled\r\n\r\n"


def _with(fields, body=b""):
    return b"POST /echo HTTP/1.1\r\nHost: a\r\n" + fields + b"\r\n" + body


# Requests whose end two servers could see in different places. Each must get one answer of 400 or above, and the
# connection must close: RFC 9112, sections 5 to 7.
SMUGGLING = [
    _with(b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", b"0\r\n\r\n" + _HIDDEN),
    _with(b"Content-Length: 5\r\nContent-Length: 6\r\n", b"hello" + _HIDDEN),
    _with(b"Content-Length: 5, 6\r\n", b"hello" + _HIDDEN),
    _with(b"Content-Length: +5\r\n", b"hello" + _HIDDEN),
    _with(b"Content-Length: 0x5\r\n", b"hello" + _HIDDEN),
    _with(b"Content-Length: -1\r\n", _HIDDEN),
    _with(b"Content-Length: 18446744073709551621\r\n", b"hello" + _HIDDEN),
    _with(b"Transfer-Encoding: chunked, identity\r\n", b"0\r\n\r\n" + _HIDDEN),
    _with(b"Transfer-Encoding: xchunked\r\n", b"0\r\n\r\n" + _HIDDEN),
    _with(b"Transfer-Encoding : chunked\r\n", b"0\r\n\r\n" + _HIDDEN),
    _with(b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", b"0\r\n\r\n" + _HIDDEN),
    _with(b"X: a\r\n Content-Length: 5\r\n", b"hello" + _HIDDEN),
    _with(b"Transfer-Encoding: chunked\r\n", b"5x\r\nhello\r\n0\r\n\r\n" + _HIDDEN),
    _with(b"Transfer-Encoding: chunked\r\n", b"ffffffffffffffff5\r\nhello\r\n0\r\n\r\n" + _HIDDEN),
    _with(b"Transfer-Encoding: chunked\r\n", b"-5\r\nhello\r\n0\r\n\r\n" + _HIDDEN),
    b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n" + _HIDDEN,
    b"GET / HTTP/1.1\r\n\r\n" + _HIDDEN,
    b"GET / HTTP/1.1 \r\nHost: a\x00b\r\n\r\n" + _HIDDEN,
]


def _bit_flips(random, message):
    data = bytearray(message)
    for _ in range(random.randint(1, 8)):
        data[random.randrange(len(data))] ^= 1 << random.randrange(8)
    return bytes(data)


def _truncation(random, message):
    return message[: random.randrange(len(message))]


def _repetition(random, message):
    start = random.randrange(len(message))
    part = message[start : start + random.randint(1, 20)]
    return message[:start] + part * random.randint(2, 50) + message[start:]


def _junk(random, message):
    start = random.randrange(len(message) + 1)
    return message[:start] + random.randbytes(random.randint(1, 64)) + message[start:]


def _overlong(random, _):
    size = random.choice([5_000, 20_000, 200_000])
    long = bytes(random.choice(b"abc/ :;,=%") for _ in range(16)) * (size // 16)
    return random.choice(
        [
            b"GET /" + long.replace(b" ", b"x") + b" HTTP/1.1\r\nHost: a\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: a\r\nX: " + long + b"\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: y\r\n" * (size // 6) + b"\r\n",
            b"A" * size,
            b"\r\n" * (size // 2) + GET,
            _with(b"Transfer-Encoding: chunked\r\n", b"5;" + long + b"\r\nhello\r\n0\r\n\r\n"),
            _with(b"Transfer-Encoding: chunked\r\n", b"0\r\n" + b"X: y\r\n" * (size // 6) + b"\r\n"),
            _with(b"Content-Length: 999999999999\r\n", long),
        ]
    )


def mutated(random: random.Random) -> bytes:
    """A request that was right once."""
    message = random.choice(BASES)
    for _ in range(random.randint(1, 3)):
        mutate = random.choice([_bit_flips, _bit_flips, _truncation, _repetition, _junk, _overlong])
        message = mutate(random, message) or b"\n"
    return message
