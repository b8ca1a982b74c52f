// SPDX-License-Identifier: GPL-3.0-or-later
// vehicles.js - the list of vehicles: what each does, its load over the night, its timetable.
'use strict';

const isHaul = (route) => route.stops.some((stop) => stop.kind === 'load');

// By stream: what it takes up, or what it hauls.
function carries(route) {
  const mass_g = [...route.mass_g];
  for (const stop of route.stops) if (stop.kind === 'load') mass_g[stop.stream] += stop.mass_g;
  return mass_g.map((one, stream) => one ? `${word('stream_' + stream)} ${number(one / 1000)} kg` : '')
    .filter(Boolean).join(language === 'zh' ? '、' : ', ');
}

// "21:27 to 03:01; 340 served in 5 trips; 53.9 km, 26.5 km of it without sweeping; cost 708.01 CNY"
function vehicleLine(route) {
  const sweeps = route.deadhead_mm < route.length_mm;
  const key = isHaul(route) ? 'haul_line' : sweeps ? 'sweeper_line' : 'vehicle_line';
  return word(key, clock(route.start_ms), clock(route.end_ms), number(route.n_served), route.n_trips,
    number(route.length_mm / 1e6, 1), number(route.deadhead_mm / 1e6, 1), money(route.cost_nano));
}

const SVG = 'http://www.w3.org/2000/svg';
function svg(tag, attributes, text) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

const MOST_X = 600, MOST_Y = 90; // of a curve; time goes to the right
const curveX = (route, ms) => (MOST_X * (ms - route.start_ms) / Math.max(1, route.end_ms - route.start_ms)).toFixed(1);

