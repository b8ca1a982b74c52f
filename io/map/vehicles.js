// SPDX-License-Identifier: GPL-3.0-or-later
// vehicles.js - the list of vehicles: what each does, its load over the night, its timetable.
'use strict';

function carries(route) {
  return route.mass_g.map((mass_g, stream) => mass_g ? `${word('stream_' + stream)} ${number(mass_g / 1000)} kg` : '')
    .filter(Boolean).join(', ');
}

const SVG = 'http://www.w3.org/2000/svg';
function svg(tag, attributes, text) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

// A step at the end of every stop; 600 by 90 units, time to the right.
function loadCurve(route) {
  const most_g = Math.max(1, ...route.stops.map((stop) => stop.load_g), ...route.stops.map((stop) => stop.kind === 'tip' ? stop.mass_g : 0));
  const x = (ms) => (600 * (ms - route.start_ms) / Math.max(1, route.end_ms - route.start_ms)).toFixed(1);
  const y = (load_g) => (85 - 75 * load_g / most_g).toFixed(1);
  let path = `M0,${y(0)}`;
  for (const stop of route.stops) path += `H${x(stop.end_ms)}V${y(stop.load_g)}`;
  const title = word('load_curve', number(most_g / 1000));
  const picture = svg('svg', { class: 'load', viewBox: '0 0 600 90', preserveAspectRatio: 'none', role: 'img', 'aria-label': title });
  picture.append(svg('title', {}, title));
  picture.append(svg('path', { d: path, fill: 'none', stroke: routeColour(route.index), 'stroke-width': 2, 'vector-effect': 'non-scaling-stroke' }));
  return picture;
}

function doingOf(stop) {
  if (stop.kind === 'tip' && stop.full_permille) return word('tip_full', number(stop.full_permille / 10));
  const stream = stop.kind === 'serve' && stop.stream ? ` · ${word('stream_' + stop.stream)}` : '';
  return word(stop.kind) + stream + (stop.pass > 1 ? ` · ${word('pass', stop.pass)}` : '');
}

// A row of a stop, or of a break taken where the stop is.
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
    body.append(timetableRow(stop, stop.order, stop.start_ms, stop.end_ms, doingOf(stop), kg));
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
  return decision ? decisionCard(decision) : element('h3', stopName(stop));
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
  summary.append(swatch, element('strong', route.vehicle), ` ${route.vehicle_kind}`);
  details.append(summary);
  details.addEventListener('toggle', () => { // long tables are made when they are wanted
    if (!details.open || details.querySelector('table')) return;
    details.append(loadCurve(route), timetable(route));
    markTimetables();
  });
  box.append(shown, details,
    element('p', word('vehicle_line', clock(route.start_ms), clock(route.end_ms), number(route.n_served), route.n_trips,
      number(route.length_mm / 1e6, 1), number(route.deadhead_mm / 1e6, 1), money(route.cost_nano))),
    element('p', word('vehicle_carries', route.shift, route.crew, carries(route))));
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
