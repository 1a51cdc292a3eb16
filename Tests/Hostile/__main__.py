# SPDX-License-Identifier: Apache-2.0
"""See DESCRIPTION."""

import argparse
import asyncio
import json
import os
import pathlib
import sys
import time

import malformed
from server import Server, kill

DESCRIPTION = """\
Uses `bench serve` as badly as a client can, on the loopback interface, beside a well-behaved client.

For each backend the server lives twice, for half of the time each: with the machine's limits, and with 64 descriptors
(`ulimit -n 64`). In each life it is attacked in all of these ways at once:

  slow readers of 64 MiB, slow writers of a byte at a time, floods of 1,000 idle connections, requests with flipped
  bits, cut off, repeated, filled with junk or over-long, smuggling attempts, resets in the middle of anything,
  hundreds of pipelined requests, and fan-outs of up to 1,000 requests of the server to itself

Meanwhile a well-behaved client sends requests at a fixed rate over four connections; its latencies count from when each
request was due. When the attackers have gone, the server's memory is compared with what it was. Then they come back,
and in the middle of that the server gets SIGTERM, with 16 requests in progress that are to be answered first.

One line per backend is printed. The exit status is 1 if

  - a server crashed, did not end after SIGTERM, or exited with another status than 0
  - the well-behaved client got a wrong reply, or none within 10 seconds
  - a smuggling attempt had an answer below 400, or more than one answer
  - a server had more memory left than --allowance allows, 30 seconds after the attackers had gone, or did not respond
  - with the machine's limits, a request in progress at SIGTERM was not answered

What the attackers do depends on --seed, and on how the server responds.
"""

BACKENDS = ["round-robin", "epoll", "dispatch", "thread-per-task", "nio", "io-uring", "swift-concurrency"]
HERE = pathlib.Path(__file__).parent
IN_PROGRESS = 16
# Seconds.
RECOVERY = 30


