// swift-tools-version: 6.3
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

let package = Package(
    name: "switchyard",
    products: [
        .library(name: "Tasklets", targets: ["Tasklets"]),
        .library(name: "Backends", targets: ["Backends"]),
        .library(name: "HTTP", targets: ["HTTP"]),
        .executable(name: "bench", targets: ["bench"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    ],
    targets: [
        // How a tasklet leaves the processor: C and assembly.
        .target(name: "CSwitch"),

        // Linux calls that Swift cannot import.
        .target(name: "CLinux"),

        // The CPU profiler of gperftools, and which tasklet each of its samples belongs to.
        .target(name: "CProfiler", dependencies: ["CSwitch"]),

        // The API, and the loop core that the one-thread schedulers share.
        .target(name: "Tasklets", dependencies: ["CSwitch"]),
        .target(name: "SchedulerSupport", dependencies: ["Tasklets", "CLinux"]),

        // One folder, one strategy. No backend knows another; only the registry knows them all.
        .backend("RoundRobinBackend", in: "RoundRobin"),
        .backend("EpollBackend", in: "Epoll"),
        .backend("DispatchBackend", in: "Dispatch"),
        .backend("ThreadPerTaskBackend", in: "ThreadPerTask"),
        .backend(
            "NIOBackend",
            in: "NIO",
            and: [.product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio")]
        ),
        .target(
            name: "Backends",
            dependencies: [
                "Tasklets", "RoundRobinBackend", "EpollBackend", "DispatchBackend", "ThreadPerTaskBackend",
                "NIOBackend",
            ],
            path: "Sources/Backends/Registry"
        ),

        // HTTP/1.1 on tasklet streams. It knows no backend.
        .target(name: "HTTP", dependencies: ["Tasklets"]),

        // What is measured, how, and how it is told.
        .target(name: "Workloads", dependencies: ["Tasklets", "HTTP"]),
        .target(
            name: "Measurement",
            dependencies: ["CLinux", .product(name: "Histogram", package: "hdrhistogram-swift")]
        ),
        .target(
            name: "Profiling",
            dependencies: [
                "Tasklets", "CProfiler", "Measurement", "Reports",
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            resources: [
                .embedInCode("Flames/Page/flame.css"), .embedInCode("Flames/Page/flame-model.js"),
                .embedInCode("Flames/Page/flame-words.js"), .embedInCode("Flames/Page/flame-view.js"),
            ]
        ),
        .target(name: "Reports", dependencies: ["Measurement"]),
        .executableTarget(
            name: "bench",
            dependencies: [
                "Tasklets", "Backends", "HTTP", "Workloads", "Measurement", "Reports", "Profiling", "CSwitch",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ]
        ),

        // What the tests of the profiler do in signal handlers.
        .target(name: "CSampling", dependencies: ["CProfiler", "CSwitch", "CLinux"], path: "Tests/CSampling"),

        .testTarget(
            name: "TaskletsTests",
            dependencies: [
                "Tasklets", "Backends", "CSwitch",
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ]
        ),
        .testTarget(name: "SchedulerSupportTests", dependencies: ["SchedulerSupport", "Tasklets"]),
        .testTarget(
            name: "HTTPTests",
            dependencies: [
                "HTTP", "Tasklets", "Backends", "Measurement",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ]
        ),
        .testTarget(name: "WorkloadsTests", dependencies: ["Workloads", "Tasklets", "Backends"]),
        .testTarget(name: "MeasurementTests", dependencies: ["Measurement"]),
        .testTarget(name: "ReportsTests", dependencies: ["Reports", "Measurement"]),
        .testTarget(
            name: "ProfilingTests",
            dependencies: [
                "Profiling", "CProfiler", "CSampling", "CSwitch", "Backends", "Tasklets", "Measurement", "Reports",
                "Workloads",
                .product(name: "SystemPackage", package: "swift-system"),
            ]
        ),
        .testTarget(
            name: "BenchTests",
            dependencies: [
                "bench", "Backends", "Tasklets", "Measurement", "Profiling", "Reports",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ]
        ),
    ]
)

// One place for the Swift settings of every target.
for target in package.targets {
    target.swiftSettings = [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
    ]
}

extension Target {
    /// A scheduling strategy: a module of its own under `Sources/Backends`.
    static func backend(_ name: String, in folder: String, and others: [Dependency] = []) -> Target {
        .target(
            name: name,
            dependencies: ["Tasklets", "SchedulerSupport", "CLinux"] + others,
            path: "Sources/Backends/\(folder)"
        )
    }
}
