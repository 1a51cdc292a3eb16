// SPDX-License-Identifier: Apache-2.0

/** The table of all results: its controls, which need a script, and its rows. */
(() => {
    const element = id => document.getElementById(id);
    const [form, table, count, more] = ["filter", "results-table", "count", "more"].map(element);
    const model = new ResultsModel(JSON.parse(element("data").textContent));
    const headings = [...table.tHead.rows[0].cells];
    const most = 500;
    let order = null;

    // Reading the controls

    const value = name => element(`filter-${name}`).value;

    function shown() {
        const filter = Object.fromEntries(["text", "workload", "backend", "metric"].map(name => [name, value(name)]));
        const rows = model.matching({ ...filter, all: element("filter-all").checked });
        return order ? model.sorted(rows, order.index, order.direction) : rows;
    }

    // Writing the rows

    function tableCell(cell, index) {
        const result = document.createElement(index === 0 ? "th" : "td");
        if (index === 0) result.scope = "row";
        if (model.columns[index].isNumber) result.className = "number";
        if (cell.low !== undefined) result.dataset.value = cell.low;
        if (cell.high !== undefined) result.dataset.high = cell.high;
        result.textContent = cell.text;
        return result;
    }

    function tableRow(row) {
        const result = document.createElement("tr");
        result.append(...row.cells.map(tableCell));
        return result;
    }

    function show(limit = most) {
        const rows = shown();
        table.tBodies[0].replaceChildren(...rows.slice(0, limit).map(tableRow));
        say(rows.length, limit);
    }

    const grouped = number => number.toLocaleString("en");

    function say(length, limit) {
        const part = length > limit ? `; the first ${grouped(limit)} are shown` : "";
        count.textContent = `${grouped(length)} of ${grouped(model.rows.length)} results${part}`;
        more.hidden = length <= limit;
    }

    // Sorting

    function sort(index) {
        const isAscending = order?.index === index && order.direction === "ascending";
        order = { index, direction: isAscending ? "descending" : "ascending" };
        headings.forEach((heading, other) => {
            if (other === index) heading.setAttribute("aria-sort", order.direction);
            else heading.removeAttribute("aria-sort");
        });
        show();
    }

    function addButton(heading, index) {
        const button = document.createElement("button");
        button.type = "button";
        button.append(...heading.childNodes);
        button.addEventListener("click", () => sort(index));
        heading.append(button);
    }

    // Setting up

    function fill(name) {
        const options = model.choices(name).map(text => new Option(text, text));
        element(`filter-${name}`).append(...options);
    }

    ["workload", "backend", "metric"].forEach(fill);
    headings.forEach(addButton);
    form.addEventListener("input", () => show());
    form.addEventListener("submit", event => event.preventDefault());
    more.addEventListener("click", () => show(Infinity));
    form.hidden = false;
    say(model.rows.filter(row => row.isHeadline).length, Infinity);
})();