// An empty curve, the charges as bands in it.
function curve(route, name, title) {
  const picture = svg('svg', { class: name, viewBox: `0 0 ${MOST_X} ${MOST_Y}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': title });
  picture.append(svg('title', {}, title));
  for (const stop of chargesOf(route)) {
    const left = curveX(route, chargeStart(stop)), width = (curveX(route, stop.end_ms) - left).toFixed(1);
    const band = svg('rect', { class: 'charge', x: left, y: 0, width, height: MOST_Y });
    band.append(svg('title', {}, chargeWords(stop)));
    picture.append(band);
  }
  return picture;
}
const curveLine = (route, d) => svg('path', { d, fill: 'none', stroke: routeColour(route.index), 'stroke-width': 2, 'vector-effect': 'non-scaling-stroke' });

// A step at the end of every stop, before its charge.
function loadCurve(route) {
  const most_g = Math.max(1, ...route.stops.map((stop) => stop.load_g), ...route.stops.map((stop) => stop.kind === 'tip' ? stop.mass_g : 0));
  const y = (load_g) => (85 - 75 * load_g / most_g).toFixed(1);
  let path = `M0,${y(0)}`;
  for (const stop of route.stops) path += `H${curveX(route, chargeStart(stop))}V${y(stop.load_g)}`;
  const picture = curve(route, 'load', word('load_curve', number(most_g / 1000)));
  picture.append(curveLine(route, path));
  return picture;
}

// What is in the battery after every stop, and before and after every charge.
function batteryPoints(route) {
  return route.stops.flatMap((stop) => [...(stop.charge_ms ? [[chargeStart(stop), stop.energy_left_mwh - stop.charged_mwh]] : []),
    [stop.end_ms, stop.energy_left_mwh]]);
}

function batteryCurve(route) {
  const points = batteryPoints(route), levels = points.map(([, left_mwh]) => left_mwh), most = Math.max(1, ...levels);
  const path = points.map(([ms, left_mwh], at) => `${at ? 'L' : 'M'}${curveX(route, ms)},${(85 - 75 * left_mwh / most).toFixed(1)}`).join('');
  const picture = curve(route, 'battery', word('battery_curve', kwh(Math.min(...levels)), kwh(most)));
  picture.append(curveLine(route, path));
  return picture;
}

// "charges until 00:37, from 8.3 to 20.0 kWh"
function chargeWords(stop) {
  if (!stop.charged_mwh) return word('charge_until', clock(stop.end_ms)); // a plan of before
  const before = stop.energy_left_mwh - stop.charged_mwh;
  return word('charge', clock(stop.end_ms), kwh(before), kwh(stop.energy_left_mwh));
}

function doingOf(stop) {
  if (stop.kind === 'tip' && stop.full_permille) return word('tip_full', number(stop.full_permille / 10));
  const stream = stop.kind === 'serve' && stop.stream ? ` · ${word('stream_' + stop.stream)}` : '';
  return word(stop.swapped ? 'swap' : stop.kind) + stream + (stop.pass > 1 ? ` · ${word('pass', stop.pass)}` : '');
}

// A row of a stop, or of a charge or a break where the stop is.
function timetableRow(stop, order, start_ms, end_ms, what, kg) {
  const row = element('tr', undefined, { 'data-end': end_ms });
  const where = element('td'), button = element('button', stopName(stop), { type: 'button' });
  button.addEventListener('click', () => goTo(stop.at, stopCard(stop), () => replay.set(start_ms)));
  where.append(button);
  row.append(element('td', order), element('td', clock(start_ms)), where, element('td', what), element('td', kg, { class: 'number' }));
  return row;
}

function timetable(route) {
  const table = element('table');
  table.append(element('caption', word('timetable', route.vehicle)));
  const head = element('tr');
  for (const key of ['order', 'time', 'stop', 'what', 'kg']) head.append(element('th', word(key), { scope: 'col' }));
  const body = element('tbody');
  for (const stop of route.stops) {
    const kg = stop.mass_g ? number(stop.mass_g / 1000, stop.mass_g < 100000 ? 1 : 0) : '';
    const charges = stop.kind === 'charge'; // and nothing else
    const what = charges ? chargeWords(stop) : doingOf(stop);
    body.append(timetableRow(stop, stop.order, stop.start_ms, charges ? stop.end_ms : chargeStart(stop), what, kg));
    if (stop.charge_ms && !charges) body.append(timetableRow(stop, '', chargeStart(stop), stop.end_ms, chargeWords(stop), ''));
    for (const pause of breaksAfter(route, stop))
      body.append(timetableRow(stop, '', pause.start_ms, pause.end_ms, word('break', clock(pause.end_ms)), ''));
  }
  const top = element('thead');
  top.append(head);
  table.append(top, body);
  const box = element('div', undefined, { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': word('timetable', route.vehicle) });
  box.append(table);
  return box;
}

function stopCard(stop) {
  const decision = DECISION_BY_ID.get(stop.id);
  if (decision) return decisionCard(decision);
  const where = PLACE_BY_ID.get(stop.id);
  return where ? placeCard(where) : element('h3', stopName(stop));
}

// The row of the moment, in the timetables that are open.
function markTimetables() {
  for (const table of document.querySelectorAll('#vehicles details[open] table')) {
    let found = false;
    for (const row of table.tBodies[0].rows) {
      const now = !found && Number(row.dataset.end) > replay.now_ms;
      if (now) row.setAttribute('aria-current', 'true'); else row.removeAttribute('aria-current');
      found ||= now;
    }
  }
}

function vehicleEntry(route) {
  const box = element('div', undefined, { class: 'vehicle' });
  const shown = element('input', undefined, { type: 'checkbox', 'aria-label': word('show_on_map', route.vehicle), 'data-route': route.index });
  shown.checked = state.vehicles.has(route.index);
  shown.addEventListener('change', () => {
    if (shown.checked) state.vehicles.add(route.index); else state.vehicles.delete(route.index);
    applyFilters();
  });
  const swatch = element('span', undefined, { class: 'swatch' });
  swatch.style.background = routeColour(route.index);
  const details = element('details'), summary = element('summary');
  summary.append(swatch, element('strong', route.vehicle), ` ${route.vehicle_kind}`, route.setting ? ` · ${word('walls_set', route.setting)}` : '');
  details.append(summary);
  details.addEventListener('toggle', () => { // long tables are made when they are wanted
    if (!details.open || details.querySelector('table')) return;
    details.append(loadCurve(route), ...(hasBattery(route) ? [batteryCurve(route)] : []), timetable(route));
    markTimetables();
  });
  box.append(shown, details,
    element('p', vehicleLine(route)),
    element('p', word(isHaul(route) ? 'vehicle_hauls' : 'vehicle_carries', route.shift, route.crew, carries(route))));
  details.style.display = 'inline-block';
  details.style.width = 'calc(100% - 1.8rem)';
  details.style.verticalAlign = 'top';
  return box;
}

function showVehicles() {
  document.getElementById('vehicles').replaceChildren(...ROUTES.map(vehicleEntry));
}

function showOnly(indices) {
  state.vehicles = new Set(indices);
  for (const box of document.querySelectorAll('#vehicles input')) box.checked = state.vehicles.has(Number(box.dataset.route));
  applyFilters();
}
