// SPDX-License-Identifier: Apache-2.0

/// Stacks merged by what they have in common, from the root on.
///
/// The nodes are kept flat, each before its children, so that no walk recurses: stacks may be of any depth.
package struct CallTree: Sendable, Equatable {
    /// A function as called from one place.
    package struct Node: Sendable, Equatable {
        /// The frame's name; the root's is ``CallTree/rootName``.
        package let name: String
        /// The index of the caller's node; the root has none.
        package let parent: Int?
        /// How many callers there are above it: 0 for the root.
        package let depth: Int
        /// The counts of all stacks that go through here.
        package let total: Double
        /// The counts of the stacks that end here.
        package let own: Double
        /// The indices of the nodes that this one calls, the largest total first, equal ones by name.
        package internal(set) var children: [Int]
    }

    /// The name of the node above all stacks.
    package static let rootName = "all"

    /// The nodes, the root first, each followed by its children in their order and by what is below them.
    package let nodes: [Node]

    /// Merges stacks; counts that are not above 0, or not finite, are left out.
    package init(_ stacks: [FoldedStack]) {
        var trie = StackTrie()
        for stack in FoldedStacks.merged(stacks) { trie.add(stack) }
        nodes = trie.nodes()
    }

    /// The counts of all stacks.
    package var total: Double { nodes[0].total }

    /// How many frames the deepest stack has.
    package var depth: Int { nodes.reduce(0) { max($0, $1.depth) } }

    /// Something for every node, from the names on the way to it, without the root's.
    ///
    /// The root is not asked about: its result is `root`.
    package func map<Result>(root: Result, _ transform: (_ path: [String]) -> Result) -> [Result] {
        var path: [String] = []
        var results = [root]
        results.reserveCapacity(nodes.count)
        for node in nodes.dropFirst() {
            path.removeLast(path.count - (node.depth - 1))
            path.append(node.name)
            results.append(transform(path))
        }
        return results
    }

    /// What other stacks come to on each of this tree's nodes; where they leave the tree they no longer count.
    func totals(of stacks: [FoldedStack]) -> [Double] {
        var totals = [Double](repeating: 0, count: nodes.count)
        let places = places
        for stack in FoldedStacks.merged(stacks) {
            var place = 0
            totals[place] += stack.count
            for name in stack.frames {
                guard let next = places[Place(parent: place, name: name)] else { break }
                place = next
                totals[place] += stack.count
            }
        }
        return totals
    }

    private var places: [Place: Int] {
        var places: [Place: Int] = [:]
        for (index, node) in nodes.enumerated() {
            if let parent = node.parent { places[Place(parent: parent, name: node.name)] = index }
        }
        return places
    }
}

/// A name below a node.
struct Place: Hashable {
    let parent: Int
    let name: String
}
