# SPDX-License-Identifier: Apache-2.0
"""The workloads with asyncio on its own event loop."""

import asyncio

from workloads import serve_with

serve_with(asyncio.new_event_loop, "asyncio", "asyncio")
