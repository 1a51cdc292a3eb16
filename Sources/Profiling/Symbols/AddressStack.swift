// SPDX-License-Identifier: Apache-2.0

/// A sampled call chain with its number of samples.
package struct AddressStack: Sendable, Equatable {
    /// The interrupted instruction, then the return address in each caller, the outermost last.
    package let addresses: [UInt64]
    /// The number of samples.
    package let count: Int

    package init(addresses: [UInt64], count: Int) {
        self.addresses = addresses
        self.count = count
    }

    /// The addresses to symbolize, in the same order.
    ///
    /// A return address follows the call and may belong to the next line or even to the next function; the byte before
    /// it is part of the call.
    package var lookUpAddresses: [UInt64] {
        addresses.prefix(1) + addresses.dropFirst().map { $0 > 0 ? $0 - 1 : 0 }
    }
}
