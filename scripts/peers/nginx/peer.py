#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Starts nginx as a server for http-server, and ends it with its own input. See ../README.md for the protocol."""

import ctypes
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

PAGE = "Hello, world!\n"
NGINX = shutil.which("nginx", path=os.environ.get("PATH", os.defpath) + ":/usr/sbin")
PR_SET_PDEATHSIG = 1
CONFIGURATION = """
daemon off;
master_process off;
worker_processes 1;
pid nginx.pid;
error_log stderr crit;
events {{ worker_connections 16384; }}
http {{
    access_log off;
    client_body_temp_path body;
    proxy_temp_path proxy;
    fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi;
    scgi_temp_path scgi;
    default_type text/plain;
    keepalive_requests 1000000000;
    keepalive_timeout 1h;
    server {{
        listen 127.0.0.1:{port} reuseport;
        location = / {{ return 200 "{page}"; }}
    }}
}}
"""


def announce():
    """What this program says about itself."""
    printed = subprocess.run([NGINX, "-v"], stderr=subprocess.PIPE, text=True, check=True).stderr
    version = printed.strip().rpartition("/")[2]
    return {"protocol": 1, "name": "nginx", "version": f"nginx {version}", "workloads": ["http-server"]}


def reserve_port():
    """A socket bound to a free port: nginx cannot choose one itself, but it can share one."""
    reserved = socket.socket()
    reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    reserved.bind(("127.0.0.1", 0))
    return reserved


def start(port, folder):
    """nginx, in a folder of its own."""
    with open(os.path.join(folder, "nginx.conf"), "w", encoding="ascii") as file:
        file.write(CONFIGURATION.format(port=port, page=PAGE.replace("\n", "\\n")))
    return subprocess.Popen(
        [NGINX, "-p", folder, "-c", "nginx.conf", "-e", "stderr"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        preexec_fn=die_with_parent,
    )


def die_with_parent():
    """Has the kernel kill this process when its parent ends, however it ends."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def wait_for_page(server, port):
    """Waits until the server replies."""
    deadline = time.monotonic() + 10
    while server.poll() is None and time.monotonic() < deadline:
        try:
            return check_page(port)
        except ConnectionRefusedError:
            time.sleep(0.01)
    raise OSError("nginx does not listen")


def check_page(port):
    """Requests the page."""
    client = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    client.request("GET", "/")
    text = client.getresponse().read().decode()
    client.close()
    if text != PAGE:
        raise ValueError("nginx sends another page")


def serve():
    """Answers the line `listen`, and serves until the input ends."""
    if sys.stdin.readline() != "listen\n":
        raise ValueError("the line is not understood")
    with tempfile.TemporaryDirectory() as folder, reserve_port() as reserved:
        port = reserved.getsockname()[1]
        server = start(port, folder)
        wait_for_page(server, port)
    # From here on nginx needs no file: nothing is left over, even if this program is killed.
    print(json.dumps({"port": port, "pid": server.pid}), flush=True)
    sys.stdin.read()
    server.kill()
    server.wait()


def main():
    """Does what the arguments say."""
    if sys.argv[1:] == ["announce"]:
        print(json.dumps(announce()))
    elif sys.argv[1:2] == ["http-server"]:
        try:
            serve()
        except (OSError, ValueError, http.client.HTTPException) as error:
            print(json.dumps({"error": f"{type(error).__name__}: {error}"}), flush=True)
            sys.exit(1)
    else:
        sys.exit("usage: peer announce | peer http-server NAME=VALUE ...")


main()
