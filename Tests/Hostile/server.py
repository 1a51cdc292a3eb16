# SPDX-License-Identifier: Apache-2.0
"""A `bench serve` process: how it is started, watched and stopped."""

import asyncio
import contextlib
import os
import re
import resource
import signal

EXIT_PATIENCE = 20


class Server:
    def __init__(self, bench, backend, descriptors=None):
        self.bench = bench
        self.backend = backend
        self.descriptors = descriptors
        self.process = None
        self.port = 0
        self.lines = []

    async def start(self):
        """Returns when it listens; restarts listen at the same port."""
        self.process = await asyncio.create_subprocess_exec(
            self.bench, "serve", "--backend", self.backend, "--port", str(self.port),
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, preexec_fn=self._limit,
        )
        line = (await asyncio.wait_for(self.process.stderr.readline(), 10)).decode()
        found = re.search(r":(\d+)/", line)
        if not found:
            raise RuntimeError(f"{self.backend} does not start: {line}")
        self.port = int(found[1])
        self.output = asyncio.gather(self._collect(self.process.stdout), self._collect(self.process.stderr))

    def _limit(self):
        if self.descriptors:
            resource.setrlimit(resource.RLIMIT_NOFILE, (self.descriptors, self.descriptors))

    async def _collect(self, stream):
        while line := await stream.readline():
            self.lines.append(line.decode(errors="replace").rstrip())

    @property
    def is_alive(self):
        return self.process.returncode is None

    def memory(self, name="VmRSS"):
        """Resident memory, or VmHWM, the most that there was of it; in MiB."""
        return self._status(name) / 1024

    def threads(self):
        return self._status("Threads")

    def _status(self, name):
        with open(f"/proc/{self.process.pid}/status") as status:
            return next(int(line.split()[1]) for line in status if line.startswith(name + ":"))

    def open_descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    async def stop(self):
        """Sends SIGTERM; returns what was wrong with the end, or nothing."""
        if self.is_alive:
            kill(self.process, signal.SIGTERM)
        try:
            status = await asyncio.wait_for(self.process.wait(), EXIT_PATIENCE)
        except TimeoutError:
            self.kill()
            await self.process.wait()
            return [f"had not ended {EXIT_PATIENCE} s after SIGTERM"]
        await self.output
        last = self.lines[-1:] if self.lines else ["and said nothing"]
        if status < 0:
            return [f"ended by {signal.Signals(-status).name}: {last[0]}"]
        return [f"exited with status {status}: {last[0]}"] if status else []

    def kill(self):
        if self.process:
            kill(self.process)


def kill(process, number=signal.SIGKILL):
    """Sends a signal to a process of our own.

    `Process.send_signal` would take the exit status away from the caller that awaits it, if the process has just ended.
    """
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, number)
