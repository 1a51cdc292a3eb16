# SPDX-License-Identifier: Apache-2.0
"""The well-behaved client: requests at a fixed rate, whose latencies it prints as JSON, after a line once it is connected.

Usage: good_client.py PORT SECONDS RATE

The load is an open loop: a latency counts from when the request was due, whatever delayed it. The client keeps its
connections; where the server has closed one between two requests, it opens another, and sends the request once more.
"""

import asyncio
import json
import sys
import time

CONNECTIONS = 4
PATIENCE = 10
REQUESTS = [
    (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", b"Hello, world!\n"),
    (b"GET /bytes/1000 HTTP/1.1\r\nHost: a\r\n\r\n", None),
    (b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello", b"hello"),
]


class Connection:
    def __init__(self, port):
        self.port = port
        self.streams = None
        self.reconnections = 0

    async def request(self, request, expected):
        is_new = self.streams is None
        try:
            return await self.exchange(request, expected)
        except (OSError, asyncio.IncompleteReadError) as error:
            self.close()
            if is_new or getattr(error, "partial", b""):
                raise
            # Closed by the server since the last reply, which it may do.
            self.reconnections += 1
            return await self.exchange(request, expected)

    async def open(self):
        self.streams = await asyncio.open_connection("127.0.0.1", self.port)

    async def exchange(self, request, expected):
        if self.streams is None:
            await self.open()
        reader, writer = self.streams
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200 "):
            raise ValueError(f"the reply was {head[:100]!r}")
        body = await self.body(reader, head.lower())
        if expected is not None and body != expected or expected is None and len(body) != 1000:
            raise ValueError(f"the body was {body[:100]!r}")
        if b"connection: close" in head.lower():
            self.close()

    @staticmethod
    async def body(reader, head):
        if b"transfer-encoding: chunked" not in head:
            length = head.split(b"content-length:")[1].split(b"\r\n")[0]
            return await reader.readexactly(int(length))
        body = b""
        while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
            body += await reader.readexactly(size)
            await reader.readexactly(2)
        await reader.readuntil(b"\r\n")
        return body

    def close(self):
        if self.streams:
            self.streams[1].transport.abort()
        self.streams = None


class GoodClient:
    def __init__(self, port, seconds, rate):
        self.connections = [Connection(port) for _ in range(CONNECTIONS)]
        self.count = int(seconds * rate)
        self.rate = rate
        self.latencies = []
        self.failures = []

    async def run(self):
        await asyncio.gather(*(connection.open() for connection in self.connections), return_exceptions=True)
        print("connected", flush=True)
        start = time.monotonic()
        await asyncio.gather(*(self.serve(number, start) for number in range(CONNECTIONS)))

    async def serve(self, number, start):
        for index in range(number, self.count, CONNECTIONS):
            due = start + index / self.rate
            await asyncio.sleep(max(0, due - time.monotonic()))
            connection = self.connections[number]
            try:
                async with asyncio.timeout(PATIENCE):
                    await connection.request(*REQUESTS[index % len(REQUESTS)])
                self.latencies.append(time.monotonic() - due)
            except Exception as error:
                self.failures.append(f"at {due - start:.1f} s: {type(error).__name__} {error}".strip())
                connection.close()


def main():
    client = GoodClient(int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3]))
    asyncio.run(client.run())
    reconnections = sum(connection.reconnections for connection in client.connections)
    print(json.dumps({
        "latencies": client.latencies, "failures": client.failures, "reconnections": reconnections,
    }))


if __name__ == "__main__":
    main()
