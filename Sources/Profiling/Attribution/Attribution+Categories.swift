// SPDX-License-Identifier: Apache-2.0

extension Attribution {
    /// What colours a frame of ``folded(backend:workload:)``, from the names on the way to it.
    ///
    /// The first four are no functions.
    package func category(_ path: [String]) -> FlameCategory {
        switch path.count {
        case ..<3: .other
        case 3: .tasklet
        case 4: Activity(rawValue: path[3]).flatMap(\.category) ?? .other
        default: categories[path.last ?? ""] ?? .other
        }
    }
}

extension Activity {
    /// As what it is coloured; nil where no scheduler runs.
    fileprivate var category: FlameCategory? { self == .outside || self == .unknown ? nil : .state(self) }
}

extension Frame {
    /// As what it is coloured.
    var category: FlameCategory {
        if isOfScheduler { return .scheduler }
        if module == nil, let object, object.hasPrefix("libc") || object.hasPrefix("[") { return .kernel }
        if Landmarks.systemCalls.match(self) { return .kernel }
        return isOfRuntime || module == nil ? .runtime : .program
    }
}
