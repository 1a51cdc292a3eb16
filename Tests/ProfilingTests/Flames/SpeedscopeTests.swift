// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Testing

@testable import Profiling

@Suite("Speedscope")
struct SpeedscopeTests {
    private let stacks = [
        FoldedStack(frames: ["main", "b \"quoted\" </script>"], count: 2),
        FoldedStack(frames: ["main", "a"], count: 1), FoldedStack(frames: ["main", "a"], count: 0.5),
    ]

    @Test("the file follows the schema of a sampled profile, byte for byte")
    func file() throws {
        let expected = """
            {"$schema":"https://www.speedscope.app/file-format-schema.json","activeProfileIndex":0,\
            "exporter":"switchyard","name":"epoll","profiles":[{"endValue":3.5,"name":"epoll","samples":[[0,1],[0,2]],\
            "startValue":0,"type":"sampled","unit":"nanoseconds","weights":[1.5,2]}],\
            "shared":{"frames":[{"name":"main"},{"name":"a"},{"name":"b \\"quoted\\" </script>"}]}}

            """
        #expect(try Speedscope.text(stacks, name: "epoll", unit: .nanoseconds) == expected)
    }

    @Test("samples have no unit")
    func unit() throws {
        #expect(try Speedscope.text(stacks, name: "", unit: .none).contains(#""unit":"none""#))
    }

    @Test("the order of the stacks makes no difference")
    func order() throws {
        let texts = try [stacks, stacks.reversed()].map { try Speedscope.text($0, name: "n", unit: .none) }
        #expect(texts[0] == texts[1])
    }

    @Test("without stacks the profile is empty")
    func nothing() throws {
        let text = try Speedscope.text([], name: "n", unit: .none)
        #expect(text.contains(#""samples":[]"#))
        #expect(text.contains(#""endValue":0"#))
    }

    @Test("counts whose sum is not finite are an error")
    func overflow() {
        let stacks = ["a", "b"].map { FoldedStack(frames: [$0], count: .greatestFiniteMagnitude) }
        #expect(throws: EncodingError.self) { try Speedscope.text(stacks, name: "n", unit: .none) }
    }
}
