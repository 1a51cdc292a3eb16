// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Measurement
@testable import Reports

@Suite struct `The section on other runtimes` {
    private static let descriptions = [
        PeerDescription(name: "st", version: "stable 1.9", differences: ["No `yield`.", "Stacks stay."]),
        PeerDescription(name: "go", version: "go1.19.8", differences: ["Preemption & <collection>."]),
        PeerDescription(name: "ghc", version: "9.0", differences: []),
    ]

    /// A peer ahead and one behind in `ping-pong`; both behind in `ring`, where one failed.
    private static let report = {
        var run = SyntheticRun()
        for (scheduler, value) in [("epoll soft", 50), ("peer:st native", 25), ("peer:go native", 100)]
            as [(String, Double)]
        {
            run.add("ping-pong", scheduler, value)
        }
        run.add("ring", "epoll soft", 50)
        run.add("ring", "peer:st native", 75)
        run.add("ring", "peer:go native", 75, status: .failed)
        var report = run.report
        report.description.peers = descriptions
        return report
    }()

    private static let pages = ReportPages(report)

    // MARK: The terminal

    @Test func `The terminal says how often the schedulers are ahead, and which peers are ahead of them`() {
        let lines = Self.pages.text(TerminalText(hasColour: false)).split(separator: "\n")
        #expect(lines.contains("Against 2 peers: ahead in 1 of 2 workloads, behind in 1, undecided in 0."))
        #expect(lines.contains { $0.hasPrefix("Ahead of Switchyard: st in ping-pong (0.5") })
    }

    @Test func `Where no peer is ahead, the terminal names the closest one`() throws {
        var run = SyntheticRun()
        run.add("ring", "epoll soft", 50)
        run.add("ring", "peer:st native", 75)
        run.add("ring", "peer:go native", 100)
        let sentence = try #require(PeersScreen(run.report)?.summary.last)
        #expect(sentence.hasPrefix("Closest: st in ring, 1.") && sentence.contains(" times as long ("))
    }

    @Test func `Two lines of at most 80 bytes stand below the answer, however many peers are ahead`() throws {
        var run = SyntheticRun(rounds: 4)
        for workload in ["yield", "ping-pong", "ring", "producer-consumer", "select", "sieve", "spawn-join"] {
            for processors in ["", " ×2"] {
                run.add(workload, "dispatch soft\(processors)", 50)
                for peer in ["boost-fiber", "pypy-stackless"] {
                    run.add(workload, "peer:\(peer) native\(processors)", 25)
                }
            }
        }
        let report = run.report
        let screen = try #require(PeersScreen(report)).text
        let text = ReportPages(report).text(TerminalText(hasColour: false))
        #expect(screen.split(separator: "\n").allSatisfy { $0.utf8.count <= 80 })
        #expect(screen.split(separator: "\n").count == 2)
        #expect(screen.contains(" more."))
        let answer = FirstScreen(report).text(TerminalText(hasColour: false))
        #expect(text.hasPrefix(answer + screen))
    }

