// SPDX-License-Identifier: GPL-3.0-or-later
// engine.mjs - the other engine: its tiles, its routes, and what it makes of a given path.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const METRES_PER_DEGREE = 111195.08;
const CUTOFF_M = 20; // an end lies on its road: farther is another road

const require = createRequire(import.meta.url);

/** The package, or null where it is not installed. */
export function findPackage() {
  try {
    return { ...require("@valhallajs/valhallajs"), folder: path.dirname(require.resolve("@valhallajs/valhallajs")) };
  } catch {
    return null;
  }
}

/** Its programs write odd files where they stand: they stand in the folder. */
function command(engine, folder, name, words) {
  const whole = [path.join(engine.folder, "bin", "valhalla-cli.js"), name, ...words];
  return execFileSync(process.execPath, whole, { stdio: ["ignore", "pipe", "ignore"], maxBuffer: 1 << 28, cwd: folder });
}

// One country over the whole earth: without any, traffic keeps left. All our extracts keep right.
const ONE_COUNTRY = `<?xml version="1.0"?>
<osm version="0.6">
<node id="1" version="1" lat="-80" lon="-179"/><node id="2" version="1" lat="-80" lon="179"/>
<node id="3" version="1" lat="80" lon="179"/><node id="4" version="1" lat="80" lon="-179"/>
<way id="1" version="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/><nd ref="4"/><nd ref="1"/></way>
<relation id="1" version="1"><member type="way" ref="1" role="outer"/>
<tag k="type" v="boundary"/><tag k="boundary" v="administrative"/>
<tag k="admin_level" v="2"/><tag k="name" v="Here"/></relation>
</osm>
`;

function makeConfig(engine, here, folder) {
  const words = ["--mjolnir-tile-dir", path.join(folder, "tiles"), "--mjolnir-admin", path.join(folder, "admin.sqlite")];
  const config = JSON.parse(command(engine, here, "build_config", words));
  for (const part of Object.values(config)) if (part?.logging) part.logging = { type: "" };
  config.mjolnir.concurrency = 1;
  config.loki.service_defaults.node_snap_tolerance = 0;
  config.service_limits.truck.max_locations = 10000;
  // Every road counts at any distance: disable_hierarchy_pruning would say so, but crashes it.
  for (const name of ["bidirectional_astar", "unidirectional_astar"])
    config.thor[name].hierarchy_limits.expand_within_distance = { 0: 1e8, 1: 1e8, 2: 1e8 };
  return config;
}

const osmium = (...words) => execFileSync("osmium", words, { maxBuffer: 1 << 30, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });

// Ids below zero are what only some editor numbered: it takes them for a file unsorted.
const UNUSED_IDS = 10_000_000_000;
const renumber = (text) => text.replace(/([nwr])-(\d+)/g, (_, kind, id) => kind + (UNUSED_IDS + Number(id)));

function cleanExtract(extract, into) {
  const lines = into.replace(/osm\.pbf$/, "osm.opl");
  osmium("cat", "-o", lines, extract);
  writeFileSync(lines, readFileSync(lines, "utf8").replace(/^[nwr]-\d+| [NM][^ \n]*/gm, renumber));
  osmium("sort", "-o", into, lines);
  rmSync(lines);
}

/** {config, extract}: tiles of an extract in a folder, built where they are not there yet, and the
 * extract as both engines are to read it. */
export function buildTiles(engine, extract, folder) {
  const file = path.join(folder, "config.json"), clean = path.join(folder, "extract.osm.pbf");
  if (existsSync(file)) return { config: JSON.parse(readFileSync(file)), extract: clean };
  const making = folder + ".part";
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making, { recursive: true });
  writeFileSync(path.join(making, "here.osm"), ONE_COUNTRY);
  const pbf = path.join(making, "extract.osm.pbf"), here = path.join(making, "here.osm.pbf");
  osmium("cat", "-o", here, path.join(making, "here.osm"));
  cleanExtract(extract, pbf);
  const config = path.join(making, "making.json");
  writeFileSync(config, JSON.stringify(makeConfig(engine, making, making)));
  command(engine, making, "build_admins", ["-c", config, here]);
  command(engine, making, "build_tiles", ["-c", config, pbf]);
  // The command line hides a crash.
  if (!existsSync(path.join(making, "tiles", "2"))) throw new Error(`${extract}: its tiles could not be built`);
  const finished = makeConfig(engine, making, folder);
  writeFileSync(path.join(making, "config.json"), JSON.stringify(finished));
  rmSync(folder, { recursive: true, force: true });
  renameSync(making, folder);
  return { config: finished, extract: clean };
}

function decode(text) {
  const points = [];
  for (let at = 0, lat = 0, lon = 0; at < text.length;) {
    for (const which of [0, 1]) {
      let value = 0, shift = 0, byte;
      do {
        byte = text.charCodeAt(at++) - 63;
        value += (byte & 31) * 2 ** shift;
        shift += 5;
      } while (byte >= 32);
      const step = value % 2 ? -(value + 1) / 2 : value / 2;
      if (which) lon += step; else lat += step;
    }
    points.push([lat / 1e6, lon / 1e6]);
  }
  return points;
}

export function headingOf(a, b) {
  const east = (b[1] - a[1]) * Math.cos(a[0] * Math.PI / 180);
  return (Math.atan2(east, b[0] - a[0]) * 180 / Math.PI + 360) % 360;
}

