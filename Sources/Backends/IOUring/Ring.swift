// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Glibc
internal import SchedulerSupport
internal import Tasklets

/// The io_uring of one run: operations in, completions out.
///
/// Everything that the kernel reads or writes on its own belongs to the ring, which has the buffers for what arrives,
/// or to an endpoint, which has a copy of what it sends; a tasklet's buffer is never lent. An operation keeps its
/// endpoint until its last completion, also where it was cancelled: so no memory is freed or used again that the kernel
/// may still touch, and a tasklet that is killed, or times out, need not wait for the kernel.
final class Ring: @unchecked Sendable {
    // SAFETY: made on any thread, and used on the loop's.
    private let ring: OpaquePointer
    private var buffers: linux_buffers
    private let retire: ByteQueue.MemoryRetirement?
    /// The wake-up's descriptor.
    private let watched: CInt
    /// Operations whose last completion has not come.
    private var inFlight = 0
    private var isReaping = false
    private var isWatching = false
    /// Sends among them; a stream that has more to send begins the next when one completes.
    private var sends = 0
    private let calls: RingCalls

    private static let entries: UInt32 = 1024
    private static let completions: UInt32 = 4096

    /// The low bits of an operation's data; the rest is its endpoint's address, if it has one.
    enum Kind: UInt64 {
        case receive = 1
        case send, connect, accept, cancel, close, watch

        static let mask: UInt64 = 7
    }

    /// What the kernel receives into.
    struct Buffers {
        /// A power of two.
        var count = 256
        /// In bytes.
        var size = 8192
    }

    /// Makes a ring that has not begun yet.
    ///
    /// Throws ``SchedulerError`` with code `unsupported` where the kernel refuses, and `system` where no descriptor is
    /// left.
    init(
        waking descriptor: CInt,
        _ sizes: Buffers,
        _ calls: RingCalls,
        _ retire: ByteQueue.MemoryRetirement?
    ) throws(SchedulerError) {
        var made: OpaquePointer?
        let result = linux_ring_create(&made, Self.entries, Self.completions)
        guard result >= 0, let made else { throw .refusedRing(-result) }
        var buffers = linux_buffers()
        let shortage = linux_ring_add_buffers(made, &buffers, UInt32(sizes.count), UInt32(sizes.size))
        guard shortage >= 0 else {
            linux_ring_destroy(made)
            throw .refusedRing(-shortage)
        }
        ring = made
        self.buffers = buffers
        self.calls = calls
        self.retire = retire
        watched = descriptor
    }

    deinit {
        precondition(inFlight == 0, "a ring was freed with operations in flight")
        linux_ring_destroy(ring)
        retire?(UnsafeMutableRawBufferPointer(start: buffers.bytes, count: Int(buffers.count * buffers.size)))
        if retire == nil { linux_buffers_free(&buffers) }
    }

    // MARK: A run

    /// From now on, the calling thread uses the ring.
    func begin() {
        Syscall.expect("io_uring_register") { linux_ring_enable(ring) }
    }

    /// Waits until what was written is sent; not for long, since a peer may take nothing.
    func finishSending() {
        let end = Deadline.after(Self.patience)
        while sends > 0, end.isToCome {
            enter(1, timeout: end.nanosecondsLeft)
            reap()
        }
    }

    private static let patience = Duration.seconds(10)

    /// Cancels what is in flight, and returns when the kernel has let go of everything.
    func end() {
        if inFlight > 0 {
            makeRoom()
            inFlight += 1
            linux_ring_cancel_all(ring, Kind.cancel.rawValue)
            drain()
        }
        Syscall.expect("io_uring_register") { linux_ring_remove_buffers(ring) }
    }

    /// Handles completions until nothing is in flight.
    private func drain() {
        while inFlight > 0 {
            enter(1, timeout: -1)
            reap()
        }
    }

    // MARK: Entering the kernel

    /// Hands operations over, and handles what has completed, without waiting.
    ///
    /// Makes no system call where the kernel has nothing to take and nothing to give.
    func poll() {
        if linux_ring_unsubmitted(ring) > 0 || linux_ring_needs_kernel(ring) { enter(0, timeout: -1) }
        reap()
    }

    /// Hands operations over, waits for a completion, `timeout` nanoseconds at most, for ever where that is negative,
    /// and handles what has completed.
    func wait(timeout: Int64) {
        if linux_ring_has_completions(ring) { return poll() }
        if !isWatching { watchWakeUp() }
        enter(1, timeout: timeout)
        reap()
    }

    /// Hands operations over, so that the kernel has begun them before the caller goes on.
    func submit() { enter(0, timeout: -1) }

    /// Handles everything that has completed by now.
    func catchUp() {
        repeat { enter(0, timeout: -1) } while reap()
    }

    private func enter(_ wanted: UInt32, timeout: Int64) {
        calls.enters += 1
        let result =
            TracedCalls.areOn
            ? TracedCalls.record("io_uring_enter") { linux_ring_enter(ring, wanted, timeout) }
            : linux_ring_enter(ring, wanted, timeout)
        // Busy: the kernel keeps completions for which there is no room, and takes no operations meanwhile.
        if result >= 0 || result == -EBUSY { return }
        Syscall.expect("io_uring_enter") { result }
    }

    /// The kernel takes operations as they are, and so makes room, even where it has no memory for their completions.
    private func makeRoom() { while linux_ring_is_full(ring) { enter(0, timeout: -1) } }

