# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# Shared by the build scripts of the peers that are threads of the kernel, which source it and call build_peer.

shared=$(dirname "${BASH_SOURCE[0]}")

# Builds a peer from the shared program and the channel.h of its folder. $1 is the folder, and $2 the argument of `build`.
build_peer() {
    command -v cc >/dev/null || { echo "a C compiler is missing: install gcc" >&2; exit 3; }
    # The line also tells when the shared code changes, which is not in the peer's folder.
    if [ "$2" = --version ]; then
        echo "$(sed -n 1p <<<"$(cc --version)"), shared code $(cksum <"$shared/peer.c" | cut -d ' ' -f 1)"
    else
        cc -O2 -D_GNU_SOURCE -Wall -Wextra -pthread -I "$1" -o "$2/peer" "$shared/peer.c"
    fi
}
