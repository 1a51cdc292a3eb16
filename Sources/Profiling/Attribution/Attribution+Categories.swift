// SPDX-License-Identifier: Apache-2.0

extension Attribution {
    /// The category of a frame of ``folded(backend:workload:)``, given its path; the first four names are no functions.
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
    /// The category; nil where no scheduler runs.
    fileprivate var category: FlameCategory? { self == .outside || self == .unknown ? nil : .state(self) }
}

extension Frame {
    /// The category, which gives the colour.
    var category: FlameCategory {
        if isOfScheduler { return .scheduler }
        if module == nil, let object, object.hasPrefix("libc") || object.hasPrefix("[") { return .kernel }
        if Landmarks.systemCalls.match(self) { return .kernel }
        return isOfRuntime || module == nil ? .runtime : .program
    }
}
