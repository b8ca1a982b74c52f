// SPDX-License-Identifier: GPL-3.0-or-later
// classes.mjs - why two engines differ on a leg: one class and one detail.
//
//   time:   ours on our path       ours on our path     theirs on our path
//           -----------------  =   ----------------  *  ------------------
//           theirs on theirs       theirs on ours       theirs on theirs
//                                  the same road        another road
//
// The larger factor is the cause. The same road: speeds or turns, whichever adds more seconds.
// Another road: what one engine refuses to drive, or else what they take longer for.
import { headingOf, metresBetween } from "./engine.mjs";

export const BOUND = 1.25;

const sum = (items, value) => items.reduce((total, item, k) => total + value(item, k), 0);
export const isFar = (ratio) => !(ratio <= BOUND && ratio >= 1 / BOUND);

export const driveSeconds = (edges) => sum(edges, (edge) => edge.drive_s);
export const turnSeconds = (edges) => sum(edges, (edge) => edge.turn_s);
export const seconds = (edges) => driveSeconds(edges) + turnSeconds(edges);
export const metres = (edges) => sum(edges, (edge) => sum(edge.points.slice(1), (point, k) => metresBetween(edge.points[k], point)));

/** Way by way: metres, our seconds, theirs, by the runs of our path and their edges along it. */
export function byWay(leg, edges) {
  const ways = new Map();
  const of = (way) => ways.get(way) ?? ways.set(way, { metres: 0, ours_s: 0, theirs_s: 0, surface: "" }).get(way);
  for (const run of leg.runs) {
    const row = of(run.way);
    row.road = run.class;
    row.metres += run.length_mm / 1000;
    row.ours_s += run.drive_ms / 1000;
  }
  for (const edge of edges) {
    const row = of(edge.way);
    row.theirs_s += edge.drive_s;
    row.surface = edge.surface;
  }
  return ways;
}

/** Where most of the seconds between two speeds lie: a class of road, or a surface. */
function speedDetail(leg, edges) {
  const totals = new Map();
  for (const { road, surface, ours_s, theirs_s } of byWay(leg, edges).values()) {
    const name = /^paved/.test(surface) || !surface ? road : `surface ${surface}`;
    totals.set(name, (totals.get(name) ?? 0) + ours_s - theirs_s);
  }
  const sign = Math.sign(sum([...totals.values()], (gap) => gap)) || 1;
  return [...totals].sort((a, b) => sign * (b[1] - a[1]))[0][0] ?? "none";
}

function sameRoad(leg, along) {
  const drive_gap = sum(leg.runs, (run) => run.drive_ms) / 1000 - driveSeconds(along);
  const turn_gap = sum(leg.runs, (run) => run.turn_ms) / 1000 - turnSeconds(along);
  const sign = Math.sign(drive_gap + turn_gap) || 1;
  if (sign * turn_gap > sign * drive_gap) return ["turn times", turn_gap > 0 ? "ours longer" : "theirs longer"];
  return ["speeds", speedDetail(leg, along)];
}

/** The first turn on our path that they would not make, as a place; null if they make them all. */
async function turnTheyRefuse(foreign, along) {
  const whole = along.filter((edge) => edge.metres > 1);
  for (let k = 0; k + 1 < whole.length; k++)
    if (!await foreign.turns(whole[k], whole[k + 1])) return whole[k].points.at(-1);
  return null;
}

/** Whether a path turns round over a short link, as from one carriageway of a street into the other. */
function turnsRound(edges) {
  const end = (edge) => headingOf(...edge.points.slice(-2)), start = (edge) => headingOf(...edge.points.slice(0, 2));
  return edges.some((from, k) => {
    for (let on = k + 1, between = 0; on < edges.length && between < 40; between += edges[on++].metres)
      if (Math.abs((start(edges[on]) - end(from) + 540) % 360 - 180) > 150) return true;
    return false;
  });
}

