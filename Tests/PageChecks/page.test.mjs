// SPDX-License-Identifier: Apache-2.0

// Opens report.html in a browser: `node --test Tests/PageChecks/page.test.mjs`. The variable SWITCHYARD_RESULTS names
// the directory of other results than the reference run.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Browser, command } from "./chromium.mjs";
import { address, directory, has, rows } from "./results.mjs";

const skip = command ? false : "Chromium is missing; scripts/setup --checks installs it";

/** What the table of results has in a column, from the row that `results.csv` has. */
const columns = { "value": "median", "ratio": "ratio", "finds": "smallest_effect", "full speed": "full_speed" };
const intervals = { "95 % interval": ["ci_low", "ci_high"], "ratio's interval": ["ratio_low", "ratio_high"] };

const table = `document.getElementById("results-table")`;
const cells = title => `(() => {
    const headings = [...${table}.tHead.rows[0].cells].map(cell => cell.innerText.trim());
    const index = headings.indexOf(${JSON.stringify(title)});
    return [...${table}.tBodies[0].rows].map(row => row.cells[index])
        .map(cell => ({ text: cell.textContent, low: cell.dataset.value ?? "", high: cell.dataset.high ?? "" }));
})()`;
const heading = title => `[...${table}.tHead.rows[0].cells].find(cell => cell.innerText.trim() === "${title}")`;
const change = (id, code) => `(() => {
    const control = document.getElementById("${id}");
    ${code};
    control.dispatchEvent(new Event("input", { bubbles: true }));
})()`;

describe("report.html", { skip, timeout: 120_000 }, () => {
    let browser, tab;

    before(async () => {
        assert.ok(has("report.html") && has("results.csv"), `${directory} has no report.html or no results.csv`);
        browser = new Browser();
        tab = await browser.tab();
    });

    after(() => browser?.close());

    test("it loads nothing else, and has nothing to complain about", async () => {
        await tab.resize(1280);
        await tab.open(address);
        assert.equal(await tab.value("document.readyState"), "complete");
        assert.deepEqual(tab.requests.filter(url => url !== address && !url.startsWith("data:")), []);
        assert.deepEqual(tab.complaints, []);
    });

    for (const width of [390, 1280]) {
        test(`it is not wider than a window of ${width} pixels`, async () => {
            await tab.resize(width);
            await tab.open(address);
            assert.equal(await tab.value("innerWidth"), width);
            assert.ok(await tab.value("document.documentElement.scrollWidth") <= width);
        });
    }

    test("its names are unique, and its links lead somewhere", async () => {
        await tab.open(address);
        const names = await tab.value(`[...document.querySelectorAll("[id]")].map(element => element.id)`);
        assert.deepEqual(names.filter((name, index) => names.indexOf(name) !== index), []);
        const links = await tab.value(`[...document.querySelectorAll("a")].map(link => link.getAttribute("href"))`);
        const dead = link => link.startsWith("#") ? !names.includes(link.slice(1)) : !has(decodeURI(link));
        assert.deepEqual(links.filter(dead), []);
    });

    test("it shows the headline metrics first, and all rows on demand, with the digits of results.csv", async () => {
        await tab.open(address);
        const all = rows();
        const headlines = (await tab.value(cells("value"))).length;
        assert.ok(headlines > 0 && headlines < all.length);
        await tab.value(`document.getElementById("filter-all").click()`);
        await tab.value(`document.getElementById("more").click()`);
        for (const [title, column] of Object.entries(columns)) {
            const shown = (await tab.value(cells(title))).map(cell => cell.low);
            assert.deepEqual(shown, all.map(row => row[column]), title);
        }
        for (const [title, [low, high]] of Object.entries(intervals)) {
            const shown = (await tab.value(cells(title))).map(cell => [cell.low, cell.high]);
            assert.deepEqual(shown, all.map(row => [row[low], row[high]]), title);
        }
    });

    test("the keyboard sorts the table, in both directions", async () => {
        await tab.open(address);
        const sorted = async () => (await tab.value(cells("value"))).map(cell => cell.low).filter(low => low !== "");
        await tab.value(`${heading("value")}.querySelector("button").focus()`);
        for (const [direction, sign] of [["ascending", 1], ["descending", -1]]) {
            await tab.press("Enter", 13, "\r");
            assert.equal(await tab.value(`${heading("value")}.getAttribute("aria-sort")`), direction);
            const values = (await sorted()).map(Number);
            assert.deepEqual(values, values.toSorted((a, b) => sign * (a - b)));
        }
        assert.equal(await tab.value(`document.querySelectorAll("#results-table [aria-sort]").length`), 1);
    });

    test("a filter leaves the rows that it names, and says how many", async () => {
        await tab.open(address);
        const { backend, workload } = rows()[0];
        await tab.value(`document.getElementById("filter-text").focus()`);
        await tab.type(`${backend} ${workload}`);
        const all = rows().length;
        const texts = await tab.value(`[...${table}.tBodies[0].rows].map(row => row.innerText)`);
        assert.ok(texts.length > 0);
        assert.deepEqual(texts.filter(text => !text.includes(backend) || !text.includes(workload)), []);
        const count = await tab.value(`document.querySelector("[aria-live]").textContent.replaceAll(",", "")`);
        assert.equal(count, `${texts.length} of ${all} results`);
    });

    test("a metric that the reader chooses is shown, though it is no headline", async () => {
        await tab.open(address);
        await tab.value(change("filter-metric", `control.value = "cpu-time"`));
        const metrics = (await tab.value(cells("metric"))).map(cell => cell.text);
        assert.deepEqual([...new Set(metrics)], ["cpu-time"]);
    });

    test("without scripts it shows the same headlines, and no controls", async () => {
        await tab.open(address);
        const digits = await tab.value(cells("value"));
        await tab.send("Emulation.setScriptExecutionDisabled", { value: true });
        await tab.open(address);
        assert.deepEqual(await tab.value(cells("value")), digits);
        assert.equal(await tab.value(`document.querySelectorAll("thead button").length`), 0);
        assert.equal(await tab.value(`document.getElementById("filter").checkVisibility()`), false);
        await tab.send("Emulation.setScriptExecutionDisabled", { value: false });
    });
});
