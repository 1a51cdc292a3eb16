// SPDX-License-Identifier: Apache-2.0

/** The page. Its state (zoom, search, width) is also the fragment of the address, so that links can be shared. */
(() => {
    const element = id => document.getElementById(id);
    const [chart, search, found, reset, details, omission] =
        ["chart", "search", "found", "reset", "details", "omission"].map(element);
    const model = new FlameModel(JSON.parse(element("data").textContent));
    const words = new FlameWords(model);
    const series = model.data.totals.length;
    const letters = FlameWords.letters;
    const widths = [...document.querySelectorAll("input[name=width]")];
    let state = read();
    let boxes = new Map();
    let current = state.zoom;

    // State and address

    function read() {
        let parameters;
        try { parameters = new URLSearchParams(location.hash.slice(1)); } catch { parameters = new URLSearchParams(); }
        const zoom = Number(parameters.get("zoom") ?? 0);
        const width = letters.indexOf(parameters.get("width") ?? "");
        return {
            zoom: Number.isInteger(zoom) && zoom >= 0 && zoom < model.count ? zoom : 0,
            search: parameters.get("search") ?? "",
            width: width >= 0 && width < series ? width : series - 1,
        };
    }

    function address() {
        const parameters = new URLSearchParams();
        if (state.zoom > 0) parameters.set("zoom", state.zoom);
        if (state.search !== "") parameters.set("search", state.search);
        if (state.width !== series - 1) parameters.set("width", letters[state.width]);
        return "#" + parameters;
    }

    /** Changes the state. The browser's back button undoes a zoom, but not a single letter of a search. */
    function change(part, isStep) {
        state = { ...state, ...part };
        show();
        if (isStep) location.hash = address(); else location.replace(address());
    }

    addEventListener("hashchange", () => {
        if (address() === (location.hash || "#")) return;
        state = read();
        show();
    });

    // Drawing

    function show() {
        const layout = model.layout(state.zoom, state.width);
        const match = model.search(state.search, state.width);
        const hadFocus = chart.contains(document.activeElement);
        const top = layout.boxes.reduce((deepest, box) => Math.max(deepest, model.depth[box.node]), 0);
        chart.style.height = `calc(${top + 1} * var(--row))`;
        boxes = new Map(layout.boxes.map(box => [box.node, draw(box, match)]));
        chart.replaceChildren(...boxes.values());
        if (!boxes.has(current)) current = state.zoom;
        boxes.get(current).tabIndex = 0;
        if (hadFocus) boxes.get(current).focus({ preventScroll: true });
        reset.disabled = state.zoom === 0;
        if (search.value !== state.search) search.value = state.search;
        widths.forEach((width, index) => { width.checked = index === state.width; });
        tellMatch(match);
        omission.textContent = words.omission(layout, state.width);
        tell(current);
    }

    function draw({ node, x, width, around }, match) {
        const box = document.createElement("div");
        const pixels = width * chart.clientWidth;
        box.className = "box";
        if (pixels < 24) box.classList.add("narrow"); else box.textContent = model.name(node);
        if (pixels > 4) box.classList.add("wide");
        if (around) box.classList.add("around");
        if (match.nodes.has(node)) box.classList.add("match");
        box.style.left = `${x * 100}%`;
        box.style.width = `${width * 100}%`;
        box.style.top = `calc(${model.depth[node]} * var(--row))`;
        box.style.background = model.data.palette[model.data.color[node]];
        box.tabIndex = -1;
        box.dataset.node = node;
        box.setAttribute("role", "treeitem");
        box.setAttribute("aria-level", model.depth[node] + 1);
        box.setAttribute("aria-label", `${model.name(node)}, ${words.figures(node).join(", ")}`);
        return box;
    }

    function tellMatch(match) {
        search.setAttribute("aria-invalid", match.error !== null);
        found.textContent = words.match(state.search, match, state.width);
    }

    // Details

    function tell(node) {
        const name = document.createElement("h2");
        name.textContent = model.name(node);
        const list = document.createElement("ul");
        for (const text of words.figures(node)) list.appendChild(document.createElement("li")).textContent = text;
        details.replaceChildren(name, list);
    }

    // Pointer and keys

    const nodeAt = event => {
        const box = event.target.closest(".box");
        return box === null ? null : Number(box.dataset.node);
    };

    /** Moves the focus to a box, and makes it the one that the Tab key reaches. */
    function focus(node) {
        if (!boxes.has(node)) return;
        boxes.get(current).tabIndex = -1;
        current = node;
        boxes.get(node).tabIndex = 0;
        boxes.get(node).focus();
    }

    function zoom(node) {
        current = node;
        change({ zoom: node }, true);
    }

    /** The next drawn box of the same row, to the right (1) or to the left (-1). */
    function neighbour(step) {
        const row = [...boxes.keys()].filter(node => model.depth[node] === model.depth[current]);
        return row[row.indexOf(current) + step];
    }

    const moves = {
        ArrowUp: () => model.data.parent[current],
        ArrowDown: () => model.children[current].find(node => boxes.has(node)),
        ArrowLeft: () => neighbour(-1),
        ArrowRight: () => neighbour(1),
        Home: () => 0,
    };

    chart.addEventListener("click", event => { if (nodeAt(event) !== null) zoom(nodeAt(event)); });
    chart.addEventListener("pointerover", event => { if (nodeAt(event) !== null) tell(nodeAt(event)); });
    chart.addEventListener("pointerleave", () => tell(current));
    chart.addEventListener("focusin", event => { if (nodeAt(event) !== null) tell(nodeAt(event)); });
    chart.addEventListener("keydown", event => {
        if (event.ctrlKey || event.metaKey || event.altKey) return;
        if (event.key === "Enter" || event.key === " ") zoom(current);
        else if (event.key in moves) focus(moves[event.key]());
        else return;
        event.preventDefault();
    });
    search.addEventListener("input", () => change({ search: search.value }, false));
    search.addEventListener("keydown", event => {
        if (event.key !== "Enter") return;
        const first = [...boxes.values()].find(box => box.classList.contains("match"));
        if (first !== undefined) focus(Number(first.dataset.node));
    });
    widths.forEach((width, index) => width.addEventListener("change", () => change({ width: index }, false)));
    reset.addEventListener("click", () => change({ zoom: 0 }, true));
    addEventListener("keydown", event => {
        if (event.key === "f" && (event.ctrlKey || event.metaKey) && document.activeElement !== search) {
            // Pressed again, the key opens the browser's own search.
            event.preventDefault();
            search.focus();
            search.select();
        } else if (event.key === "Escape") {
            if (document.activeElement === search || state.zoom === 0) change({ search: "" }, false);
            else change({ zoom: 0 }, true);
        }
    });

    let drawnWidth = chart.clientWidth;
    addEventListener("resize", () => {
        if (chart.clientWidth === drawnWidth) return;
        drawnWidth = chart.clientWidth;
        show();
    });
    show();
})();
