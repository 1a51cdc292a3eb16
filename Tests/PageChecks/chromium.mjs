// SPDX-License-Identifier: Apache-2.0

// Drives a headless Chromium over the pipe of its DevTools protocol, which needs neither a port nor a library.

import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The command of the browser; undefined where none is installed. */
export const command = ["chromium", "chromium-browser", "google-chrome"]
    .find(name => spawnSync(name, ["--version"]).status === 0);

/** A browser, and its answers and events, which are JSON with a zero byte behind each. */
export class Browser {
    #profile = mkdtempSync(join(tmpdir(), "page-checks-"));
    #pending = new Map();
    #listeners = new Set();
    #text = "";
    #last = 0;

    constructor() {
        // A container has neither the namespaces nor the shared memory that the browser asks for.
        const options = ["--headless=new", "--remote-debugging-pipe", "--no-sandbox", "--disable-dev-shm-usage",
            "--disable-gpu", "--no-first-run", "--disable-background-networking", `--user-data-dir=${this.#profile}`];
        this.process = spawn(command, options, { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
        this.process.stdio[4].setEncoding("utf8").on("data", text => this.#receive(text));
        this.process.on("exit", () => this.#fail(new Error("the browser has ended")));
    }

    #receive(text) {
        const messages = (this.#text + text).split("\0");
        this.#text = messages.pop();
        for (const message of messages) this.#handle(JSON.parse(message));
    }

    #handle(message) {
        const answer = this.#pending.get(message.id);
        this.#pending.delete(message.id);
        if (!answer) for (const listener of this.#listeners) listener(message);
        else if (message.error) answer.reject(new Error(message.error.message));
        else answer.resolve(message.result);
    }

    #fail(error) {
        for (const answer of this.#pending.values()) answer.reject(error);
        this.#pending.clear();
    }

    /** Sends a command and returns its result. */
    send(method, params = {}, sessionId = undefined) {
        const id = ++this.#last;
        this.process.stdio[3].write(JSON.stringify({ id, method, params, sessionId }) + "\0");
        return new Promise((resolve, reject) => this.#pending.set(id, { resolve, reject }));
    }

    /** Calls a function with every event. */
    listen(listener) { this.#listeners.add(listener); }

    /** Opens a tab. */
    async tab() {
        const { targetId } = await this.send("Target.createTarget", { url: "about:blank" });
        const { sessionId } = await this.send("Target.attachToTarget", { targetId, flatten: true });
        const tab = new Tab(this, sessionId);
        for (const domain of ["Page", "Runtime", "Network", "Log"]) await tab.send(`${domain}.enable`);
        return tab;
    }

    async close() {
        const ended = new Promise(resolve => this.process.once("exit", resolve));
        await this.send("Browser.close");
        await ended;
        rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 });
    }
}

/** A tab, with what it requested and what it complained about. */
class Tab {
    requests = [];
    complaints = [];
    #loaded = () => {};

    constructor(browser, session) {
        this.browser = browser;
        this.session = session;
        browser.listen(event => { if (event.sessionId === session) this.#note(event); });
    }

    #note({ method, params }) {
        if (method === "Page.loadEventFired") this.#loaded();
        if (method === "Network.requestWillBeSent") this.requests.push(params.request.url);
        if (method === "Runtime.exceptionThrown") this.complaints.push(params.exceptionDetails);
        if (method === "Log.entryAdded") this.complaints.push(params.entry.text);
        if (method === "Runtime.consoleAPICalled") this.complaints.push(params.args);
    }

    send(method, params) { return this.browser.send(method, params, this.session); }

    /** Makes the window as wide as that of a device. */
    resize(width) {
        return this.send("Emulation.setDeviceMetricsOverride",
            { width, height: 900, deviceScaleFactor: 1, mobile: width < 500 });
    }

    async open(address) {
        const loaded = new Promise(resolve => { this.#loaded = resolve; });
        await this.send("Page.navigate", { url: address });
        await loaded;
    }

    /** The value of an expression in the page. */
    async value(expression) {
        const { result, exceptionDetails } = await this.send("Runtime.evaluate", { expression, returnByValue: true });
        if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
        return result.value;
    }

    /** Presses and releases a key. */
    async press(key, code, text) {
        const event = { key, code: key, windowsVirtualKeyCode: code };
        await this.send("Input.dispatchKeyEvent", { type: "keyDown", ...event, text });
        await this.send("Input.dispatchKeyEvent", { type: "keyUp", ...event });
    }

    /** Types a text into the element that has the focus. */
    type(text) { return this.send("Input.insertText", { text }); }
}
