// SPDX-License-Identifier: Apache-2.0

import Tasklets

extension Workloads {
    /// The concurrent prime sieve of Newsqueak, Limbo and Go: a chain of tasklets, each of which drops the multiples of
    /// one prime.
    ///
    /// A filter takes the first number that it receives as its prime, and spawns the next filter for the numbers that
    /// it passes on; so the chain grows during the run. An operation is a message, that is, a number that a filter
    /// receives. A prime would not do as an operation: it takes the more messages the more primes precede it.
    static let sieve = Workload(
        name: "sieve",
        summary: "A chain of tasklets finds the primes, each by dropping the multiples of one.",
        parameters: [
            Parameter("limit", "the primes below it are found", default: 1_500, quick: 1_000, in: 3...100_000)
        ],
        operation: "message",
        metric: "message",
        operations: { PlainSieve(below: $0["limit"]).messages },
        expected: { PlainSieve(below: $0["limit"]).answer },
        run: { parameters, observer in
            let chain = Chain()
            let numbers = Channel<Int?>("numbers")
            let first = Tasklet.spawn("filter") { try await chain.filter(numbers) }
            try await numbers.waitForReceivers(1)
            observer.mark(.begin)
            for number in 2..<parameters["limit"] { try await numbers.send(number) }
            try await numbers.send(nil)
            try await first.join()
            observer.mark(.end)
            return chain.total.sum
        }
    )
}

private struct Chain: Sendable {
    /// The sum of the primes, and of the numbers that each filter received.
    let total = AtomicSum()

    /// Takes a prime and passes on what it does not divide, until a nil ends the numbers and with them the chain.
    func filter(_ incoming: Channel<Int?>) async throws {
        guard let prime = try await incoming.receive() else { return }
        let outgoing = Channel<Int?>("numbers")
        let next = Tasklet.spawn("filter") { try await filter(outgoing) }
        var arrivals = Arrivals()
        arrivals.note(prime)
        while let number = try await incoming.receive() {
            arrivals.note(number)
            if number % prime != 0 { try await outgoing.send(number) }
        }
        total.add(prime + arrivals.sum)
        try await outgoing.send(nil)
        try await next.join()
    }
}

/// The same sieve in an array.
private struct PlainSieve {
    /// The number of messages in the chain, without the nil that ends each filter.
    private(set) var messages = 0
    /// The sum of the primes, and of the numbers that each filter receives.
    private(set) var answer = 0

    init(below limit: Int) {
        // A number reaches the filter of its smallest prime factor, and those before it; zero means not known yet.
        var filters = [Int](repeating: 0, count: limit)
        var primes = 0
        for number in 2..<limit {
            if filters[number] == 0 {
                primes += 1
                answer += number
                for multiple in stride(from: number, to: limit, by: number) where filters[multiple] == 0 {
                    filters[multiple] = primes
                }
            }
            messages += filters[number]
            answer += filters[number] * number
        }
    }
}
