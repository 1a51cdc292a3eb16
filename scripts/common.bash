# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# What the scripts share. To be sourced: makes the package's directory the current one.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# How checks and tests build: the debug build of both is the same one, and neither disturbs the build that measures.
strict=(
    --scratch-path .build-checks
    --explicit-target-dependency-import-check error
    -Xswiftc -warnings-as-errors
)
export strict

# Says something about the run, where it does not mix with results.
note() { printf '%s\n' "$*" >&2; }

# Says what is wrong and ends the script.
give_up() {
    note "$(basename "$0"): $*"
    exit 1
}

# Whether a program is to be had.
have() { command -v "$1" >/dev/null 2>&1; }
