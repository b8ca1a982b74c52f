// SPDX-License-Identifier: GPL-3.0-or-later
// compare.mjs - a foreign opinion on the road engine: random legs of kerbside-bench legs, routed by
// another engine over the same extract for a truck of the same size; every difference of more than
// a quarter is put into a class.
//
//   node compare.mjs [--bench PROGRAM] [--data DIR] [--legs N] [--seed N] [--tiles DIR]
//                    [--only NAME] [--list FILE] [-o CSV]
//
// Rows go to CSV (classes to *_classes.csv, speeds to *_speeds.csv beside it); those of extracts
// that are not run stay. --list writes every leg that differs, a line of JSON each. docs/foreign.md
// says how.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { byWay, classOf, classOfRefusal, isFar, metres, seconds, turnSeconds } from "./classes.mjs";
import { Foreign, buildTiles, findPackage } from "./engine.mjs";

const HERE = path.dirname(new URL(import.meta.url).pathname);
const { values: asked } = parseArgs({ options: {
  bench: { type: "string", default: path.join(HERE, "../../build/release/kerbside-bench") },
  data: { type: "string", default: process.env.KERBSIDE_DATA ?? path.join(HERE, "../../../shared/data") },
  legs: { type: "string", default: "1000" },
  seed: { type: "string", default: "1" },
  tiles: { type: "string", default: path.join(os.tmpdir(), "kerbside-foreign") },
  only: { type: "string" },
  list: { type: "string" },
  out: { type: "string", short: "o" },
} });

const skip = (why) => { console.log(`skipped: ${why}`); process.exit(77); };
const median = (list) => list.length ? [...list].sort((a, b) => a - b)[list.length >> 1] : NaN;

function bench(extract, ...words) {
  const text = execFileSync(asked.bench, ["legs", extract, ...words], { maxBuffer: 1 << 30, encoding: "utf8" });
  return text.split("\n").filter(Boolean).map((line) => JSON.parse(line));
}

/** What our engine makes of their routes: by leg. */
function judge(extract, routed) {
  const rows = ["leg,way,from_lat,from_lon,to_lat,to_lon"];
  for (const { leg, route } of routed)
    for (const edge of route.edges ?? [])
      edge.points.slice(1).forEach((b, k) => {
        const a = edge.points[k];
        if (a[0] !== b[0] || a[1] !== b[1]) rows.push([leg.leg, edge.way, ...a, ...b].join(","));
      });
  const folder = mkdtempSync(path.join(os.tmpdir(), "kerbside-drives-"));
  writeFileSync(path.join(folder, "drives.csv"), rows.join("\n") + "\n");
  const judged = bench(extract, "--along", path.join(folder, "drives.csv"));
  rmSync(folder, { recursive: true });
  return new Map(judged.map((drive) => [drive.leg, drive]));
}

async function compareLeg(foreign, { leg, route }, judged, tally, speeds) {
  const ours = leg.time_ms !== null, theirs = Boolean(route.edges);
  if (ours && theirs) tally.both++;
  else tally[ours ? "ours_only" : theirs ? "theirs_only" : "neither"]++;
  if (!ours && !theirs) return;
  if (ours !== theirs) return classOfRefusal(foreign, leg, route, judged);
  const along = await foreign.walk(leg.shape);
  const time = leg.time_ms / 1000 / seconds(route.edges), length = leg.length_mm / 1000 / metres(route.edges);
  tally.time.push(time);
  tally.length.push(length);
  if (along) {
    tally.turns.km += leg.length_mm / 1e6;
    tally.turns.ours_s += leg.runs.reduce((total, run) => total + run.turn_ms / 1000, 0);
    tally.turns.theirs_s += turnSeconds(along);
  }
  for (const { road, metres: driven, ours_s, theirs_s } of along ? byWay(leg, along).values() : []) {
    if (!road || !theirs_s) continue;
    const row = speeds.get(road) ?? speeds.set(road, { metres: 0, ours_s: 0, theirs_s: 0 }).get(road);
    row.metres += driven; row.ours_s += ours_s; row.theirs_s += theirs_s;
  }
  const far_length = isFar(length) && Math.abs(leg.length_mm / 1000 - metres(route.edges)) > 20;
  tally.far_time += isFar(time);
  tally.far_length += far_length;
  if (!far_length && !isFar(time)) return;
  const cause = await classOf(foreign, leg, route.edges, along, judged, far_length);
  return [...cause, time, length];
}

