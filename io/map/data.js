// SPDX-License-Identifier: GPL-3.0-or-later
// data.js - the plan as the page holds it: rows become objects, steps become coordinates.
'use strict';

const PLAN = DATA.plan;

function objects(fields, rows) {
  return rows.map((row) => Object.fromEntries(fields.map((field, at) => [field, row[at]])));
}

// Steps of 1e-6 degrees, lat then lon, to [lon, lat] pairs in degrees.
function points(steps) {
  const out = [];
  let lat = 0, lon = 0;
  for (let at = 0; at + 1 < steps.length; at += 2) {
    lat += steps[at];
    lon += steps[at + 1];
    out.push([lon / 1e6, lat / 1e6]);
  }
  return out;
}

const place = (thing) => [thing.lon_e7 / 1e7, thing.lat_e7 / 1e7];
const isPlaced = (thing) => thing.lat_e7 !== 0 || thing.lon_e7 !== 0;

const ROUTES = DATA.routes.map((route, index) => ({
  ...route, index,
  stops: objects(DATA.stop_fields, route.stops).map((stop, order) => ({
    ...stop, order, leg: points(stop.leg), sweep: points(stop.sweep), at: place(stop),
  })),
}));
const energies = (route) => route.stops.map((stop) => stop.energy_left_mwh);
const hasBattery = (route) => energies(route).some((left_mwh) => left_mwh > 0);
const chargesOf = (route) => route.stops.filter((stop) => stop.charge_ms > 0);
const chargeStart = (stop) => stop.end_ms - stop.charge_ms; // behind unloading
const breaksAfter = (route, stop) => route.breaks.filter((pause) => pause.after_stop === stop.order);
const DECISIONS = objects(DATA.decision_fields, DATA.decisions).map((decision, index) =>
  ({ ...decision, index, at: place(decision), group: groupOf(decision.choice, decision.served) }));
const PLACES = DATA.places;
const DECISION_BY_ID = new Map(DECISIONS.map((decision) => [decision.id, decision]));
// Of every place the charges of the night: [route, stop] pairs.
const CHARGES = new Map(PLACES.map((one) => [one.id, []]));
for (const route of ROUTES) for (const stop of chargesOf(route)) CHARGES.get(stop.id)?.push([route, stop]);
const canCharge = (one) => one.charges || one.kind === 'charger' || CHARGES.get(one.id).length > 0;
const PLACE_BY_ID = new Map(PLACES.map((one) => [one.id, one]));

// Which stops serve a container or street: [route, stop] pairs, in order.
const VISITS = new Map();
for (const route of ROUTES)
  for (const stop of route.stops) {
    if (stop.kind !== 'serve' && stop.kind !== 'sweep') continue;
    if (!VISITS.has(stop.id)) VISITS.set(stop.id, []);
    VISITS.get(stop.id).push([route, stop]);
  }

const NIGHT = {
  first_ms: Math.min(...ROUTES.map((route) => route.start_ms), ROUTES.length ? Infinity : 0),
  last_ms: Math.max(...ROUTES.map((route) => route.end_ms), ROUTES.length ? -Infinity : 3600000),
};

// ---- numbers and times as people read them ----

const FORMATS = new Map(); // making one takes a hundred times as long as using it
function number(value, decimals = 0) {
  const key = language + decimals;
  if (!FORMATS.has(key))
    FORMATS.set(key, new Intl.NumberFormat(language === 'zh' ? 'zh-CN' : 'en-GB',
      { minimumFractionDigits: decimals, maximumFractionDigits: decimals }));
  return FORMATS.get(key).format(value);
}
const kwh = (mwh) => number(mwh / 1e6, 1);
const money = (nano) => `${number(nano / 1e9, 2)} ${PLAN.currency}`.trim();

// Local wall clock of the district, 24 hours.
function clock(ms, seconds = false) {
  const local_s = Math.floor((PLAN.night_start_s ?? 0) + (PLAN.utc_offset_s ?? 0) + ms / 1000);
  return new Date(local_s * 1000).toISOString().slice(11, seconds ? 19 : 16);
}

// What a stop is called: the site, street or facility, with the container's id.
function stopName(stop) {
  const decision = DECISION_BY_ID.get(stop.id), where = PLACE_BY_ID.get(stop.id);
  if (where) return where.name || where.id;
  if (!decision) return stop.id;
  if (decision.is_street) return decision.name ? `${decision.name} (${stop.id})` : stop.id;
  return `${decision.name || decision.site} · ${stop.id}`;
}
