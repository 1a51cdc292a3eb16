// SPDX-License-Identifier: Apache-2.0

// The results that the page is compared with.

import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const reference = fileURLToPath(new URL("../../Results/reference", import.meta.url));

/** The directory of the results: that of SWITCHYARD_RESULTS, or the reference run. */
export const directory = resolve(process.env.SWITCHYARD_RESULTS ?? reference);

/** The address of the page. */
export const address = pathToFileURL(`${directory}/report.html`).href;

/** Whether the results have a file. */
export const has = name => existsSync(`${directory}/${name}`);

/** The rows of `results.csv`, by the names of their columns. */
export function rows() {
    const [header, ...lines] = readFileSync(`${directory}/results.csv`, "utf8").trimEnd().split("\n").map(fields);
    return lines.map(line => Object.fromEntries(line.map((field, index) => [header[index], field])));
}

function fields(line) {
    const found = [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)];
    return found.map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain);
}
