// SPDX-License-Identifier: Apache-2.0
"use strict";

/** Computes a flame graph from its data; needs no document. */
class FlameModel {
    /** @param data The columns that FlameData writes, each node before its callees. */
    constructor(data) {
        this.data = data;
        this.count = data.parent.length;
        this.depth = new Array(this.count).fill(0);
        this.children = Array.from({ length: this.count }, () => []);
        for (let node = 1; node < this.count; node++) {
            this.depth[node] = this.depth[data.parent[node]] + 1;
            this.children[data.parent[node]].push(node);
        }
    }

    name(node) { return this.data.names[this.data.name[node]]; }

    /** The count of the stacks that end at a node. */
    own(node, series) {
        const totals = this.data.totals[series];
        const rest = this.children[node].reduce((rest, child) => rest - totals[child], totals[node]);
        return rest > totals[node] * 1e-9 ? rest : 0;
    }

    /** A node and its callers, the root first. */
    path(node) {
        const path = [];
        for (let at = node; at >= 0; at = this.data.parent[at]) path.unshift(at);
        return path;
    }

    /**
     * Lays out the boxes so that one node fills the width, with its callers above and its callees below.
     * Lengths are shares of the width. `omitted` counts the frames too narrow to draw, `share` is their share of the
     * node, and `absent` counts the frames without any width in this series.
     */
    layout(zoom, series) {
        const totals = this.data.totals[series];
        const around = this.path(zoom).slice(0, -1);
        const boxes = around.map(node => ({ node, x: 0, width: 1, around: true }));
        const next = new Map();
        const result = { boxes, omitted: 0, share: 0, absent: 0 };
        for (let node = zoom; node < this.count && (node === zoom || this.depth[node] > this.depth[zoom]); node++) {
            const width = totals[zoom] > 0 ? totals[node] / totals[zoom] : Number(node === zoom);
            if (!(width > 0)) { result.absent++; continue; }
            const parent = this.data.parent[node];
            const x = node === zoom ? 0 : next.get(parent);
            if (node !== zoom && x !== undefined) next.set(parent, x + width);
            if (x === undefined || width < this.data.narrowest) {
                result.omitted++;
                result.share += x === undefined ? 0 : width;
                continue;
            }
            boxes.push({ node, x, width, around: false });
            next.set(node, x);
        }
        return result;
    }

    /**
     * Finds the nodes whose name matches a regular expression, ignoring case.
     * `total` is their combined count: a match below another match does not count again.
     * `error` is the reason if the expression is invalid.
     */
    search(text, series) {
        const found = { nodes: new Set(), total: 0, error: null };
        if (text === "") return found;
        let expression;
        try { expression = new RegExp(text, "i"); } catch (error) { return { ...found, error: error.message }; }
        const hits = this.data.names.map(name => expression.test(name));
        const covered = new Array(this.count).fill(false);
        for (let node = 0; node < this.count; node++) {
            const above = node > 0 && covered[this.data.parent[node]];
            // The root is not a frame.
            const hit = node > 0 && hits[this.data.name[node]];
            covered[node] = above || hit;
            if (!hit) continue;
            found.nodes.add(node);
            if (!above) found.total += this.data.totals[series][node];
        }
        return found;
    }
}
