// SPDX-License-Identifier: GPL-3.0-or-later
// panel.js - totals, search, filters, the left-out, costs and notes.
'use strict';

function showTotals() {
  const gap = PLAN.cost_nano > 0 ? `${number(100 * (PLAN.cost_nano - PLAN.bound_nano) / PLAN.cost_nano, 2)} %` : '–';
  const sum = (field) => ROUTES.reduce((total, route) => total + field(route), 0);
  const rows = [['cost', money(PLAN.cost_nano)], ['bound', money(PLAN.bound_nano)], ['gap', gap],
    ['served', `${number(DECISIONS.filter((one) => one.served).length)} / ${number(DECISIONS.length)}`],
    ['length', `${number(sum((route) => route.length_mm) / 1e6, 1)} km`],
    ['work', `${number(sum((route) => route.end_ms - route.start_ms) / 3.6e6, 1)} h`]];
  document.getElementById('totals').replaceChildren(...rows.map(([key, value]) => {
    const pair = element('div');
    pair.append(element('dt', word(key)), element('dd', value, { id: 'total-' + key }));
    return pair;
  }));
  const warning = document.getElementById('degraded');
  warning.hidden = !PLAN.degraded && !PLAN.stopped;
  warning.textContent = [PLAN.degraded ? word('degraded', attention()) : '', PLAN.stopped ? word('stopped') : ''].join(' ');
}

// What somebody has to look at, each with its number.
function attention() {
  const counts = [['n_must_out', DECISIONS.filter((one) => one.group === 'must_out').length],
    ['n_cannot', DECISIONS.filter((one) => one.group === 'cannot').length], ['n_notes', DATA.notes.length]];
  return counts.filter(([, n]) => n > 0).map(([key, n]) => word(key, number(n))).join(language === 'zh' ? '；' : '; ');
}

// ---- search ----

const MOST_OF_A_STREET = 8;

// A street of the map: what is done in it tonight, and the rest by number.
function streetCard(name) {
  const card = element('div'), here = DECISIONS.filter((one) => one.name === name);
  card.append(element('h3', name));
  for (const one of here.slice(0, MOST_OF_A_STREET)) {
    const visits = (VISITS.get(one.id) ?? []).map(([route, stop]) => word('by', route.vehicle, stop.order, clock(stop.start_ms)));
    const kind = one.is_street ? word('layer_sweep') : word('stream_' + one.stream);
    card.append(element('p', `${one.id} · ${kind} · ${visits.join(', ') || word('decision_' + one.group)}`));
  }
  if (here.length > MOST_OF_A_STREET) card.append(element('p', word('and_more', number(here.length - MOST_OF_A_STREET))));
  if (here.length === 0) card.append(element('p', word('nothing_here')));
  return card;
}

function searchable() {
  const out = [];
  const sites = new Map();
  for (const route of ROUTES)
    out.push({ kind: 'vehicle', name: `${route.vehicle} (${route.shift}, ${route.crew})`, go: () => goToRoute(route) });
  for (const one of PLACES)
    out.push({ kind: one.kind, name: `${one.name || one.id} (${one.id})`, go: () => goTo(place(one), placeCard(one)) });
  for (const decision of DECISIONS) {
    if (decision.is_street) {
      out.push({ kind: 'street', name: `${decision.name} (${decision.id})`, go: () => goTo(decision.at, decisionCard(decision)) });
      continue;
    }
    if (!sites.has(decision.site)) sites.set(decision.site, []);
    sites.get(decision.site).push(decision);
    out.push({ kind: 'container', name: decision.id, go: () => goTo(decision.at, decisionCard(decision)) });
  }
  for (const [id, decisions] of sites)
    out.push({ kind: 'site', name: `${decisions[0].name} (${id})`, go: () => goTo(decisions[0].at, ...decisions.map(decisionCard)) });
  const named = new Map();
  for (const [, name, steps] of DATA.roads?.lines ?? []) if (name && !named.has(name)) named.set(name, steps);
  for (const [name, steps] of named)
    out.push({ kind: 'street', name, go: () => { const line = points(steps); goTo(line[line.length >> 1], streetCard(name)); } });
  return out.map((one) => ({ ...one, key: one.name.toLowerCase() }));
}

const MOST_RESULTS = 30;
let index = null;
function search(text) {
  const wanted = text.trim().toLowerCase();
  const list = document.getElementById('results'), count = document.getElementById('search-count');
  if (!wanted) { list.replaceChildren(); count.textContent = ''; return; }
  index ??= searchable();
  const hits = index.filter((one) => one.key.includes(wanted));
  hits.sort((a, b) => a.key.indexOf(wanted) - b.key.indexOf(wanted) || a.key.length - b.key.length);
  count.textContent = hits.length > MOST_RESULTS ? word('found_first', number(hits.length), MOST_RESULTS) : word('found', number(hits.length));
  list.replaceChildren(...hits.slice(0, MOST_RESULTS).map((hit) => {
    const item = element('li'), button = element('button', hit.name, { type: 'button' });
    button.append(element('small', word(hit.kind)));
    button.addEventListener('click', hit.go);
    item.append(button);
    return item;
  }));
}

// ---- filters ----

