# SPDX-License-Identifier: Apache-2.0
"""The workloads with asyncio on the event loop of uvloop."""

import uvloop

from workloads import serve_with

serve_with(uvloop.new_event_loop, "uvloop", "uvloop")