export function metresBetween(a, b) {
  return Math.hypot(b[0] - a[0], (b[1] - a[1]) * Math.cos(a[0] * Math.PI / 180)) * METRES_PER_DEGREE;
}

/** The middle of a piece of shape, and the heading there. */
function middleOf(points) {
  const steps = points.slice(1).map((point, k) => metresBetween(points[k], point));
  let left = steps.reduce((sum, step) => sum + step, 0) / 2;
  for (let k = 0; k < steps.length; left -= steps[k++]) {
    if (left > steps[k] && k + 1 < steps.length) continue;
    const share = steps[k] > 0 ? left / steps[k] : 0, [a, b] = [points[k], points[k + 1]];
    return { lat: a[0] + share * (b[0] - a[0]), lon: a[1] + share * (b[1] - a[1]), heading: headingOf(a, b) };
  }
}

function locationOf(end, cutoff = CUTOFF_M) {
  return { lat: end.lat, lon: end.lon, heading: Math.round(end.heading) % 360, heading_tolerance: 89, search_cutoff: cutoff,
           minimum_reachability: 0 };
}

/** Edges with what is driven on each: metres, seconds along it, seconds of the turn after it. */
function edgesOf(traced) {
  const shape = decode(traced.shape);
  let before = 0;
  return traced.edges.map((edge, k) => {
    const end = edge.end_node, is_last = k === traced.edges.length - 1;
    const drive_s = end.elapsed_time - before, turn_s = is_last ? 0 : end.transition_time ?? 0;
    before = end.elapsed_time + turn_s;
    const points = shape.slice(edge.begin_shape_index, edge.end_shape_index + 1);
    return { id: edge.id, way: edge.way_id, metres: edge.length * 1000, drive_s, turn_s, points,
             surface: edge.surface, use: edge.use, speed_kmh: edge.speed };
  });
}

export class Foreign {
  constructor(engine, config, truck) {
    this.actor = new engine.Actor(config);
    this.allowed = new Map();
    // Penalties that are not time are off, so that its routes are its quickest as far as they go.
    this.costing = {
      height: truck.height_mm / 1000, width: truck.width_mm / 1000, length: truck.length_mm / 1000,
      weight: truck.mass_kg / 1000, axle_load: truck.mass_kg / 2000,
      maneuver_penalty: 0, service_penalty: 0, service_factor: 1, low_class_penalty: 0, gate_penalty: 0,
      gate_cost: 0, private_access_penalty: 0, destination_only_penalty: 0, alley_penalty: 0, use_tolls: 1,
      use_living_streets: 1, use_tracks: 1,
    };
  }

  query(rest) {
    return { costing: "truck", costing_options: { truck: this.costing }, units: "kilometers", ...rest };
  }

  /** {edges} of its route between two ends, or {refused: "end" | "way" | "trace"}. */
  async route(from, to) {
    let routed;
    try {
      const locations = [locationOf(from), locationOf(to)];
      routed = await this.actor.route(this.query({ locations, directions_type: "none" }));
    } catch (error) {
      return { refused: /171|No suitable edges/i.test(`${error.code} ${error.message}`) ? "end" : "way" };
    }
    const points = decode(routed.trip.legs[0].shape);
    const edges = await this.walk(points.filter((point, k) => !k || String(point) !== String(points[k - 1])));
    return edges ? { edges, summary: routed.trip.summary } : { refused: "trace" };
  }

  /** Its edges along a shape, whether or not it would drive them; null if it finds none. */
  async walk(points) {
    const whole = await this.walkOnce(points);
    if (whole || points.length < 4) return whole;
    // It loses the way where an edge crosses a border of its tiles: go on from the last point it finds.
    let found = null, good = 2, bad = points.length;
    while (bad - good > 1) {
      const middle = (good + bad) >> 1, edges = await this.walkOnce(points.slice(0, middle));
      if (edges) [found, good] = [edges, middle]; else bad = middle;
    }
    const rest = found && await this.walk(points.slice(good - 1));
    return rest && [...found, ...rest];
  }

  async walkOnce(points) {
    const shape = points.map(([lat, lon]) => ({ lat, lon }));
    try {
      return edgesOf(await this.actor.traceAttributes(this.query({ shape, shape_match: "edge_walk" })));
    } catch {
      return null;
    }
  }

  /** Those of some edges that are closed to the truck. */
  async closedAmong(edges) {
    const unknown = edges.filter((edge) => !this.allowed.has(edge.id) && edge.metres > 0.5);
    if (unknown.length) {
      const locations = unknown.map((edge) => locationOf(middleOf(edge.points), 3));
      const located = await this.actor.locate(this.query({ locations, verbose: true }));
      located.forEach((place, k) => {
        const found = (place.edges ?? []).some((edge) => edge.edge_id.value === unknown[k].id);
        this.allowed.set(unknown[k].id, found);
      });
    }
    return edges.filter((edge) => this.allowed.get(edge.id) === false);
  }

  /** Whether it turns from one edge straight into the next. */
  async turns(a, b) {
    const key = `${a.id} ${b.id}`;
    if (!this.allowed.has(key)) {
      const locations = [locationOf(middleOf(a.points), 3), locationOf(middleOf(b.points), 3)];
      let straight = false;
      try {
        const { trip } = await this.actor.route(this.query({ locations, directions_type: "none" }));
        straight = trip.summary.length * 1000 < (a.metres + b.metres) / 2 * 1.1 + 10;
      } catch { /* it does not get there at all */ }
      this.allowed.set(key, straight);
    }
    return this.allowed.get(key);
  }
}
