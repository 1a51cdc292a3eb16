# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# Shared by the build scripts of the peers in Python, which source it and call build_peer.

shared=$(dirname "${BASH_SOURCE[0]}")

# Builds a peer from its folder's peer.py and the shared code.
#
# $1 and $2 name the interpreter and its package, $3 and $4 a module and its package, $5 is the argument of `build`, and
# the rest are further files that the peer imports.
build_peer() {
    local interpreter=$1 module=$3 request=$5 files=("$shared/protocol.py" "${@:6}") version
    command -v "$interpreter" >/dev/null || { echo "$interpreter is missing: install $2" >&2; exit 3; }
    if ! version=$("$interpreter" "$shared/protocol.py" "$module" 2>/dev/null); then
        echo "the module $module of $interpreter is missing: install $4" >&2
        exit 3
    fi
    # The line also tells when the shared code changes, which is not in the peer's folder.
    if [ "$request" = --version ]; then
        echo "$version, shared code $(cat "${files[@]}" | cksum | cut -d ' ' -f 1)"
    else
        install_peer "$interpreter" "$request"
    fi
}

# Copies the files, and writes the program, which becomes the interpreter.
install_peer() {
    local python
    python=$("$1" -c 'import sys; print(sys.executable)')
    cp "${files[@]}" "$(dirname "$0")/peer.py" "$2"
    # shellcheck disable=SC2016  # for the shell of the program
    printf '#!/bin/sh\nexec %q "${0%%/*}/peer.py" "$@"\n' "$python" >"$2/peer"
    chmod +x "$2/peer"
}
