// SPDX-License-Identifier: Apache-2.0

/// Builds a call tree: its nodes are in the order of first use.
struct StackTrie {
    private struct Entry {
        let name: String
        var total = 0.0
        var own = 0.0
        var children: [Int] = []
    }

    private var entries = [Entry(name: CallTree.rootName)]
    private var places: [Place: Int] = [:]

    /// Adds one stack.
    mutating func add(_ stack: FoldedStack) {
        var place = 0
        entries[place].total += stack.count
        for name in stack.frames {
            place = child(name, of: place)
            entries[place].total += stack.count
        }
        entries[place].own += stack.count
    }

    /// The finished nodes, each before its children, in the final order.
    func nodes() -> [CallTree.Node] {
        var nodes: [CallTree.Node] = []
        nodes.reserveCapacity(entries.count)
        var ahead: [(entry: Int, parent: Int?, depth: Int)] = [(0, nil, 0)]
        while let (index, parent, depth) = ahead.popLast() {
            let entry = entries[index]
            let place = nodes.count
            nodes.append(
                CallTree.Node(
                    name: entry.name,
                    parent: parent,
                    depth: depth,
                    total: entry.total,
                    own: entry.own,
                    children: []
                )
            )
            if let parent { nodes[parent].children.append(place) }
            // Reversed, because the stack pops the last one first.
            for child in ordered(entry.children).reversed() { ahead.append((child, place, depth + 1)) }
        }
        return nodes
    }

    private func ordered(_ children: [Int]) -> [Int] {
        children.sorted {
            let (one, other) = (entries[$0], entries[$1])
            return one.total == other.total ? one.name < other.name : one.total > other.total
        }
    }

    private mutating func child(_ name: String, of parent: Int) -> Int {
        let place = Place(parent: parent, name: name)
        if let known = places[place] { return known }
        let new = entries.count
        entries.append(Entry(name: name))
        entries[parent].children.append(new)
        places[place] = new
        return new
    }
}
