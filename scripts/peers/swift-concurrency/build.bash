# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# Shared by the build scripts of the peers in plain Swift, which source it and call build_peer.

# Builds a peer from the Swift files that follow the argument of `build`.
build_peer() {
    local version
    command -v swiftc >/dev/null || { echo "swiftc is missing: see https://www.swift.org/install/linux/" >&2; exit 3; }
    version=$(swiftc --version 2>/dev/null | sed -n 's/^\(Apple \)\?Swift version \([^ ]*\).*/Swift \2/p')
    # The line also tells when shared code changes, which may not be in the peer's folder.
    if [ "$1" = --version ]; then
        echo "$version, code $(cat "${BASH_SOURCE[0]}" "${@:2}" | cksum | cut -d ' ' -f 1)"
        return
    fi
    echo "extension Peer { static let version = \"$version\" }" >"$1/Version.swift"
    swiftc -O -wmo -swift-version 6 -warnings-as-errors -static-stdlib -module-name Peer -o "$1/peer" \
        "$1/Version.swift" "${@:2}"
}
