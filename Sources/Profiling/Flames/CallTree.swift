// SPDX-License-Identifier: Apache-2.0

/// Stacks merged by common prefixes, from the root.
///
/// The nodes are flat, each before its children, so that no walk recurses: stacks may have any depth.
package struct CallTree: Sendable, Equatable {
    /// A function as called from one place.
    package struct Node: Sendable, Equatable {
        /// The frame's name; the root's is ``CallTree/rootName``.
        package let name: String
        /// The index of the caller's node; the root has none.
        package let parent: Int?
        /// The number of callers above it: 0 for the root.
        package let depth: Int
        /// The sum of the counts of all stacks that pass through the node.
        package let total: Double
        /// The sum of the counts of the stacks that end at the node.
        package let own: Double
        /// The indices of the callees' nodes, the largest total first, equal ones by name.
        package internal(set) var children: [Int]
    }

    /// The name of the node above all stacks.
    package static let rootName = "all"

    /// The nodes in depth-first order, the root first.
    package let nodes: [Node]

    /// Merges stacks, without those whose count is not positive and finite.
    package init(_ stacks: [FoldedStack]) {
        var trie = StackTrie()
        for stack in FoldedStacks.merged(stacks) { trie.add(stack) }
        nodes = trie.nodes()
    }

    /// The sum of the counts of all stacks.
    package var total: Double { nodes[0].total }

    /// The number of frames of the deepest stack.
    package var depth: Int { nodes.reduce(0) { max($0, $1.depth) } }

    /// Maps every node by the names on the path from the root to it, the root's own excluded.
    ///
    /// The root itself maps to `root`.
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

    /// The total of other stacks at each node of this tree; below the point where a stack leaves the tree it is
    /// dropped.
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

/// A child of a node, by its name.
struct Place: Hashable {
    let parent: Int
    let name: String
}
