// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Profiling

@Suite("Demangling")
struct SwiftDemanglerTests {
    private static let specializedForTypes = """
        $sSa15replaceSubrange_4withySnySiG_qd__nt7ElementQyd__RszSlRd__lF13SystemPackage0E4CharV_s15Collecti\
        onOfOneVyAHGTg5
        """
    private static let specializedForClosure = """
        $sSp8TaskletsAA4NodeVRszlE13arrangeOthers33_171B012A9DBE1F18360CCCADD89D8653LLyySpyACG_yyXEtKF05$sSp\
        8a3AA4B30VRszlE6insertyySpyACGKFyyXEfU_A2FTf1ncn_n
        """
    private static let closureInClosure = """
        $s9Workloads10Cancelling33_157A496C730749031F6903962F88EA2DLLV8sleepersySay8Tasklets7TaskletCGSiFZAH\
        SiXEfU_yyYaYbKYCcfU_
        """

    /// Symbols from this package's program with their names.
    private static let symbols: [String: SwiftName] = [
        // The parts of an async function before and after each suspension.
        "$s8Tasklets11TCPListenerC6acceptAA9TCPStreamCyYaKF": .init(
            "TCPListener.accept()",
            "Tasklets",
            "TCPListener",
            "accept"
        ),
        "$s8Tasklets11TCPListenerC6acceptAA9TCPStreamCyYaKFTQ1_": .init(
            "TCPListener.accept()",
            "Tasklets",
            "TCPListener",
            "accept"
        ),
        "$s4HTTP12HTTPExchangeC6answer33_BB9D09362EC39C0D4DA6E43B4CE5EA0DLLSbyYaKFTY1_":
            .init("HTTPExchange.answer()", "HTTP", "HTTPExchange", "answer"),
        "$s20ThreadPerTaskBackend0abC9SchedulerC3armyySpy8Tasklets4NodeVGFyyYacfU_TQ1_":
            .init(
                "closure #1 in ThreadPerTaskScheduler.arm(_:)",
                "ThreadPerTaskBackend",
                "ThreadPerTaskScheduler",
                "arm"
            ),
        // Specializations, some for types or closures of other modules.
        "$s8Tasklets7ChannelC7receivexyYaKFSi_Tg5": .init("Channel.receive()", "Tasklets", "Channel", "receive"),
        "$s8Tasklets10ResumptionO8rawValueACSgs5UInt8V_tcfCTf4nd_n":
            .init("Resumption.init(rawValue:)", "Tasklets", "Resumption"),
        Self.specializedForTypes:
            .init("Array.replaceSubrange(_:with:)", "Swift", "Array", "replaceSubrange(_:with:)"),
        Self.specializedForClosure:
            .init("UnsafeMutablePointer.arrangeOthers(_:_:)", "Tasklets", "Node", "arrangeOthers"),
        // Extensions of other modules' types.
        "$sScJ8TaskletsE4taskSuvg": .init("UnownedJob.task.getter", "Tasklets", "UnownedJob", "task"),
        "$s8Tasklets7ChannelC9WorkloadsE16waitForReceiversyySiYaKFyt_Tg5":
            .init("Channel.waitForReceivers(_:)", "Workloads", "Channel", "waitForReceivers"),
        // Merged bodies of several functions.
        "$s8Tasklets12ChannelStateV14specialWaitersSivM.resume.0Tm":
            .init("ChannelState.specialWaiters.modify", "Tasklets", "ChannelState", "specialWaiters"),
        // Closures, forwarders and witnesses keep their descriptions.
        Self.closureInClosure:
            .init("closure #1 in closure #1 in static Cancelling.sleepers(_:)", "Workloads", "Cancelling", "sleepers"),
        "$s8Tasklets11NameServiceO9addresses2of4port5untilSayAA14NetworkAddressVGSS_SiAA8DeadlineVtYaKFZyyYbcfU_TA":
            .init(
                "partial apply for closure #1 in static NameService.addresses(of:port:until:)",
                "Tasklets",
                "NameService",
                "addresses(of:port:until:)"
            ),
        "$s8Tasklets10PreferenceOSHAASH13_rawHashValue4seedS2i_tFTW":
            .init(
                "protocol witness for Hashable._rawHashValue(seed:) in conformance Preference",
                "Tasklets",
                "Preference",
                "_rawHashValue(seed:)"
            ),
        // Thunks belong to no module.
        "$s8Tasklets12ChannelEventVIeghg_ACytIeghnr_TRTA":
            .init("partial apply for thunk for (ChannelEvent) -> ()", nil),
    ]

    @Test(
        "parts and variants of a function have its name and its declaration",
        .enabled(if: OwnProcess.hasSymbolizer, "llvm-symbolizer or swift-demangle is missing")
    )
    func names() async throws {
        let symbols = Set(Self.symbols.keys)
        #expect(symbols.allSatisfy(SwiftDemangler.isMangled))
        let tool = try #require(Tool("swift-demangle", searchPath: OwnProcess.searchPath))
        let names = try await SwiftDemangler(tool: tool).names(
            of: symbols.union(["$s8Tasklets9Sche", "$swift", "main"])
        )
        for (symbol, name) in Self.symbols { #expect(names[symbol] == name, "\(symbol)") }
        #expect(names.count == symbols.count)
    }

    @Test(
        "only mangled names are demangled",
        arguments: ["", "main", "_start", "_ZN5swift3fooEv", "swift_retain", "s8"]
    )
    func notMangled(symbol: String) {
        #expect(!SwiftDemangler.isMangled(symbol))
    }

    @Test("a conformance belongs to the module that declares it, and C functions to none")
    func modules() {
        let output = """
            Demangling for $sA
            kind=Global
              kind=ProtocolWitness
                kind=ProtocolConformance
                  kind=Type
                    kind=Structure
                      kind=Module, text="Swift"
                      kind=Identifier, text="Int"
                  kind=Type
                    kind=Protocol
                      kind=Module, text="Tasklets"
                      kind=Identifier, text="P"
                  kind=Module, text="Workloads"
                kind=Function
                  kind=Module, text="Tasklets"
            protocol witness for P.f() in conformance Int
            Demangling for $sB
            kind=Global
              kind=Function
                kind=Module, text="__C"
                kind=Identifier, text="f"
            f()
            Demangling for $sC
            <<NULL>>$sC
            main
            """
        #expect(
            SwiftDemangler.names(output) == [
                "$sA": .init("protocol witness for P.f() in conformance Int", "Workloads", "Int"),
                "$sB": .init("f()", nil, "f"),
            ]
        )
    }
}

extension SwiftName {
    fileprivate init(_ function: String, _ module: String?, _ path: String...) {
        self.init(function: function, declaration: Declaration(module: module, path: path))
    }
}
