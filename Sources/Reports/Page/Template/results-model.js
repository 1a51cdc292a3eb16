// SPDX-License-Identifier: Apache-2.0
"use strict";

/** The rows of the table of results: which of them a filter lets through, and in which order. */
class ResultsModel {
    constructor(data) {
        this.columns = data.columns;
        this.rows = data.rows.map(row => ResultsModel.row(row, data.words));
    }

    static row([isHeadline, ...cells], words) {
        const read = cells.map(cell => ResultsModel.cell(cell, words));
        return { isHeadline: isHeadline === 1, cells: read, text: read.map(cell => cell.text).join(" ").toLowerCase() };
    }

    /** A number is a text of `words`; an array has a text, the digits behind it, and those of an interval's end. */
    static cell(cell, words) {
        return typeof cell === "number" ? { text: words[cell] } : { text: cell[0], low: cell[1], high: cell[2] };
    }

    column(title) { return this.columns.findIndex(column => column.title === title); }

    /** The distinct texts of a column, in the order of the rows. */
    choices(title) {
        const index = this.column(title);
        return [...new Set(this.rows.map(row => row.cells[index].text))];
    }

    /** The rows that a filter lets through. A metric that it names need not be a headline. */
    matching(filter) {
        const words = filter.text.toLowerCase().split(/\s+/).filter(word => word !== "");
        const chosen = ["workload", "backend", "metric"].filter(title => filter[title] !== "");
        const columns = chosen.map(title => [this.column(title), filter[title]]);
        return this.rows.filter(row => (filter.all || filter.metric !== "" || row.isHeadline)
            && columns.every(([index, text]) => row.cells[index].text === text)
            && words.every(word => row.text.includes(word)));
    }

    /** Rows in the order of a column; those without a value come last in both directions. */
    sorted(rows, index, direction) {
        const factor = direction === "descending" ? -1 : 1;
        return rows.toSorted((a, b) => {
            const [one, two] = [a.cells[index], b.cells[index]];
            const missing = this.isMissing(one, index) - this.isMissing(two, index);
            return missing !== 0 ? missing : factor * this.compared(one, two, index);
        });
    }

    /** Whether a cell is empty, or has a word instead of a number: 1 or 0. */
    isMissing(cell, index) {
        return cell.text === "" || (this.columns[index].isNumber && Number.isNaN(ResultsModel.number(cell))) ? 1 : 0;
    }

    static number(cell) { return Number(cell.low ?? cell.text); }

    compared(one, two, index) {
        if (!this.columns[index].isNumber) return one.text.localeCompare(two.text, "en", { numeric: true });
        // Of two missing numbers, none is the greater one.
        return ResultsModel.number(one) - ResultsModel.number(two) || 0;
    }
}
