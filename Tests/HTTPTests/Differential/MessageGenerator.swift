// SPDX-License-Identifier: Apache-2.0

import SeededRandom

/// Generates the bytes of connections: mostly valid, occasionally with the mistakes that peers make, and then corrupted
/// at random.
struct MessageGenerator {
    private var random: SplitMix64

    /// Creates a generator; equal seeds generate equal bytes.
    init(seed: UInt64) { random = SplitMix64(seed: seed) }

    /// One to three requests.
    mutating func requests() -> [UInt8] {
        var text = ""
        for _ in 0..<pick([1, 1, 1, 2, 3]) { text += request() }
        return damaged(Array(text.utf8))
    }

    /// The methods of one to three requests, and responses to them.
    mutating func responses() -> (methods: [String], bytes: [UInt8]) {
        let methods = (0..<pick([1, 1, 1, 2, 3])).map { _ in pick(["GET", "GET", "GET", "POST", "HEAD"]) }
        var text = ""
        for method in methods {
            while one(in: 12) { text += "HTTP/1.1 \(pick(["100 Continue", "103 Early Hints"]))\r\n\r\n" }
            text += response(to: method)
        }
        if one(in: 30) { text += response(to: "GET") }
        return (methods, damaged(Array(text.utf8)))
    }

    /// Splits bytes into pieces: not at all, in a few places, or everywhere.
    mutating func pieces(of bytes: [UInt8]) -> [[UInt8]] {
        switch number(0...7) {
        case 0: return bytes.map { [$0] }
        case 1...5:
            let places = (0..<number(1...4)).map { _ in number(0...bytes.count) }.sorted()
            return zip([0] + places, places + [bytes.count]).map { Array(bytes[$0..<$1]) }.filter { !$0.isEmpty }
        default: return [bytes]
        }
    }

    // MARK: - First lines

    private mutating func request() -> String {
        let version = one(in: 20) ? pick(Corpus.oddVersions) : pick(["HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.0"])
        let method = one(in: 20) ? pick(Corpus.oddMethods) : pick(Corpus.methods)
        let target = method == "CONNECT" ? "example.com:443" : target()
        let space = one(in: 100) ? pick(["  ", "\t", ""]) : " "
        let before = one(in: 40) ? pick(["\r\n", "\n", "\r\n\r\n", "\r", " "]) : ""
        let host = one(in: 30) ? pick(Corpus.oddHosts) : "Host: \(pick(Corpus.hosts))\(lineEnd())"
        return before + method + space + target + space + version + lineEnd() + host + rest(takesBody: one(in: 2))
    }

    private mutating func target() -> String { one(in: 12) ? pick(Corpus.oddTargets) : pick(Corpus.targets) }

    private mutating func response(to method: String) -> String {
        let version = one(in: 20) ? pick(Corpus.oddVersions) : pick(["HTTP/1.1", "HTTP/1.1", "HTTP/1.1", "HTTP/1.0"])
        let status = one(in: 10) ? pick(Corpus.oddStatuses) : pick(Corpus.statuses)
        let before = one(in: 60) ? pick(["\r\n", "\n", " "]) : ""
        return before + version + " " + status + lineEnd() + rest(takesBody: method != "HEAD" && !one(in: 6))
    }

    // MARK: - Fields and bodies

    /// Everything after the first line, or after the Host field.
    private mutating func rest(takesBody: Bool) -> String {
        var fields = (0..<number(0...4)).map { _ in field() }
        if one(in: 5) { fields.append("Connection: \(pick(Corpus.connections))\(lineEnd())") }
        if one(in: 60) { fields.append("Connection: upgrade\r\nUpgrade: websocket\r\n") }
        var body = ""
        if takesBody { body = addBody(to: &fields) }
        fields.shuffle(using: &random)
        return fields.joined() + lineEnd() + body
    }

