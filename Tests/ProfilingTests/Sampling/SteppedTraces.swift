// SPDX-License-Identifier: Apache-2.0

import CSampling

@testable import Profiling

/// The profiler's traces at the instructions of a program.
///
/// A trace *ends early* if its outermost frame is not the end of a stack. It is *astray* if its callers are not those
/// of the previous trace, plus or minus the one that the instruction in between called or returned to.
struct SteppedTraces {
    let sums = steps_sums()
    /// The number of frames of the longest trace that does not end early.
    private(set) var deepest = 0
    /// Wrong traces at instructions of this executable, counted by function.
    private(set) var earlyHere: [String: Int] = [:]
    private(set) var astrayHere: [String: Int] = [:]
    /// Wrong traces where the compiler's unwinding tables are known to be wrong, see `steps_is_in_async_frame_change`,
    /// or are missing, as for some leaf functions: there a trace lacks the caller, before the first instruction and
    /// before the last.
    private(set) var whereTablesFail = 0
    /// Traces that end early at instructions of libraries, counted by function.
    private(set) var earlyElsewhere: [String: Int] = [:]
    /// The start addresses of the functions that ran.
    let functions: Set<UInt>

    private var frames: [UInt64: [Frame]]

    /// The ends of stacks: of the first thread, of other threads, and of the scheduler's own stacks.
    private static let knownEnds: Set = ["_start", "clone", "clone3", "__clone", "__clone3", "sw_stack_start"]

    /// Reads and symbolizes the notes.
    init() async throws {
        var count = 0
        let places = Array(UnsafeBufferPointer(start: steps_places(&count), count: count))
        functions = Set(places.map { steps_function($0.instruction) })
        let symbolizer = try Symbolizer()
        frames = try await symbolizer.frames(of: Set(places.map(\.lookUpEnd)), in: OwnProcess.mappings)
        let strange = places.filter { $0.astray > 0 || !hasKnownEnd($0) }
        let addresses = strange.flatMap { [$0.instruction, $0.astray_after] }.map { UInt64($0) }
        let more = try await symbolizer.frames(of: Set(addresses), in: OwnProcess.mappings)
        frames.merge(more) { first, _ in first }
        deepest = Int(places.filter(hasKnownEnd).map(\.deepest).max() ?? 0)
        for place in strange where !hasKnownEnd(place) { addEarly(place) }
        for place in strange where place.astray > 0 { addAstray(place) }
    }

    private func hasKnownEnd(_ place: steps_place) -> Bool {
        Self.knownEnds.contains(frames[place.lookUpEnd]?.last?.function ?? "")
    }

    private mutating func addEarly(_ place: steps_place) {
        let count = Int(place.count)
        if !isHere(place.instruction) {
            earlyElsewhere[name(place.instruction), default: 0] += count
        } else if steps_is_in_async_frame_change(place.instruction) {
            whereTablesFail += count
        } else {
            earlyHere["\(name(place.instruction)), in \(name(UInt(place.lookUpEnd)))", default: 0] += count
        }
    }

    /// Either of the two traces may be the wrong one.
    private mutating func addAstray(_ place: steps_place) {
        guard isHere(place.instruction), isHere(place.astray_after) else { return }
        if [place.instruction, place.astray_after].contains(where: { lacksTables($0) }) {
            whereTablesFail += Int(place.astray)
        } else {
            astrayHere["\(name(place.instruction)) after \(name(place.astray_after))", default: 0] += Int(place.astray)
        }
    }

    private func lacksTables(_ instruction: UInt) -> Bool {
        steps_is_in_async_frame_change(instruction) || steps_function(instruction) == 0
    }

    private func isHere(_ address: UInt) -> Bool {
        frames[UInt64(address)]?.last?.object == OwnProcess.executableName
    }

    private func name(_ address: UInt) -> String {
        guard let frame = frames[UInt64(address)]?.last else { return "nowhere" }
        return "\(frame.function) of \(frame.object ?? "nothing")"
    }
}

extension steps_place {
    /// The address to symbolize for the outermost frame.
    ///
    /// A return address may belong to the next function; the byte before it is part of the call.
    fileprivate var lookUpEnd: UInt64 { UInt64(alone > 0 || end == 0 ? end : end - 1) }
}