def options():
    parser = argparse.ArgumentParser(
        prog="scripts/hostile", description=DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--backends", default=",".join(BACKENDS), metavar="A,B", help="default: all")
    parser.add_argument("--minutes", type=float, default=1, metavar="M", help="per backend; default: 1")
    parser.add_argument("--together", action="store_true", help="all backends at the same time")
    parser.add_argument("--rate", type=float, default=50, metavar="R", help="good requests a second; default: 50")
    parser.add_argument("--scale", type=float, default=1, metavar="S", help="scales the number of attackers; default: 1")
    parser.add_argument("--seed", default="0", metavar="N", help="default: 0")
    parser.add_argument("--allowance", type=float, default=64, metavar="MIB", help="memory left; default: 64")
    chosen = parser.parse_args()
    chosen.backends = chosen.backends.split(",")
    unknown = [backend for backend in chosen.backends if backend not in BACKENDS]
    if unknown:
        parser.error(f"unknown backend '{unknown[0]}'; expected one of {', '.join(BACKENDS)}")
    if chosen.minutes <= 0 or chosen.rate <= 0 or chosen.scale <= 0:
        parser.error("--minutes, --rate and --scale must be more than 0")
    chosen.bench = os.environ.get("SWITCHYARD_BENCH", ".build/release/bench")
    return chosen


class Life:
    """One server process, from its start to its end."""

    def __init__(self, chosen, backend, descriptors):
        self.chosen = chosen
        self.name = "64 descriptors" if descriptors else "no limit"
        self.is_limited = descriptors is not None
        self.seconds = chosen.minutes * 60 / 2
        self.server = Server(chosen.bench, backend, descriptors)
        self.objections = []
        self.latencies = []
        self.attacks = {}
        self.replies = {}
        self.memory = ()
        self.reconnections = 0
        self.has_signalled = False

    async def live(self):
        try:
            await self.server.start()
            await self.be_attacked()
            if self.server.is_alive:
                await self.settle()
            await self.end()
        finally:
            self.server.kill()

    async def be_attacked(self):
        await self.good_client(1, "before the attacks")
        before = self.server.memory()
        # Connected before, since later there may be no descriptor left.
        is_connected = asyncio.Event()
        good = asyncio.create_task(self.good_client(self.seconds, "during the attacks", is_connected))
        await is_connected.wait()
        result = await self.helper("attacks.py", self.seconds, self.chosen.seed, self.chosen.scale)
        self.latencies = await good
        self.attacks = result["counts"]
        self.replies = result["replies"]
        self.objections += result["objections"]
        if self.server.is_alive:
            self.memory = (before, self.server.memory("VmHWM"))

    async def good_client(self, seconds, when, is_connected=None):
        """Returns the latencies."""
        try:
            result = await self.helper("good_client.py", seconds, self.chosen.rate, is_ready=is_connected)
        finally:
            if is_connected:
                is_connected.set()
        self.reconnections += result["reconnections"]
        failures = result["failures"]
        if failures:
            self.objections.append(
                f"{when}, {len(failures)} requests of the good client failed; the first {failures[0]}"
            )
        return result["latencies"]

    async def helper(self, script, seconds, *arguments, is_ready=None):
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-B", HERE / script, str(self.server.port), str(seconds), *map(str, arguments),
            stdout=asyncio.subprocess.PIPE, limit=1 << 26,
        )
        try:
            async with asyncio.timeout(seconds + 90):
                await process.stdout.readline()
                if is_ready:
                    is_ready.set()
                output = await process.stdout.read()
                await process.wait()
                return json.loads(output)
        finally:
            kill(process)

    async def settle(self):
        """Waits for the server to get over the attacks; then it must respond as if there had been none.

        The fan-outs that the attackers leave behind take up to ten seconds, and may hold every descriptor.
        """
        end = time.monotonic() + RECOVERY
        before, most = self.memory
        while time.monotonic() < end:
            if self.server.memory() <= before + self.chosen.allowance and await self.responds():
                break
            await asyncio.sleep(0.5)
        after = self.server.memory()
        self.memory = (before, most, after)
        if after > before + self.chosen.allowance:
            self.objections.append(f"its memory grew from {before:.0f} to {after:.0f} MiB")
        await self.good_client(1, "after the attacks")

    async def responds(self):
        try:
            async with asyncio.timeout(5):
                reader, writer = await asyncio.open_connection("127.0.0.1", self.server.port)
                writer.write(malformed.GET)
                await reader.readuntil(b"Hello, world!\n")
                writer.transport.abort()
                return True
        except (OSError, asyncio.IncompleteReadError, TimeoutError):
            return False

    async def end(self):
        """SIGTERM in the middle of everything."""
        if self.server.is_alive:
            attackers = asyncio.create_task(
                self.helper("attacks.py", 4, self.chosen.seed + " end", self.chosen.scale)
            )
            await asyncio.sleep(1)
            requests = [asyncio.create_task(self.long_request()) for _ in range(IN_PROGRESS)]
            await asyncio.sleep(1)
            self.has_signalled = True
            self.objections += await self.server.stop()
            answers = await asyncio.gather(*requests)
            lost = answers.count(False)
            if lost and not self.is_limited:
                self.objections.append(f"{lost} of {IN_PROGRESS} requests in progress at SIGTERM were not answered")
            await attackers
        else:
            self.objections += await self.server.stop()

    async def long_request(self):
        """Whether a request that lasts until after the signal was answered; nil where it did not come that far."""
        is_in_progress, writer = False, None
        try:
            async with asyncio.timeout(15):
                reader, writer = await asyncio.open_connection("127.0.0.1", self.server.port)
                writer.write(malformed.GET)
                await reader.readuntil(b"Hello, world!\n")
                writer.write(b"GET /delay/2000 HTTP/1.1\r\nHost: a\r\n\r\n")
                is_in_progress = not self.has_signalled
                return (await reader.read(1 << 16)).startswith(b"HTTP/1.1 200 ") if is_in_progress else None
        except (OSError, asyncio.IncompleteReadError, TimeoutError):
            return False if is_in_progress else None
        finally:
            if writer:
                writer.transport.abort()


def percentile(values, share):
    return sorted(values)[min(len(values) - 1, int(len(values) * share))] if values else float("nan")


def line(backend, lives):
    objections = [f"with {life.name}: {objection}" for life in lives for objection in life.objections]
    parts = []
    for life in lives:
        latencies = [1000 * latency for latency in life.latencies]
        memory = " -> ".join(f"{value:.0f}" for value in life.memory)
        parts.append(
            f"{life.name}: good client {len(latencies)} replies, p50 {percentile(latencies, 0.5):.1f} ms, "
            f"p99 {percentile(latencies, 0.99):.1f} ms, max {max(latencies, default=float('nan')):.1f} ms, "
            f"{life.reconnections} reconnections; memory {memory} MiB; {sum(life.attacks.values())} attacks"
        )
    return "; ".join([f"{backend}: {'FAILED' if objections else 'ok'}"] + parts), objections


async def attack(chosen, backend):
    lives = [Life(chosen, backend, None), Life(chosen, backend, 64)]
    for life in lives:
        if life is not lives[0]:
            life.server.port = lives[0].server.port
        try:
            await life.live()
        except Exception as error:
            life.objections.append(f"{type(error).__name__}: {error}")
        print(f"{backend}, {life.name}: {json.dumps(life.attacks | life.replies)}", file=sys.stderr)
    text, objections = line(backend, lives)
    print(text, flush=True)
    for objection in objections:
        print(f"  {objection}", flush=True)
    return not objections


async def main(chosen):
    if chosen.together:
        return await asyncio.gather(*(attack(chosen, backend) for backend in chosen.backends))
    return [await attack(chosen, backend) for backend in chosen.backends]


if __name__ == "__main__":
    sys.exit(0 if all(asyncio.run(main(options()))) else 1)
