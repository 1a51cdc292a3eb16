// SPDX-License-Identifier: Apache-2.0

/** The texts of a flame graph's page. */
class FlameWords {
    /** Short names for the two profiles of a comparison. */
    static letters = ["A", "B"];

    constructor(model) { this.model = model; }

    /** A node's figures as short texts; for a single profile, followed by its category. */
    figures(node) {
        const { totals, parent, labels, color } = this.model.data;
        const texts = totals.map((counts, index) => {
            const prefix = totals.length > 1 ? `${FlameWords.letters[index]}: ` : "";
            return `${prefix}${this.amount(counts[node])}, ${FlameWords.percent(counts[node], counts[0])} of all, `
                + `${FlameWords.percent(counts[node], counts[Math.max(parent[node], 0)])} of parent, `
                + `self\u00a0${FlameWords.percent(this.model.own(node, index), counts[0])}`;
        });
        if (totals.length > 1) return [...texts, this.difference(node)];
        return node > 0 ? [...texts, labels[color[node]]] : texts;
    }

    /** The difference between A and B at a node. */
    difference(node) {
        const [before, after] = this.model.data.totals.map(counts => counts[node]);
        const sign = after > before ? "+" : "";
        let relative = "new";
        if (before > 0) relative = after > 0 ? sign + FlameWords.percent(after - before, before) : "gone";
        const isMuted = this.model.data.color[node] === this.model.data.muted;
        const doubt = isMuted ? ", not certain: its interval contains 0" : "";
        return `B − A: ${sign}${this.amount(after - before)} (${relative})${doubt}`;
    }

    /** The result of a search. */
    match(text, { nodes, total, error }, series) {
        if (error !== null) return error;
        if (text === "") return "";
        if (nodes.size === 0) return "No frame matches.";
        const frames = nodes.size === 1 ? "1 frame matches" : `${FlameWords.digits(nodes.size)} frames match`;
        return `${frames}: ${FlameWords.percent(total, this.model.data.totals[series][0])} of all`;
    }

    /** A note on the frames that a layout does not draw. */
    omission({ omitted, share, absent }, series) {
        const texts = [];
        const limit = `${this.model.data.narrowest * 100} %`;
        if (omitted > 0) {
            texts.push(`Not drawn: ${FlameWords.frames(omitted)} narrower than ${limit}, `
                + `${FlameWords.percent(share, 1)} of this view. Zoom in to see them.`);
        }
        if (absent > 0) {
            const other = FlameWords.letters[1 - series];
            texts.push(`Only in ${other}: ${FlameWords.frames(absent)}. Set the width to ${other} to see them.`);
        }
        return texts.join(" ");
    }

    /** A count with its unit. */
    amount(count) {
        const units = this.model.data.units;
        if (units.length === 1 && count === 1) return `1\u00a0${units[0].replace(/s$/, "")}`;
        let rank = 0;
        while (Math.abs(count) >= 999.5 && rank < units.length - 1) { count /= 1000; rank++; }
        return `${FlameWords.digits(count)}\u00a0${units[rank]}`;
    }

    /** A part as a percentage of a whole, with a non-breaking space. */
    static percent(part, whole) { return whole > 0 ? `${FlameWords.digits(part / whole * 100)}\u00a0%` : "0\u00a0%"; }

    /** At least three significant digits, at most four decimals, and none for whole numbers; as Figure.compact. */
    static digits(value) {
        const size = Math.abs(value);
        const limits = Number.isInteger(value) ? [] : [99.95, 9.995, 0.9995, 0.09995];
        const decimals = limits.filter(limit => size < limit).length;
        const [whole, fraction] = value.toFixed(decimals).split(".");
        return whole.replace(/\B(?=(\d{3})+$)/g, ",") + (fraction === undefined ? "" : `.${fraction}`);
    }

    static frames(count) { return count === 1 ? "1 frame" : `${FlameWords.digits(count)} frames`; }
}
