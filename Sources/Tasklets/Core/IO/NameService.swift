// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Host names to addresses.
///
/// getaddrinfo(3) blocks its thread, and is the only function that asks all that the system is configured to ask. So
/// each look-up has a thread of its own, and the tasklet waits for a one-shot value; numeric addresses are parsed at
/// once.
enum NameService {
    static func addresses(of host: String, port: Int, until deadline: Deadline) async throws -> [NetworkAddress] {
        guard (0...65_535).contains(port) else {
            throw SchedulerError(.system, "\(port) is not a port; ports are 0 to 65535")
        }
        if let addresses = try? lookUp(host, port, flags: AI_NUMERICHOST) { return addresses }
        let answer = OneShot<Result<[NetworkAddress], any Error>>()
        let failure = DetachedThread.start { answer.fulfill(Result { try lookUp(host, port, flags: AI_ADDRCONFIG) }) }
        if let failure {
            let reason = String(cString: strerror(failure))
            throw SchedulerError.shortage("no thread is left to look up a name: \(reason)")
        }
        guard let result = try await answer.result(until: deadline) else {
            throw SchedulerError(.timedOut, "looking up \(host): the deadline has passed")
        }
        return try result.get().get()
    }

    private static func lookUp(_ host: String, _ port: Int, flags: CInt) throws -> [NetworkAddress] {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        hints.ai_flags = flags | AI_NUMERICSERV
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, String(port), &hints, &list)
        guard code == 0 else {
            throw SchedulerError(.system, "looking up \(host) failed: \(String(cString: gai_strerror(code)))")
        }
        defer { freeaddrinfo(list) }
        var addresses: [NetworkAddress] = []
        var next = list
        while let one = next?.pointee {
            let bytes = UnsafeRawBufferPointer(start: one.ai_addr, count: Int(one.ai_addrlen))
            addresses.append(NetworkAddress(bytes: Array(bytes)))
            next = one.ai_next
        }
        return addresses
    }
}
