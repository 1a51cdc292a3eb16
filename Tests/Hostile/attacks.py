# SPDX-License-Identifier: Apache-2.0
"""The load that does harm: runs as a process of its own, for a time, and prints what it did as JSON, after a
line once it begins.

Usage: attacks.py PORT SECONDS SEED SCALE
"""

import asyncio
import collections
import json
import logging
import random
import resource
import socket
import struct
import sys
import time

import malformed

# How many of each kind run at the same time, before SCALE.
CONCURRENCY = {
    "slow_reader": 30,
    "slow_writer": 30,
    "idle_flood": 4,
    "mutation": 12,
    "smuggling": 2,
    "reset": 8,
    "pipelining": 4,
    "fan_out": 4,
}
FLOOD = 250


class Attacks:
    def __init__(self, port, seconds, seed):
        self.port = port
        self.end = time.monotonic() + seconds
        self.seed = seed
        self.counts = collections.Counter()
        self.replies = collections.Counter()
        self.objections = []

    async def run(self, scale):
        loops = [
            self.repeat(getattr(self, name), random.Random(f"{self.seed} {name} {number}"))
            for name, count in CONCURRENCY.items()
            for number in range(max(1, round(count * scale)))
        ]
        await asyncio.gather(*loops)

    async def repeat(self, attack, rng):
        """Attacks again and again; a connection that is refused or breaks is what an attacker has to expect."""
        while time.monotonic() < self.end:
            try:
                await asyncio.wait_for(attack(rng), 30)
                self.counts[attack.__name__] += 1
            except (OSError, EOFError, TimeoutError, asyncio.IncompleteReadError):
                self.counts[attack.__name__ + " broken"] += 1
                await self.sleep(0.1)
            await self.sleep(rng.uniform(0.005, 0.05))

    async def sleep(self, seconds):
        await asyncio.sleep(max(0, min(seconds, self.end - time.monotonic())))

    async def open(self, receive_buffer=None):
        connection = socket.socket()
        connection.setblocking(False)
        if receive_buffer:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        try:
            await asyncio.wait_for(asyncio.get_running_loop().sock_connect(connection, ("127.0.0.1", self.port)), 5)
            return await asyncio.open_connection(sock=connection, limit=1 << 16)
        except BaseException:
            connection.close()
            raise

    @staticmethod
    def reset_now(writer):
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()

    async def slow_reader(self, rng):
        """Asks for much, and reads little of it."""
        reader, writer = await self.open(receive_buffer=4096)
        try:
            writer.write(b"GET /bytes/67108864 HTTP/1.1\r\nHost: a\r\n\r\n")
            for _ in range(rng.randint(10, 60)):
                await reader.read(512)
                await self.sleep(0.1)
        finally:
            writer.transport.abort()

    async def slow_writer(self, rng):
        """Sends a request a byte at a time, and often never its end."""
        reader, writer = await self.open()
        try:
            head = rng.choice([malformed.GET, b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n"])
            for byte in head:
                writer.write(bytes([byte]))
                await self.sleep(rng.uniform(0, 0.3))
                if reader.at_eof() or writer.is_closing():
                    return
            await self.sleep(1)
        finally:
            writer.transport.abort()

    async def idle_flood(self, rng):
        """Opens connections, says nothing on most of them, and leaves them open for a while."""
        opened = []
        try:
            for _ in range(FLOOD):
                opened.append(await self.open())
                if rng.random() < 0.1:
                    opened[-1][1].write(malformed.GET)
            await self.sleep(rng.uniform(1, 5))
        finally:
            for _, writer in opened:
                writer.transport.abort()

    async def mutation(self, rng):
        """Sends a request that is no longer right, and reads what comes."""
        _, writer = await self.exchange(malformed.mutated(rng), rng.uniform(0.05, 0.5), ends=rng.random() < 0.7)
        writer.transport.abort()

    async def smuggling(self, rng):
        """Sends a request that has another one in it, which must not be answered."""
        number = rng.randrange(len(malformed.SMUGGLING))
        answer, writer = await self.exchange(malformed.SMUGGLING[number], 5)
        writer.transport.abort()
        if not answer:
            return
        status = answer.split(b" ")[1] if answer.startswith(b"HTTP/1.1 ") else b"?"
        if not b"400" <= status <= b"599" or answer.count(b"HTTP/1.1 ") != 1:
            self.objections.append(f"smuggling request {number} was answered with {answer[:200]!r}")

    async def exchange(self, request, patience, ends=False):
        reader, writer = await self.open()
        try:
            writer.write(request)
            if ends:
                writer.write_eof()
            answer = b""
            try:
                async with asyncio.timeout(patience):
                    while part := await reader.read(1 << 16):
                        answer += part
            except TimeoutError:
                pass
            return answer, writer
        except BaseException:
            writer.transport.abort()
            raise

    async def reset(self, rng):
        """Breaks off in the middle of anything."""
        reader, writer = await self.open()
        request = rng.choice(malformed.BASES + [b"GET /bytes/10000000 HTTP/1.1\r\nHost: a\r\n\r\n"])
        writer.write(request[: rng.randint(0, len(request))])
        await self.sleep(rng.uniform(0, 0.02))
        self.reset_now(writer)

    async def pipelining(self, rng):
        """Sends many requests at once; reads all replies, or goes before they come."""
        reader, writer = await self.open()
        try:
            count = rng.choice([10, 100, 1000])
            writer.write(malformed.GET * count)
            if rng.random() < 0.5:
                return self.reset_now(writer)
            for number in range(count):
                await reader.readuntil(b"Hello, world!\n")
            self.replies["pipelined"] += count
        finally:
            writer.transport.abort()

    async def fan_out(self, rng):
        """Makes the server ask itself many times, and does not always wait for the answer."""
        width = rng.choice([10, 100, 1000])
        request = b"GET /fan-out/%d HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" % width
        answer, writer = await self.exchange(request, rng.choice([0.05, 10]))
        writer.transport.abort()
        if answer:
            self.replies["fan-out " + answer.split(b" ")[1].decode("latin-1")] += 1


def raise_descriptor_limit():
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def main():
    port, seconds, seed, scale = int(sys.argv[1]), float(sys.argv[2]), sys.argv[3], float(sys.argv[4])
    raise_descriptor_limit()
    # It warns of every write to a connection that the server has closed.
    logging.getLogger("asyncio").setLevel(logging.ERROR)
    print("begun", flush=True)
    attacks = Attacks(port, seconds, seed)
    asyncio.run(attacks.run(scale))
    print(json.dumps({"counts": attacks.counts, "replies": attacks.replies, "objections": attacks.objections}))


if __name__ == "__main__":
    main()