    @Test func `A floor has a ratio, and is neither ahead nor counted`() throws {
        var run = SyntheticRun()
        for (scheduler, value) in [("epoll soft", 50), ("peer:swap native", 10), ("peer:go native", 100)]
            as [(String, Double)]
        {
            run.add("ping-pong", scheduler, value)
        }
        for isFloor in [true, false] {
            var report = run.report
            report.description.peers = [
                PeerDescription(name: "swap", version: "1", differences: [], floor: isFloor)
            ]
            let screen = try #require(PeersScreen(report))
            let row = try #require(PeersSection.answers(screen.lines).rows.first)
            #expect(row[1] == (isFloor ? "Switchyard" : "swap"))
            #expect(row[3].hasPrefix(isFloor ? "1 behind, floor: swap 0." : "1 behind, 1 ahead; "))
            #expect(
                screen.summary[0].hasPrefix(isFloor ? "Against go: ahead in 1 of 1" : "Against 2 peers: ahead in 0")
            )
            #expect(row[3].contains("closest: \(isFloor ? "go" : "swap"), "))
            #expect(PeersSection.ratios(screen.lines).rows[0].contains { $0.hasPrefix("0.1") })
        }
    }

    /// A run against a floor alone.
    private static func floorsOnly(status: TrialStatus = .ok) -> RunReport {
        var run = SyntheticRun()
        run.add("ring", "epoll soft", 50)
        run.add("ring", "peer:swap native", 10, status: status)
        var report = run.report
        report.description.peers = [PeerDescription(name: "swap", version: "1", differences: [], floor: true)]
        return report
    }

    @Test(arguments: [TrialStatus.ok, .failed])
    func `A run against floors alone has nothing to say about runtimes`(_ status: TrialStatus) throws {
        let report = Self.floorsOnly(status: status)
        #expect(try #require(PeersScreen(report)).summary == [])
        let pages = ReportPages(report)
        #expect(!pages.text(TerminalText(hasColour: false)).contains("Against"))
        #expect(pages.markdown.contains("## Against other runtimes\n\n| workload"))
        #expect(try !pages.html().contains(#"<p class="lead"></p>"#))
    }

    @Test func `A workload in which only floors took part says so, and is not counted`() throws {
        var run = SyntheticRun()
        for workload in ["ping-pong", "ring"] {
            run.add(workload, "epoll soft", 50)
            run.add(workload, "peer:swap native", 10)
        }
        run.add("ping-pong", "peer:go native", 100)
        var report = run.report
        report.description.peers = Self.floorsOnly().description.peers
        let screen = try #require(PeersScreen(report))
        #expect(screen.summary[0] == "Against go: ahead in 1 of 1 workload, behind in 0, undecided in 0.")
        #expect(PeersSection.answers(screen.lines).rows.map { $0[1] } == ["Switchyard", "only floors took part"])
    }

    // MARK: The report

    @Test func `The report has a line for each workload, with the best scheduler and who is ahead`() throws {
        let rows = PeersSection.answers(try #require(PeersScreen(Self.report)).lines).rows
        #expect(rows.map { $0[0] } == ["ping-pong", "ring"])
        #expect(rows.map { $0[1] } == ["st", "Switchyard"])
        #expect(rows.allSatisfy { $0[2].hasPrefix("epoll, ") })
        #expect(rows[0][3].hasPrefix("1 behind, 1 ahead; closest: st, 0.5"))
        #expect(rows[1][3].hasPrefix("1 behind, 1 without a figure; closest: st, 1."))
    }

    @Test func `The report has the ratio of every peer, its interval and its figure`() throws {
        let table = PeersSection.ratios(try #require(PeersScreen(Self.report)).lines)
        #expect(table.columns.map(\.title) == ["workload", "best scheduler", "st", "go"])
        #expect(table.rows[0][2].wholeMatch(of: /0\.5\d\d \(0\.4\d\d – 0\.5\d\d\), 2[45]\.\d ns|0\.49\d .*/) != nil)
        #expect(table.rows[1][3] == "FAILED")
    }

    @Test(arguments: [(25.0, false), (50, true), (100, false)])
    func `Only what the run cannot tell from 1 is marked`(_ peer: Double, _ isMarked: Bool) throws {
        var run = SyntheticRun()
        run.add("ring", "epoll soft", 50, scatter: 0.05)
        run.add("ring", "peer:st native", peer, scatter: 0.05)
        let table = PeersSection.ratios(try #require(PeersScreen(run.report)).lines)
        #expect(table.rows[0][2].hasPrefix("≈ ") == isMarked)
    }

    @Test func `A workload that a peer cannot do has an empty cell`() throws {
        var run = SyntheticRun()
        run.add("ring", "epoll soft", 50)
        run.add("ring", "peer:st native", 50)
        run.add("yield", "epoll soft", 50)
        run.add("yield", "peer:go native", 50)
        let rows = PeersSection.ratios(try #require(PeersScreen(run.report)).lines).rows
        #expect(rows.map { [$0[2].isEmpty, $0[3].isEmpty] } == [[false, true], [true, false]])
    }

    @Test func `The report says which version each peer has, and how its work differs`() {
        let text = Self.pages.markdown
        #expect(text.contains("## Against other runtimes\n\nAgainst 2 peers:"))
        #expect(text.contains("**st: stable 1.9**\n\n- No `yield`.\n- Stacks stay.\n"))
        #expect(text.contains("**go1.19.8**\n"))
        // It took no part.
        #expect(!text.contains("ghc"))
    }

    @Test(arguments: [
        (true, "The run had no network but a loopback of its own,"),
        (false, "The peers could reach the machine's network,"),
    ])
    func `The report says whether the peers could reach the network`(isIsolated: Bool, sentence: String) throws {
        var report = Self.report
        report.description.isIsolated = isIsolated
        let pages = ReportPages(report)
        #expect(pages.markdown.contains(sentence))
        #expect(try pages.html().contains(sentence.replacing("'", with: "&#39;")))
        #expect(!Self.pages.markdown.contains(sentence))
    }

    @Test func `The page has the lines, the plots, the ratios, and what differs`() throws {
        let page = try Self.pages.html()
        #expect(page.contains(##"<a href="#peers">Other runtimes</a>"##))
        let section = try #require(page.firstMatch(of: /<section id="peers"(?s:.*?)<\/section>/)).output
        #expect(section.contains(#"<th role="rowheader" scope="row">ping-pong</th>"#))
        #expect(section.contains(#"<span class="label">ahead</span> st</td>"#))
        #expect(section.contains("<details open>"))
        #expect(section.contains("<svg"))
        #expect(section.contains("<details><summary>st: stable 1.9</summary>"))
        #expect(section.contains("<li>No <code>yield</code>.</li>"))
        #expect(section.contains("<li>Preemption &amp; &lt;collection&gt;.</li>"))
    }

    @Test func `The plots are in the section alone`() throws {
        let page = try Self.pages.html()
        #expect(page.count(of: #"id="against-ping-pong-title""#) == 1)
        #expect(Self.pages.markdown.count(of: "](plots/against-ping-pong.svg)") == 1)
        #expect(
            Self.pages.files.map(\.name).filter { $0.hasPrefix("against-") } == ["against-ping-pong", "against-ring"]
        )
    }

    @Test func `results.json has what the page shows`() throws {
        struct File: Decodable { var peers: PeersScreen? }
        let file = try JSONText.value(File.self, from: try Self.pages.json())
        #expect(file.peers == PeersScreen(Self.report))
    }

    @Test func `A run without peers has no section, and none in results.json`() throws {
        var run = SyntheticRun()
        run.add("ring", "epoll soft", 50)
        run.add("ring", "nio soft", 60)
        let pages = ReportPages(run.report)
        #expect(!pages.markdown.contains("other runtimes"))
        #expect(try !pages.html().contains("Other runtimes"))
        #expect(try !pages.html().contains(#"id="peers""#))
        #expect(try pages.json().contains(#""peers":null"#))
        #expect(!pages.text(TerminalText(hasColour: false)).contains("Against"))
    }

    @Test func `Results that do not say how the peers differ have the rest of the section`() throws {
        var report = Self.report
        report.description.peers = nil
        let pages = ReportPages(report)
        #expect(pages.markdown.contains("## Against other runtimes"))
        #expect(!pages.markdown.contains(PeersSection.differencesHeading))
        #expect(try !pages.html().contains(PeersSection.differencesHeading))
    }
}

@Suite struct `How a peer's work differs` {
    @Test func `It is the list below "Not equal", with lines joined`() {
        let text = """
            # Go

            Equal to Switchyard's work:

            - A channel is a rendezvous.

            Not equal:

            - Goroutines are preempted, which
              takes time.
            - `Gosched` has a lock.

            The rest is not part of it.

            - Nor is this.

            """
        #expect(
            PeerDescription.differences(inReadme: text)
                == ["Goroutines are preempted, which takes time.", "`Gosched` has a lock."]
        )
    }

    @Test(arguments: ["", "Not equal:", "Not equal:\n\nnothing\n", "- Not equal:\n- a\n"])
    func `Without a list there is nothing to say`(_ text: String) {
        #expect(PeerDescription.differences(inReadme: text) == [])
    }

    @Test func `It is kept in run.json, and older files without it can be read`() throws {
        var description = ReportFixture.description
        let old = try JSONText.page(description)
        #expect(!old.contains("\"peers\""))
        #expect(try JSONText.value(RunDescription.self, from: old).peers == nil)
        description.peers = [PeerDescription(name: "go", version: "go1.19.8", differences: ["A lock."])]
        #expect(try JSONText.value(RunDescription.self, from: JSONText.page(description)) == description)
    }
}
