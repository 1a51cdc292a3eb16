# SPDX-License-Identifier: Apache-2.0
"""The workloads with greenlet."""

from greenlets import WORKLOADS
from protocol import serve

serve("greenlet", "greenlet", WORKLOADS)