async function anotherRoad(foreign, leg, theirs, along, judged) {
  const stop = judged?.stops[0];
  const is_turn = stop && ["restriction", "u-turn", "barrier", "gap"].includes(stop.why);
  if (stop && !is_turn) return ["access, ours closed", stop.why, `way ${stop.way}`];
  if (stop) return ["turns, ours forbidden", stop.why, `way ${stop.way} node ${stop.node}`];
  if (!along) return ["access, theirs closed", "no edge", ""];
  const closed = await foreign.closedAmong(along);
  if (closed.length) return ["access, theirs closed", closed[0].use, `way ${closed[0].way}`];
  if (seconds(along) < 0.98 * seconds(theirs)) {
    const at = await turnTheyRefuse(foreign, along);
    if (at) return ["turns, theirs forbidden", "turn", at.join(" ")];
    if (turnsRound(along)) return ["turns, theirs dearer", "turning round on a divided road", ""];
    return ["preference", "theirs not its quickest", ""];
  }
  // Both roads are open to both: each takes its own for the quicker one.
  const ours_s = (name) => sum(leg.runs, (run) => run[name]) / 1000;
  const drive_gap = judged.drive_ms / 1000 - ours_s("drive_ms") - driveSeconds(theirs) + driveSeconds(along);
  const turn_gap = judged.turn_ms / 1000 - ours_s("turn_ms") - turnSeconds(theirs) + turnSeconds(along);
  return turn_gap > drive_gap ? ["turn times", "other road", ""] : ["speeds", "other road", ""];
}

/** Which of their ends lies off the place asked for, or is passed in the other direction; or null. */
function snappedElsewhere(leg, theirs) {
  const [first, last] = [theirs[0].points, theirs.at(-1).points];
  const places = [["start", leg.from, first[0], first.slice(0, 2)], ["end", leg.to, last.at(-1), last.slice(-2)]];
  for (const [name, end, at, step] of places) {
    if (metresBetween([end.lat, end.lon], at) > 3) return name;
    if (Math.abs((headingOf(...step) - end.heading + 540) % 360 - 180) > 120) return `${name}: against the direction`;
  }
  return null;
}

/** [class, detail, where] of a leg that both drive. */
export async function classOf(foreign, leg, theirs, along, judged, is_length) {
  const snapped = snappedElsewhere(leg, theirs);
  if (snapped) return ["snapping", snapped, `way ${theirs[0].way} ${theirs.at(-1).way}`];
  if (along && !is_length) {
    const same = Math.abs(Math.log(leg.time_ms / 1000 / seconds(along)));
    const other = Math.abs(Math.log(seconds(along) / seconds(theirs)));
    if (same >= other) return [...sameRoad(leg, along), ""];
  }
  return anotherRoad(foreign, leg, theirs, along, judged);
}

/** [class, detail, where] of a leg that only one of the two drives. */
export async function classOfRefusal(foreign, leg, route, judged) {
  if (leg.time_ms === null) {
    const snapped = snappedElsewhere(leg, route.edges);
    if (snapped) return ["snapping", `theirs only: ${snapped}`, `way ${route.edges[0].way} ${route.edges.at(-1).way}`];
    for (const end of [leg.from, leg.to]) if (end.why) return ["access, ours closed", `end: ${end.why}`, `way ${end.way}`];
    const stop = judged?.stops[0];
    return stop ? ["access, ours closed", `cut off: ${stop.why}`, `way ${stop.way} node ${stop.node}`]
                : ["access, ours closed", "cut off", `way ${leg.from.way} ${leg.to.way}`];
  }
  const along = await foreign.walk(leg.shape);
  const closed = along ? await foreign.closedAmong(along) : [];
  if (closed.length) return ["access, theirs closed", `${route.refused}: ${closed[0].use}`, `way ${closed[0].way}`];
  return ["access, theirs closed", route.refused, `way ${leg.from.way} ${leg.to.way}`];
}
