// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Profiling
import Testing

/// Extracts a page's data.
struct PageReader {
    /// The input of the page's script.
    struct Columns: Decodable {
        let names: [String]
        let name: [Int]
        let parent: [Int]
        let color: [Int]
        let totals: [[Double]]
        let palette: [String]
        let labels: [String]
        let muted: Int
        let units: [String]
        let narrowest: Double
    }

    static let caption = FlameCaption(
        workload: "ping-pong",
        backend: "epoll",
        switching: "soft",
        seconds: 2.5,
        samples: 1_234
    )

    /// The text of the data.
    let json: String
    /// The data.
    let data: Columns

    init(_ page: String) throws {
        let begin = try #require(page.utf8.firstRange(of: #"<script type="application/json" id="data">"#.utf8))
        let rest = page.utf8[begin.upperBound...]
        let end = try #require(rest.firstRange(of: "</script>".utf8))
        json = try #require(String(rest[..<end.lowerBound]))
        data = try JSONDecoder().decode(Columns.self, from: Data(json.utf8))
    }

    /// The names of the nodes, in the nodes' order.
    var nodes: [String] { data.name.map { data.names[$0] } }

    /// The labels of the nodes' colours, in the nodes' order.
    var colors: [String] { data.color.map { data.labels[$0] } }
}