function applyFilters() {
  if (picture.ready) {
    const map = picture.map;
    for (const [id, filter] of Object.entries(filters())) map.setFilter(id, filter);
    for (const [name, ids] of Object.entries(LAYERS))
      for (const id of ids) map.setLayoutProperty(id, 'visibility', state.layers.has(name) ? 'visible' : 'none');
    moveVehicles();
  }
  replay.say();
  showLeftOut();
}

const LAYERS = { streets: ['streets-small', 'streets-middle', 'streets-great', 'streets-names'], drive: ['drive', 'arrows'],
  sweep: ['sweep'], bins: ['bins', 'swaps'], places: ['places'], order: ['order'] };

function checkboxes(id, values, label, chosen) {
  document.getElementById(id).replaceChildren(...values.map((value) => {
    const box = element('label'), input = element('input', undefined, { type: 'checkbox', value });
    input.checked = chosen.has(value);
    input.addEventListener('change', () => {
      if (input.checked) chosen.add(value); else chosen.delete(value);
      applyFilters();
    });
    box.append(input, ' ' + label(value));
    return box;
  }));
}

const STREAMS = [...new Set(DECISIONS.filter((one) => !one.is_street).map((one) => one.stream))].sort();

function showFilters() {
  checkboxes('filter-streams', STREAMS, (stream) => word('stream_' + stream), state.streams);
  checkboxes('filter-decisions', GROUPS, (group) => word('decision_' + group), state.groups);
  checkboxes('filter-layers', Object.keys(LAYERS), (name) => word('layer_' + name), state.layers);
  const select = document.getElementById('colour-by');
  select.replaceChildren(...['decision', 'fill', 'stream', 'vehicle'].map((by) => element('option', word('by_' + by), { value: by })));
  select.value = state.colour_by;
  showLegend();
}

function legendRows() {
  if (state.colour_by === 'decision') return GROUPS.map((group) => [GROUP_COLOURS[group], word('decision_' + group)]);
  if (state.colour_by === 'stream') return STREAMS.map((stream) => [STREAM_COLOURS[stream], word('stream_' + stream)]);
  if (state.colour_by === 'fill') return FILL_STEPS.map(([fill, colour]) => [colour, `${number(100 * fill)} %`]);
  return ROUTES.map((route) => [routeColour(route.index), route.vehicle]);
}

function showLegend() {
  document.getElementById('legend').replaceChildren(...legendRows().map(([colour, text]) => {
    const item = element('li', text), swatch = element('span', undefined, { class: 'swatch' });
    swatch.style.background = colour;
    item.prepend(swatch);
    return item;
  }));
  if (picture.ready) picture.map.setPaintProperty('bins', 'circle-color', binColour());
}

// ---- left out, costs, notes ----

let left_out_shown = 100;
function showLeftOut() {
  const rank = { must_out: 0, cannot: 1, may_out: 2 };
  const all = DECISIONS.filter((one) => one.group in rank && state.groups.has(one.group) &&
    (one.is_street || state.streams.has(one.stream)));
  all.sort((a, b) => rank[a.group] - rank[b.group] || b.prize_nano - a.prize_nano || a.index - b.index);
  document.getElementById('left-out-title').textContent = word('left_out', number(all.length));
  document.getElementById('more-left-out').hidden = all.length <= left_out_shown;
  document.getElementById('left-out').replaceChildren(...all.slice(0, left_out_shown).map((decision) => {
    const item = element('li'), button = element('button', undefined, { type: 'button' });
    const kind = decision.is_street ? word('street') : word('stream_' + decision.stream);
    button.append(element('strong', `${decision.name || decision.site || ''} ${decision.id}`.trim()), ` · ${kind} · ${word('decision_' + decision.group)}${decision.swapped ? ' · ' + word('swappable') : ''}`,
      element('small', reasonWords(decision)));
    button.addEventListener('click', () => goTo(decision.at, decisionCard(decision)));
    item.append(button);
    return item;
  }));
}

function showCosts() {
  const table = element('table'), head = element('tr'), top = element('thead'), body = element('tbody');
  head.append(element('th', word('item'), { scope: 'col' }), element('th', word('zone'), { scope: 'col' }),
    element('th', word('cost'), { scope: 'col', class: 'number' }));
  top.append(head);
  for (const line of DATA.costs) {
    const row = element('tr');
    row.append(element('td', word('item_' + line.item)), element('td', line.zone || word('whole')),
      element('td', money(line.nano), { class: 'number' }));
    body.append(row);
  }
  table.append(top, body);
  document.getElementById('costs').replaceChildren(table);
  const stations = PLACES.filter((one) => DATA.piles.some((pile) => pile.facility === one.id));
  document.getElementById('piles-section').hidden = stations.length === 0;
  document.getElementById('piles').replaceChildren(...stations.map((one) => {
    const item = element('li'), button = element('button', undefined, { type: 'button' });
    button.append(element('strong', one.name || one.id),
      ...DATA.piles.filter((pile) => pile.facility === one.id).map((pile) => element('small', pileWords(pile))));
    button.addEventListener('click', () => goTo(place(one), placeCard(one)));
    item.append(button);
    return item;
  }));
  document.getElementById('notes').replaceChildren(...((language === 'zh' && CHINESE?.notes) || DATA.notes).map(([kind, text]) => element('li', `${kind}: ${text}`)));
}
