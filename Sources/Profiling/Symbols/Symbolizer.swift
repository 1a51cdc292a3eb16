// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Maps addresses of a process to functions.
///
/// `llvm-symbolizer` finds the functions, inlined ones included, and `swift-demangle` names those of Swift; each runs
/// once, however many addresses there are. The runtime's own `swift_demangle` does not do: it does not simplify names
/// as `swift-demangle -simplified` does, and does not give a function's module.
package struct Symbolizer: Sendable {
    private let objects: ObjectSymbolizer
    private let demangler: SwiftDemangler

    /// Finds both tools.
    ///
    /// - Parameter searchPath: the directories to search, separated by colons; `PATH` if nil. Tools beside the `swift`
    ///   found there take precedence.
    package init(searchPath: String? = nil) throws(SymbolizerError) {
        let searchPath = searchPath ?? getenv("PATH").map { String(cString: $0) } ?? ""
        guard let symbolizer = Tool("llvm-symbolizer", searchPath: searchPath) else { throw .noSymbolizer }
        guard let demangler = Tool("swift-demangle", searchPath: searchPath) else { throw .noDemangler }
        self.objects = ObjectSymbolizer(tool: symbolizer)
        self.demangler = SwiftDemangler(tool: demangler)
    }

    /// The functions at each address, at least one, the innermost inlined one first.
    ///
    /// For a caller, pass the address of the call, not the return address: see ``AddressStack/lookUpAddresses``.
    /// Names are wrong for an object that has changed since the process ran.
    ///
    /// Throws a ``SymbolizerError``, or `CancellationError`.
    package func frames(of addresses: Set<UInt64>, in mappings: [Mapping]) async throws -> [UInt64: [Frame]] {
        try await frames(of: [(addresses, mappings)])[0]
    }

    /// The functions at the addresses of several processes, each with its own mappings.
    package func frames(
        of processes: [(addresses: Set<UInt64>, mappings: [Mapping])]
    ) async throws -> [[UInt64: [Frame]]] {
        let places = processes.map { Self.places($0.addresses, $0.mappings) }
        let linked = try await objects.frames(of: Set(places.flatMap { $0.values.compactMap(\.linked) }))
        let mangled = linked.values.joined().map(\.name).filter(SwiftDemangler.isMangled)
        let names = try await demangler.names(of: Set(mangled))
        return places.map { $0.mapValues { Self.frames(at: $0, linked, names) } }
    }

    private static func frames(
        at place: Place,
        _ linked: [ObjectAddress: [LinkedFrame]],
        _ names: [String: SwiftName]
    ) -> [Frame] {
        let found = place.linked.flatMap { linked[$0] } ?? []
        guard !found.isEmpty else { return [Frame(function: place.name, object: place.object)] }
        return found.map { frame($0, names[$0.name], object: place.object) }
    }

    /// An address before symbolization.
    private struct Place {
        /// The fallback for a function without a name.
        let name: String
        let object: String?
        let linked: ObjectAddress?
    }

    private static func places(_ addresses: Set<UInt64>, _ mappings: [Mapping]) -> [UInt64: Place] {
        let index = MappingIndex(mappings)
        var segments: [String: ObjectSegments?] = [:]
        var places: [UInt64: Place] = [:]
        for address in addresses {
            let mapping = index[address]
            var linked: ObjectAddress?
            if let mapping {
                let object = segments[mapping.path] ?? ObjectSegments(path: mapping.path)
                segments[mapping.path] = .some(object)
                linked = object?.address(ofFileOffset: address - mapping.start &+ mapping.fileOffset)
                    .map { ObjectAddress(path: mapping.path, address: $0) }
            }
            let number = "0x\(String(address, radix: 16))"
            places[address] = Place(name: mapping?.object ?? number, object: mapping?.object, linked: linked)
        }
        return places
    }

    private static func frame(_ linked: LinkedFrame, _ swift: SwiftName?, object: String?) -> Frame {
        Frame(
            function: swift?.function ?? NativeName.readable(linked.name),
            module: swift?.declaration.module,
            path: swift?.declaration.path ?? [],
            object: object,
            file: linked.file,
            line: linked.line
        )
    }
}
