// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Commands

@Suite("Places of bench serve") struct PlacesTests {
    @Test("few descriptors leave room for connections beside fan-outs")
    func few() {
        let places = Places(descriptors: 64, connections: 16_384)
        #expect(places.fanOutRequests == 5)
        #expect(places.fanOuts == 17)
    }

    @Test("many descriptors leave what was asked for", arguments: [1 << 20, nil] as [UInt?])
    func many(descriptors: UInt?) {
        let places = Places(descriptors: descriptors, connections: 1000)
        #expect(places.fanOuts == 500)
        #expect(places.fanOutRequests == FanOut.limit)
    }

    @Test("hardly any descriptors leave a fan-out, and a place for its request", arguments: [0, 3, 25] as [UInt])
    func hardlyAny(descriptors: UInt) {
        let places = Places(descriptors: descriptors, connections: 10)
        #expect(places.fanOuts == 1)
        #expect(places.fanOutRequests == 1)
    }
}
