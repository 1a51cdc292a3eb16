// swift-tools-version: 6.3
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

/// The dependencies that are measured, each at one exact version: a figure must not change because a newer one was
/// published.
///
/// `CDependencies` compiles this table into the program, which records it beside its results.
let measured: KeyValuePairs<String, Version> = [
    "apple/swift-nio": "2.101.2"
]
let measuredVersions = measured.map { path, version in "\(path.split(separator: "/")[1])=\(version)" }

let package = Package(
    name: "switchyard",
    products: [
        .library(name: "Tasklets", targets: ["Tasklets"]),
        .library(name: "Backends", targets: ["Backends"]),
        .library(name: "HTTP", targets: ["HTTP"]),
        .executable(name: "bench", targets: ["bench"]),
    ],
    dependencies: measured.map { path, version in
        .package(url: "https://github.com/\(path)", exact: version)
    } + [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        // What the tests compare our histograms with.
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
    ],
    targets: [
        // How a tasklet leaves the processor: C and assembly.
        .target(name: "CSwitch"),

        // Linux calls that Swift cannot import.
        .target(name: "CLinux"),

        // Counts the calls of libc in a process, also those of libraries.
        .target(name: "CCounting"),

        // The versions of what is measured, compiled in.
        .target(
            name: "CDependencies",
            cSettings: [
                .define("DEPENDENCY_VERSIONS", to: "\"\(measuredVersions.joined(separator: " "))\"")
            ]
        ),

        // The CPU profiler of gperftools, and which tasklet each of its samples belongs to.
        .target(name: "CProfiler", dependencies: ["CSwitch"]),

        // The one pseudorandom generator with a seed.
        .target(name: "SeededRandom"),

        // The value of a workload's parameter.
        .target(name: "ParameterValues"),

        // The API, and the loop core that the one-thread schedulers share.
        .target(name: "Tasklets", dependencies: ["CSwitch", "SeededRandom"]),
        .target(name: "SchedulerSupport", dependencies: ["Tasklets", "CLinux"]),

        // One folder, one strategy. No backend knows another; only the registry knows them all.
        .backend("RoundRobinBackend", in: "RoundRobin"),
        .backend("EpollBackend", in: "Epoll"),
        .backend("IOUringBackend", in: "IOUring"),
        .backend("DispatchBackend", in: "Dispatch"),
        .backend("ThreadPerTaskBackend", in: "ThreadPerTask"),
        .backend("SwiftConcurrencyBackend", in: "SwiftConcurrency"),
        .backend(
            "NIOBackend",
            in: "NIO",
            and: [.product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio")]
        ),
        .target(
            name: "Backends",
            dependencies: [
                "Tasklets", "RoundRobinBackend", "EpollBackend", "IOUringBackend", "DispatchBackend",
                "ThreadPerTaskBackend", "NIOBackend", "SwiftConcurrencyBackend",
            ],
            path: "Sources/Backends/Registry"
        ),

        // HTTP/1.1 on tasklet streams. It knows no backend.
        .target(name: "HTTP", dependencies: ["Tasklets"]),

        // Deferreds and a reactor, in tasklets. It knows no backend.
        .target(name: "Callbacks", dependencies: ["Tasklets", "HTTP"]),

        // What is measured, how, and how it is reported.
        .target(name: "Workloads", dependencies: ["Tasklets", "Callbacks", "HTTP", "ParameterValues", "SeededRandom"]),
        .target(
            name: "Measurement",
            dependencies: ["CCounting", "CLinux", "ParameterValues", "SeededRandom"]
        ),
        .target(
            name: "Reports",
            dependencies: [
                "Measurement", "ParameterValues", .product(name: "Mustache", package: "swift-mustache"),
            ],
            resources: [
                .embedInCode("Page/Template/page.mustache"), .embedInCode("Page/Template/answer.mustache"),
                .embedInCode("Page/Template/peers.mustache"),
                .embedInCode("Page/Template/questions.mustache"),
                .embedInCode("Page/Template/workload.mustache"), .embedInCode("Page/Template/figure.mustache"),
                .embedInCode("Page/Template/table.mustache"), .embedInCode("Page/Template/prose.mustache"),
                .embedInCode("Page/Template/results.mustache"), .embedInCode("Page/Template/about.mustache"),
                .embedInCode("Page/Template/report.css"), .embedInCode("Page/Template/results-model.js"),
                .embedInCode("Page/Template/results-view.js"),
            ]
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

        // Plans, trial processes, results directories: a parent that starts trials, and the child that each runs in.
        .target(
            name: "Harness",
            dependencies: [
                "Tasklets", "Backends", "Workloads", "Measurement", "Reports", "Profiling", "CSwitch", "CDependencies",
                "ParameterValues", "SeededRandom",
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ]
        ),

        // The command line.
        .target(
            name: "Commands",
            dependencies: [
                "Tasklets", "Backends", "HTTP", "Workloads", "Measurement", "Reports", "Harness",
                "ParameterValues",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]
        ),

        // Calls of a shared Swift runtime go through the linker's table, and each looks its thread's words up anew; a switch
        // makes several. So release builds contain the runtime: here, and not by --static-swift-stdlib, so that every way
        // to build the program makes the same one. Debug builds are for sanitizers, which replace parts of it; and tests
        // are linked to libraries that use the shared one. Foundation's own libraries have to be named, because modules are
        // compiled for the shared one; the last two are those of all of Foundation,
        // which swift-mustache imports. The toolchain's default linker warns of Foundation's use of mktemp; lld does not.
        .executableTarget(
            name: "bench",
            dependencies: ["Commands"],
            linkerSettings: [
                .unsafeFlags(
                    [
                        "-static-stdlib", "-l_FoundationCollections", "-l_FoundationCShims", "-l_FoundationICU",
                        "-lCoreFoundation", "-use-ld=lld",
                    ],
                    .when(configuration: .release)
                )
            ]
        ),

        // The peer that is written with SwiftNIO: here, so that it is built with the one version of it. Its program is moved,
        // so it contains the runtime, like bench.
        .executableTarget(
            name: "nio-peer",
            dependencies: [
                "CDependencies",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            path: "scripts/peers/swift-nio/Sources",
            linkerSettings: [.unsafeFlags(["-static-stdlib"], .when(configuration: .release))]
        ),

        // What the tests of the profiler do in signal handlers.
        .target(name: "CSampling", dependencies: ["CProfiler", "CSwitch", "CLinux"], path: "Tests/CSampling"),

        // A test needs a process of its own to run a scheduler on the main thread.
        .executableTarget(
            name: "MainThreadProgram",
            dependencies: ["Tasklets", "Backends"],
            path: "Tests/MainThreadProgram"
        ),

        // Makes accept4(2) fail, for libraries as well.
        .target(name: "CAcceptFaults", path: "Tests/CAcceptFaults"),

        // The clocks of test processes.
        .target(name: "CClock", path: "Tests/CClock"),

        // What the tests of schedulers share: the configurations, threads, logs, shortages.
        .target(name: "TestSupport", dependencies: ["Tasklets", "Backends"], path: "Tests/TestSupport"),

        // Modules of a moderate size, which the compiler can optimize side by side.
        .testTarget(
            name: "TaskletsTests",
            dependencies: [
                "Tasklets", "Backends", "TestSupport", "CSwitch", "CClock", "SeededRandom", "MainThreadProgram",
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ]
        ),
        .testTarget(
            name: "BeyondStacklessTests",
            dependencies: ["Tasklets", "Backends", "TestSupport", "SeededRandom"]
        ),
        .testTarget(name: "ExplorationTests", dependencies: ["Tasklets", "Backends", "TestSupport"]),
        .testTarget(
            name: "NetworkTests",
            dependencies: [
                "Tasklets", "Backends", "SchedulerSupport", "TestSupport", "CSwitch", "CAcceptFaults", "SeededRandom",
            ]
        ),
        .testTarget(name: "SchedulerSupportTests", dependencies: ["SchedulerSupport", "Tasklets", "SeededRandom"]),
        .testTarget(
            name: "HTTPTests",
            dependencies: [
                "HTTP", "Tasklets", "Backends", "TestSupport", "SeededRandom", "CClock",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ]
        ),
        .testTarget(
            name: "CallbacksTests",
            dependencies: [
                "Callbacks", "Workloads", "Tasklets", "HTTP", "Backends", "NIOBackend", "TestSupport",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ]
        ),
        .testTarget(name: "WorkloadsTests", dependencies: ["Workloads", "Tasklets", "ParameterValues", "TestSupport"]),
        .testTarget(name: "SeededRandomTests", dependencies: ["SeededRandom"]),
        .testTarget(
            name: "MeasurementTests",
            dependencies: [
                "Measurement", "ParameterValues", "SeededRandom", "TestSupport",
                .product(name: "Histogram", package: "hdrhistogram-swift"),
            ]
        ),
        .testTarget(name: "ReportsTests", dependencies: ["Reports", "Measurement", "ParameterValues", "SeededRandom"]),
        .testTarget(
            name: "ProfilingTests",
            dependencies: [
                "Profiling", "CProfiler", "CSampling", "CSwitch", "Backends", "Tasklets", "Measurement", "Reports",
                "Workloads", "ParameterValues", "SeededRandom", "TestSupport",
                .product(name: "SystemPackage", package: "swift-system"),
            ]
        ),
        .testTarget(
            name: "HarnessTests",
            dependencies: [
                "Harness", "Measurement", "ParameterValues", "Tasklets", "TestSupport",
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ]
        ),
        .testTarget(
            name: "BenchTests",
            dependencies: [
                "Commands", "Harness", "HTTP", "Backends", "Tasklets", "Measurement", "Profiling", "Reports",
                "Workloads", "ParameterValues",
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

// A report is written once a run. What takes long in it is in Measurement, and the optimizer would take a minute here.
for target in package.targets where target.name == "Reports" {
    target.swiftSettings?.append(.unsafeFlags(["-Onone"], .when(configuration: .release)))
}

// The tests of tools need no optimizer, and compiling with it takes minutes; neither do those of networks, of HTTP, of
// callbacks and of workloads, whose libraries it has seen, nor those that explore interleavings. Those of tasklets are
// programs as users write them, and a release build must optimize them too.
let unoptimizedTests = [
    "MeasurementTests", "ReportsTests", "ProfilingTests", "HarnessTests", "BenchTests", "NetworkTests", "HTTPTests",
    "CallbacksTests", "ExplorationTests", "BeyondStacklessTests", "WorkloadsTests",
]
for target in package.targets where unoptimizedTests.contains(target.name) {
    target.swiftSettings?.append(.unsafeFlags(["-Onone"], .when(configuration: .release)))
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