    // MARK: Operations

    func receive(_ endpoint: RingEndpoint, _ descriptor: CInt) {
        linux_ring_receive(ring, descriptor, begin(.receive, endpoint))
    }

    /// The bytes stay where they are until the operation has completed.
    func send(_ endpoint: RingEndpoint, _ descriptor: CInt, _ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress else { return }
        sends += 1
        linux_ring_send(ring, descriptor, start, bytes.count, begin(.send, endpoint))
    }

    /// The address stays where it is until the operation has completed.
    func connect(_ endpoint: RingEndpoint, _ descriptor: CInt, _ address: UnsafeRawBufferPointer) {
        guard let start = address.baseAddress else { return }
        linux_ring_connect(ring, descriptor, start, address.count, begin(.connect, endpoint))
    }

    func accept(_ endpoint: RingEndpoint, _ descriptor: CInt) {
        linux_ring_accept(ring, descriptor, begin(.accept, endpoint))
    }

    /// Cancels an endpoint's operation of a kind; it completes in any case, with its result where it has one.
    ///
    /// The endpoint is kept: where the operation has completed meanwhile, its address is not that of another's.
    func cancel(_ kind: Kind, of endpoint: RingEndpoint) {
        let data = begin(.cancel, endpoint)
        linux_ring_cancel(ring, data & ~Kind.mask | kind.rawValue, data)
    }

    /// Closes a descriptor, after all operations that were begun before have got the file that it stands for.
    func close(_ descriptor: CInt) {
        makeRoom()
        inFlight += 1
        linux_ring_close(ring, descriptor, Kind.close.rawValue)
    }

    /// Edge-triggered: every write is an event of its own, and nothing has to be read.
    private func watchWakeUp() {
        isWatching = true
        makeRoom()
        inFlight += 1
        linux_ring_watch(ring, watched, Kind.watch.rawValue)
    }

    private func begin(_ kind: Kind, _ endpoint: RingEndpoint) -> UInt64 {
        makeRoom()
        inFlight += 1
        return UInt64(UInt(bitPattern: Unmanaged.passRetained(endpoint).toOpaque())) | kind.rawValue
    }

    // MARK: Completions

    /// Returns whether there was one.
    ///
    /// What an endpoint does about its completion may close another endpoint, which waits for its own then.
    @discardableResult private func reap() -> Bool {
        guard !isReaping else { return false }
        isReaping = true
        defer { isReaping = false }
        var completion = linux_completion()
        guard linux_ring_next(ring, &completion) else { return false }
        repeat { handle(completion) } while linux_ring_next(ring, &completion)
        linux_buffers_publish(&buffers)
        return true
    }

    private func handle(_ completion: linux_completion) {
        if !completion.has_more { inFlight -= 1 }
        guard let kind = Kind(rawValue: completion.data & Kind.mask) else { return }
        if kind == .send { sends -= 1 }
        if let address = UnsafeRawPointer(bitPattern: UInt(completion.data & ~Kind.mask)) {
            let endpoint = Unmanaged<RingEndpoint>.fromOpaque(address)
            endpoint._withUnsafeGuaranteedRef { tell($0, kind, completion) }
            if !completion.has_more { endpoint.release() }
        } else if kind == .watch, !completion.has_more {
            isWatching = false
        }
    }

    private func tell(_ endpoint: RingEndpoint, _ kind: Kind, _ completion: linux_completion) {
        guard kind != .cancel else { return }
        var bytes = UnsafeRawBufferPointer(start: nil, count: 0)
        if completion.buffer >= 0 {
            let start = buffers.bytes.map { $0 + Int(completion.buffer) * Int(buffers.size) }
            bytes = UnsafeRawBufferPointer(start: start, count: Int(max(0, completion.result)))
        }
        endpoint.completed(kind, Int(completion.result), bytes, isLast: !completion.has_more)
        if completion.buffer >= 0 { linux_buffers_give(&buffers, UInt32(completion.buffer)) }
    }
}

/// The system calls of a scheduler's rings, and of their streams.
final class RingCalls: @unchecked Sendable {
    // SAFETY: the loop's thread counts; another thread may read an earlier count.
    @exclusivity(unchecked) var enters: UInt64 = 0
    @exclusivity(unchecked) var receives: UInt64 = 0

    /// By the names of the calls.
    var counts: [String: UInt64] { ["io_uring_enter": enters, "recv": receives].filter { $0.value > 0 } }
}

extension SchedulerError {
    /// The kernel does not make a ring.
    fileprivate static func refusedRing(_ code: CInt) -> SchedulerError {
        if [EMFILE, ENFILE].contains(code) { return .failed("io_uring_setup", errno: code) }
        let reason =
            switch code {
            case EINVAL, EOPNOTSUPP: "this kernel is too old for it; it takes Linux 6.0"
            case ENOSYS: "this kernel has no io_uring, or a filter of system calls hides it"
            case EPERM, EACCES:
                "it is forbidden here, by the sysctl kernel.io_uring_disabled, a container's filter of system calls, "
                    + "or another rule of the system's"
            case ENOMEM: "there is no memory for it; the limit on locked memory (ulimit -l) may be too low"
            default: String(cString: strerror(code))
            }
        return SchedulerError(.unsupported, "io-uring needs io_uring(7): \(reason). Change that, or use epoll.")
    }
}
