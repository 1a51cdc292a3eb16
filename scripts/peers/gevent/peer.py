# SPDX-License-Identifier: Apache-2.0
"""The workloads with gevent."""

from greenlet_servers import SERVERS, host
from greenlet_timers import timers
from greenlets import WORKLOADS
from protocol import serve

serve("gevent", "gevent", WORKLOADS | {"timers": timers}, servers=SERVERS, host=host)
