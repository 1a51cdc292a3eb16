# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# Shared by the scripts, which source it. Changes to the package's directory.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# The build options of checks and tests: both use the same debug build, and neither touches the one used for measuring.
strict=(
    --scratch-path .build-checks
    --explicit-target-dependency-import-check error
    -Xswiftc -warnings-as-errors
)
export strict

# Prints a message to standard error, apart from the results.
note() { printf '%s\n' "$*" >&2; }

# Reports an error and exits.
give_up() {
    note "$(basename "$0"): $*"
    exit 1
}

# Whether a program is installed.
have() { command -v "$1" >/dev/null 2>&1; }

# Runs a check, a command that prints its objections: $1 states what should hold, the rest is the command. A failure sets
# the script's exit status and does not stop it.
export status=0
check() {
    local objections
    if objections=$("${@:2}" 2>&1 </dev/null); then
        echo "ok: $1"
    else
        echo "FAILED: $1"
        [ -z "$objections" ] || printf '%s\n' "$objections"
        status=1
    fi
}
