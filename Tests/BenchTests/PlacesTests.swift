// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import bench

@Suite("Places of bench serve") struct PlacesTests {
    @Test("few descriptors are shared between connections and fan-outs")
    func few() {
        let places = Places(descriptors: 64, connections: 16_384)
        #expect(places.fanOutRequests == 5)
        // The other ends of the fan-outs are connections as well.
        #expect(places.connections == 35)
        #expect(places.fanOuts == 17)
        #expect(places.connections + places.fanOutRequests < 64)
    }

    @Test("many descriptors leave what was asked for", arguments: [1 << 20, nil] as [UInt?])
    func many(descriptors: UInt?) {
        let places = Places(descriptors: descriptors, connections: 1000)
        #expect(places.connections == 1000)
        #expect(places.fanOutRequests == FanOut.limit)
    }

    @Test("hardly any descriptors leave a fan-out, and a place for its request", arguments: [0, 3, 25] as [UInt])
    func hardlyAny(descriptors: UInt) {
        let places = Places(descriptors: descriptors, connections: 10)
        #expect(places.connections == 2)
        #expect(places.fanOuts == 1)
        #expect(places.fanOutRequests == 1)
    }
}