    private mutating func field() -> String {
        let name = one(in: 40) ? pick(Corpus.oddNames) : pick(Corpus.names)
        let colon = one(in: 50) ? pick([" :", "\t:", "", ";"]) : ":"
        let value = one(in: 25) ? pick(Corpus.oddValues) : pick(Corpus.values)
        return name + colon + pick([" ", " ", "", "\t", "  "]) + value + pick(["", "", "", " ", "\t "]) + lineEnd()
    }

    private mutating func addBody(to fields: inout [String]) -> String {
        let body = pick(Corpus.bodies)
        if one(in: 2) {
            let length = one(in: 12) ? pick(Corpus.oddLengths) : "\(body.utf8.count)"
            fields.append("\(pick(["Content-Length", "content-length"])): \(length)\(lineEnd())")
            if one(in: 40) { fields.append("Content-Length: \(pick([length, "7"]))\r\n") }
            if one(in: 40) { fields.append("Transfer-Encoding: chunked\r\n") }
            return body
        }
        let coding = one(in: 12) ? pick(Corpus.oddCodings) : pick(["chunked", "chunked", "Chunked", "CHUNKED"])
        fields.append("\(pick(["Transfer-Encoding", "transfer-encoding"])): \(coding)\(lineEnd())")
        if one(in: 40) { fields.append("Transfer-Encoding: \(pick(Corpus.oddCodings + ["chunked"]))\r\n") }
        return chunked(body)
    }

    private mutating func chunked(_ body: String) -> String {
        var text = ""
        var rest = Array(body.utf8)[...]
        while !rest.isEmpty {
            let chunk = rest.prefix(number(1...20))
            rest = rest.dropFirst(chunk.count)
            text += size(chunk.count) + String(decoding: chunk, as: UTF8.self) + lineEnd()
        }
        text += size(0)
        while one(in: 6) { text += one(in: 4) ? "Content-Length: 5\r\n" : field() }
        return text + lineEnd()
    }

    private mutating func size(_ count: Int) -> String {
        let digits = String(count, radix: 16, uppercase: one(in: 2))
        if one(in: 60) { return pick(Corpus.oddSizes) + lineEnd() }
        let zeros = one(in: 10) ? String(repeating: "0", count: number(1...20)) : ""
        return zeros + digits + (one(in: 8) ? pick(Corpus.extensions) : "") + lineEnd()
    }

    // MARK: - Corruption

    private mutating func damaged(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        guard one(in: 2) else { return bytes }
        for _ in 0..<number(1...3) where !bytes.isEmpty { damage(&bytes) }
        return bytes
    }

    private mutating func damage(_ bytes: inout [UInt8]) {
        let place = number(0...bytes.count - 1)
        let end = min(bytes.count, place + number(1...12))
        switch number(0...7) {
        case 0: bytes[place] = interestingByte()
        case 1: bytes.insert(interestingByte(), at: place)
        case 2: bytes.remove(at: place)
        case 3: bytes.insert(contentsOf: bytes[place..<end], at: number(0...bytes.count))
        case 4: bytes.removeSubrange(place..<end)
        case 5: bytes[place] ^= 1 << UInt8(number(0...7))
        case 6: bytes.insert(contentsOf: Array(pick(Corpus.insertions).utf8), at: place)
        default: bytes.removeSubrange(place...)
        }
    }

    private mutating func interestingByte() -> UInt8 {
        one(in: 4)
            ? UInt8(number(0...255))
            : pick(Array("\r\n\t\0 :;,=\"#?/0159afzAFZ\u{7F}\u{1}\u{B}\u{C}".utf8) + [0x80, 0xFF])
    }

    private mutating func lineEnd() -> String {
        one(in: 150) ? pick(["\n", "\r", "\r\r\n", "\n\r", "\r\r", ""]) : "\r\n"
    }

    // MARK: - Randomness

    private mutating func one(in count: Int) -> Bool { number(1...count) == 1 }

    private mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

    private mutating func pick<Element>(_ elements: [Element]) -> Element { elements[number(0...elements.count - 1)] }
}
