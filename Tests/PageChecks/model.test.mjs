// SPDX-License-Identifier: Apache-2.0

// Tests what the page's table of results does without a browser: `node --test Tests/PageChecks/model.test.mjs`.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import vm from "node:vm";

const file = new URL("../../Sources/Reports/Page/Template/results-model.js", import.meta.url);
const ResultsModel = vm.runInThisContext(`(() => { ${readFileSync(file, "utf8")} return ResultsModel; })()`);

const titles = ["workload", "backend", "metric"].map(title => ({ title, isNumber: false }));
const model = new ResultsModel({
    columns: [...titles, { title: "value", isNumber: true }],
    words: ["yield", "echo a=2", "echo a=10", "epoll", "NIO", "switch", "cpu-time", "", "FAILED"],
    rows: [
        [1, 1, 3, 5, ["1.10 µs", "1100"]], [1, 2, 4, 5, 7], [1, 0, 3, 5, ["9.00 ns", "9"]],
        [0, 0, 4, 6, ["10.0 ns", "10"]], [0, 0, 4, 6, 8],
    ],
});
const filter = part => ({ text: "", workload: "", backend: "", metric: "", all: false, ...part });
const found = part => model.matching(filter(part)).map(row => model.rows.indexOf(row));
const order = (title, direction) =>
    model.sorted(model.rows, model.column(title), direction).map(row => model.rows.indexOf(row));

test("only headlines are shown until all metrics are asked for", () => {
    assert.deepEqual(found({}), [0, 1, 2]);
    assert.deepEqual(found({ all: true }), [0, 1, 2, 3, 4]);
});

test("a metric that is chosen by name need not be a headline", () => {
    assert.deepEqual(found({ metric: "cpu-time" }), [3, 4]);
});

test("every word of the text has to occur, in upper or lower case", () => {
    assert.deepEqual(found({ text: "ECHO  nio" }), [1]);
    assert.deepEqual(found({ text: "echo yield" }), []);
});

test("all parts of a filter have to hold", () => {
    assert.deepEqual(found({ workload: "yield", backend: "epoll" }), [2]);
    assert.deepEqual(found({ workload: "yield", backend: "NIO" }), []);
});

test("numbers are sorted by their digits, and rows without one come last", () => {
    assert.deepEqual(order("value", "ascending"), [2, 3, 0, 1, 4]);
    assert.deepEqual(order("value", "descending"), [0, 3, 2, 1, 4]);
});

test("texts are sorted with the numbers in them as numbers", () => {
    assert.deepEqual(order("workload", "ascending"), [0, 1, 2, 3, 4]);
    assert.deepEqual(order("workload", "descending"), [2, 3, 4, 1, 0]);
});

test("the choices of a filter are those of the column, each once", () => {
    assert.deepEqual(model.choices("backend"), ["epoll", "NIO"]);
});
