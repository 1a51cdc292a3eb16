// SPDX-License-Identifier: Apache-2.0

// Tests the computations of a flame graph's page without a browser: `node --test Tests/FlameChecks`.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import vm from "node:vm";

const folder = new URL("../../Sources/Profiling/Flames/Page/", import.meta.url);
const source = ["flame-model.js", "flame-words.js"].map(name => readFileSync(new URL(name, folder), "utf8")).join("");
const { FlameModel, FlameWords } = vm.runInThisContext(`(() => { ${source} return { FlameModel, FlameWords }; })()`);

// all calls a and b; a has 2 of its own and calls x and y(; b calls x.
const data = {
    names: ["all", "a", "x", "y(", "b"], name: [0, 1, 2, 3, 4, 2], parent: [-1, 0, 1, 1, 0, 4],
    color: [0, 0, 0, 0, 1, 0], totals: [[100, 60, 50, 8, 40, 40]], palette: ["#fff", "#eee"],
    labels: ["other", "user code"], muted: -1, units: ["samples"], narrowest: 0.1,
};
const model = new FlameModel(data);
const words = new FlameWords(model);
const pair = new FlameModel({
    ...data, totals: [[100, 60, 50, 8, 40, 40], [100, 100, 0, 20, 0, 0]], muted: 1, units: ["ns", "µs"],
});
const plain = text => text.replaceAll("\u00a0", " ");

test("a node's own count is its total less its callees", () => {
    assert.deepEqual([0, 1, 2, 4].map(node => model.own(node, 0)), [0, 2, 50, 0]);
});

test("a path goes from the root to the node", () => assert.deepEqual(model.path(3), [0, 1, 3]));

test("callees are side by side below their caller; narrow ones are counted instead", () => {
    const { boxes, omitted, share, absent } = model.layout(0, 0);
    assert.deepEqual(boxes.map(box => [box.node, box.x, box.width]), [
        [0, 0, 1], [1, 0, 0.6], [2, 0, 0.5], [4, 0.6, 0.4], [5, 0.6, 0.4],
    ]);
    assert.deepEqual([omitted, share, absent], [1, 0.08, 0]);
});

test("a zoom fills the width with a node, keeps its callers, and shows frames that were too narrow before", () => {
    const { boxes, omitted } = model.layout(1, 0);
    assert.deepEqual(boxes.map(box => [box.node, box.around]), [[0, true], [1, false], [2, false], [3, false]]);
    assert.equal(boxes[1].width, 1);
    assert.equal(boxes[2].width, 50 / 60);
    assert.equal(omitted, 0);
});

test("frames that one profile lacks are counted as absent, and a zoom into one draws it alone", () => {
    assert.equal(pair.layout(0, 1).absent, 3);
    assert.deepEqual(pair.layout(4, 1).boxes.map(box => [box.node, box.width]), [[0, 1], [4, 1]]);
});

test("a search does not count a match below another match again", () => {
    const found = model.search("^[ax]$", 0);
    assert.deepEqual([...found.nodes], [1, 2, 5]);
    assert.equal(found.total, 100);
    assert.equal(model.search("X", 0).total, 90);
});

test("a search never finds the root, and an empty one finds nothing", () => {
    assert.equal(model.search("all", 0).nodes.size, 0);
    assert.equal(model.search("", 0).nodes.size, 0);
});

test("an invalid expression is an error", () => {
    const found = model.search("y(", 0);
    assert.match(found.error, /regular expression/);
    assert.equal(words.match("y(", found, 0), found.error);
    assert.equal(model.search("y\\(", 0).nodes.size, 1);
});

test("the result of a search is a share of the total", () => {
    assert.equal(plain(words.match("x", model.search("x", 0), 0)), "2 frames match: 90 % of all");
    assert.equal(words.match("q", model.search("q", 0), 0), "No frame matches.");
    assert.equal(words.match("", model.search("", 0), 0), "");
});

test("a frame's figures are shares of the total and of its caller", () => {
    assert.deepEqual(words.figures(2).map(plain), ["50 samples, 50 % of all, 83.3 % of parent, self 50 %", "other"]);
});

test("a difference has a sign and a share of A, and says whether it is certain", () => {
    const words = new FlameWords(pair);
    assert.equal(plain(words.difference(1)), "B − A: +40 ns (+66.7 %)");
    assert.equal(plain(words.difference(2)), "B − A: -50 ns (gone)");
    assert.equal(plain(words.difference(4)), "B − A: -40 ns (gone), not certain: its interval contains 0");
});

test("a note counts the frames that are not drawn", () => {
    assert.equal(plain(words.omission({ omitted: 1, share: 0.08, absent: 0 }, 0)),
        "Not drawn: 1 frame narrower than 10 %, 8 % of this view. Zoom in to see them.");
    assert.equal(words.omission({ omitted: 0, share: 0, absent: 2 }, 1),
        "Only in A: 2 frames. Set the width to A to see them.");
});

test("figures have three digits and a suitable unit", () => {
    const words = new FlameWords(pair);
    assert.deepEqual([0, 1, 12.345, 999.4, 999.6, 1234, 5e7].map(count => plain(words.amount(count))),
        ["0 ns", "1 ns", "12.3 ns", "999 ns", "1.00 µs", "1.23 µs", "50,000 µs"]);
    assert.deepEqual([0.1, 0.051, 9.999, 1234567, -12.5].map(FlameWords.digits),
        ["0.100", "0.0510", "10.0", "1,234,567", "-12.5"]);
    assert.equal(plain(new FlameWords(model).amount(1)), "1 sample");
});