async function compareExtract(engine, name, file, ends, speeds, listed) {
  const { config, extract } = buildTiles(engine, file, path.join(asked.tiles, name));
  const [truck, ...legs] = bench(extract, "--legs", asked.legs, "--seed", asked.seed, "--ends", ends);
  const foreign = new Foreign(engine, config, truck);
  const routed = [];
  for (const leg of legs) routed.push({ leg, route: await foreign.route(leg.from, leg.to) });
  const judged = judge(extract, routed);
  const tally = { both: 0, ours_only: 0, theirs_only: 0, neither: 0, far_time: 0, far_length: 0, time: [], length: [],
                  turns: { km: 0, ours_s: 0, theirs_s: 0 } };
  const classes = new Map();
  for (const pair of routed) {
    const cause = await compareLeg(foreign, pair, judged.get(pair.leg.leg), tally, speeds);
    if (!cause) continue;
    const key = `${cause[0].replaceAll(",", "")},${cause[1]}`;
    classes.set(key, (classes.get(key) ?? 0) + 1);
    listed.push({ extract: name, ends, leg: pair.leg.leg, class: cause[0], detail: cause[1], where: cause[2],
                  time_ratio: cause[3], length_ratio: cause[4], from: pair.leg.from, to: pair.leg.to });
  }
  return { name, ends, legs: legs.length, tally, classes };
}

function writeWhole(file, text) {
  writeFileSync(`${file}.part`, text);
  renameSync(`${file}.part`, file);
}

const percent = (n, of) => of ? (100 * n / of).toFixed(1) : "";
const HEAD = "extract,ends,legs,both,ours_only,theirs_only,neither,median_time_ratio,median_length_ratio," +
  "time_over_25_percent,length_over_25_percent,ours_turn_s_per_km,theirs_turn_s_per_km";

function rowOf({ name, ends, legs, tally }) {
  return [name, ends, legs, tally.both, tally.ours_only, tally.theirs_only, tally.neither, median(tally.time).toFixed(3),
          median(tally.length).toFixed(3), percent(tally.far_time, tally.both), percent(tally.far_length, tally.both),
          (tally.turns.ours_s / tally.turns.km).toFixed(2), (tally.turns.theirs_s / tally.turns.km).toFixed(2)].join(",");
}

function classRows({ name, ends, classes }) {
  return [...classes].sort((a, b) => b[1] - a[1]).map(([key, n]) => `${name},${ends},${key},${n}`);
}

function speedRow(name, [road, { metres: driven, ours_s, theirs_s }]) {
  return [name, road, (driven / 1000).toFixed(1), (driven * 3.6 / ours_s).toFixed(1), (driven * 3.6 / theirs_s).toFixed(1)].join(",");
}

const engine = findPackage();
if (!engine) skip("@valhallajs/valhallajs is not installed (./dev foreign installs it)");
if (!existsSync(path.join(asked.data, "osm"))) skip(`${asked.data}/osm is absent (KERBSIDE_DATA)`);
const extracts = readdirSync(path.join(asked.data, "osm")).sort()
  .filter((file) => /\.osm\.(pbf|gz)$/.test(file) && (!asked.only || asked.only.split(",").includes(file.split(".")[0])));
const tables = { "": [HEAD], _classes: ["extract,ends,class,detail,legs"], _speeds: ["extract,class,km,ours_kmh,theirs_kmh"] };
const listed = [], names = extracts.map((file) => file.split(".")[0]);
console.log(HEAD);
for (const [k, file] of extracts.entries()) {
  const speeds = new Map();
  for (const ends of ["main", "any"]) {
    const done = await compareExtract(engine, names[k], path.join(asked.data, "osm", file), ends, speeds, listed);
    tables[""].push(rowOf(done));
    tables._classes.push(...classRows(done));
    console.log(tables[""].at(-1));
  }
  const driven = [...speeds].sort((a, b) => b[1].metres - a[1].metres);
  tables._speeds.push(...driven.map((row) => speedRow(names[k], row)));
}
console.log([...tables._classes, ...tables._speeds].join("\n"));
if (asked.list) writeWhole(asked.list, listed.map((line) => JSON.stringify(line)).join("\n") + "\n");
for (const [ending, lines] of asked.out ? Object.entries(tables) : []) {
  const file = asked.out.replace(/\.csv$/, `${ending}.csv`);
  const before = existsSync(file) ? readFileSync(file, "utf8").split("\n").slice(1) : [];
  const kept = before.filter((row) => row && !names.includes(row.split(",")[0]));
  const whole = [...kept, ...lines.slice(1)].map((row, at) => [row.split(",")[0], at, row]);
  whole.sort((a, b) => a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : a[1] - b[1]);
  writeWhole(file, [lines[0], ...whole.map((row) => row[2])].join("\n") + "\n");
}
