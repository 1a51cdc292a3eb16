// SPDX-License-Identifier: Apache-2.0

import CSampling

@testable import Profiling

/// What the profiler saw at the instructions of a program.
///
/// A trace is *early* where its outermost frame is none that a stack ends in; and *astray* where its callers are not
/// those of the trace before it, plus or minus the one that the instruction in between has called or returned to.
struct SteppedTraces {
    let sums = steps_sums()
    /// Frames of the longest trace that is not early.
    private(set) var deepest = 0
    /// How many traces are not as they should be at instructions of our own executable, by function.
    private(set) var earlyHere: [String: Int] = [:]
    private(set) var astrayHere: [String: Int] = [:]
    /// The same where the compiler's tables are known to be wrong, see `steps_is_in_async_frame_change`; and where it has
    /// made none, as for some functions that call nobody: there a trace lacks the caller, before the first instruction
    /// and before the last.
    private(set) var whereTablesFail = 0
    /// How many are early at instructions of libraries, by function.
    private(set) var earlyElsewhere: [String: Int] = [:]
    /// The functions that were stepped through, by their starts.
    let functions: Set<UInt>

    private var frames: [UInt64: [Frame]]

    /// Where stacks end: the process's first thread, other threads, and stacks of ours.
    private static let knownEnds: Set = ["_start", "clone", "clone3", "__clone", "__clone3", "sw_stack_start"]

    /// Reads what has been noted.
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

    /// Whichever of the two traces is the wrong one, the other does not follow from it.
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
    /// The address to look the outermost frame up by.
    ///
    /// A return address may belong to the next function; the byte before it is in the call.
    fileprivate var lookUpEnd: UInt64 { UInt64(alone > 0 || end == 0 ? end : end - 1) }
}
