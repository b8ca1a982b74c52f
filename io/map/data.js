// SPDX-License-Identifier: GPL-3.0-or-later
// data.js - the plan as the page holds it: rows become objects, steps become coordinates.
'use strict';

const DATA = JSON.parse(document.getElementById('data').textContent);
const PLAN = DATA.plan;
const CHOICES = ['skip', 'may', 'must', 'cannot'];

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
  ({ ...decision, index, at: place(decision), group: groupOf(decision) }));
const PLACES = DATA.places;
const DECISION_BY_ID = new Map(DECISIONS.map((decision) => [decision.id, decision]));
// Of every place the charges of the night: [route, stop] pairs.
const CHARGES = new Map(PLACES.map((one) => [one.id, []]));
for (const route of ROUTES) for (const stop of chargesOf(route)) CHARGES.get(stop.id)?.push([route, stop]);
const canCharge = (one) => one.charges || one.kind === 'charger' || CHARGES.get(one.id).length > 0;
const PLACE_BY_ID = new Map(PLACES.map((one) => [one.id, one]));

function groupOf(decision) {
  const choice = CHOICES[decision.choice];
  if (decision.served) return 'served';
  return choice === 'must' || choice === 'may' ? choice + '_out' : choice;
}
const GROUPS = ['served', 'must_out', 'may_out', 'skip', 'cannot'];

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

// ---- colours: kept apart by eye with colour vision deficiencies too (Okabe and Ito) ----

const PALETTE = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#56b4e9', '#e69f00', '#7b3294', '#5c4b00',
  '#b2182b', '#1b7837', '#2166ac', '#8c510a'];
const routeColour = (index) =>
  index < PALETTE.length ? PALETTE[index] : `hsl(${Math.round(index * 137.5) % 360} 65% 38%)`;
const STREAM_COLOURS = ['#777777', '#5f6368', '#2e7d32', '#1565c0', '#c62828', '#8d6e63', '#ef6c00'];
const GROUP_COLOURS = { served: '#1b7837', must_out: '#b2182b', may_out: '#f4a05a', skip: '#a9adb1', cannot: '#000000' };
const FILL_STEPS = [[0, '#2c7bb6'], [0.4, '#abd9e9'], [0.7, '#fdae61'], [0.9, '#d7191c'], [1.2, '#7a0010']];

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
function instant(seconds) {
  if (seconds === undefined) return '–';
  return new Date((seconds + PLAN.utc_offset_s) * 1000).toISOString().slice(0, 16).replace('T', ' ');
}

// What a stop is called: the site, street or facility, with the container's id.
function stopName(stop) {
  const decision = DECISION_BY_ID.get(stop.id), where = PLACE_BY_ID.get(stop.id);
  if (where) return where.name || where.id;
  if (!decision) return stop.id;
  if (decision.is_street) return decision.name ? `${decision.name} (${stop.id})` : stop.id;
  return `${decision.name || decision.site} · ${stop.id}`;
}
