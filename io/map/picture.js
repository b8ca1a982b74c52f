// SPDX-License-Identifier: GPL-3.0-or-later
// picture.js - the map itself: sources, layers, what is drawn how, and what a click tells.
'use strict';

const feature = (geometry, properties) => ({ type: 'Feature', geometry, properties });
const pointAt = (at, properties) => feature({ type: 'Point', coordinates: at }, properties);
const lineOf = (coordinates, properties) => feature({ type: 'LineString', coordinates }, properties);
const collection = (features) => ({ type: 'FeatureCollection', features });
const FONT = ['Noto Sans', 'Noto Sans CJK SC', 'sans-serif'];

function streetFeatures() {
  return (DATA.roads?.lines ?? []).map(([road_class, name, steps]) =>
    lineOf(points(steps), { c: road_class, n: name }));
}

// One line a leg and one a kerb. n: the order of the stop; t: when it is done.
function routeFeatures() {
  const out = [];
  for (const route of ROUTES)
    for (const stop of route.stops) {
      const base = { v: route.index, n: stop.order };
      if (stop.leg.length > 1) out.push(lineOf(stop.leg, { ...base, t: stop.arrival_ms, s: 0 }));
      if (stop.sweep.length > 1) out.push(lineOf(stop.sweep, { ...base, t: stop.end_ms, s: 1, i: DECISION_BY_ID.get(stop.id)?.index ?? -1 }));
      if (!stop.leg.length && !stop.sweep.length && stop.order > 0) // explicit travel knows no streets
        out.push(lineOf([route.stops[stop.order - 1].at, stop.at], { ...base, t: stop.arrival_ms, s: 0 }));
    }
  return out;
}

// Containers of one site stand side by side, a few metres apart.
function binFeatures() {
  const at_site = new Map();
  return DECISIONS.filter((one) => !one.is_street && isPlaced(one)).map((decision) => {
    const before = at_site.get(decision.site) ?? 0;
    at_site.set(decision.site, before + 1);
    const angle = before * 2.4, reach = before ? 5e-5 * Math.sqrt(before) : 0;
    const [lon, lat] = decision.at;
    const visit = VISITS.get(decision.id)?.[0];
    return pointAt([lon + reach * Math.cos(angle) / Math.cos(lat * Math.PI / 180), lat + reach * Math.sin(angle)], {
      i: decision.index, c: decision.stream, g: decision.group, f: decision.fill_ratio ?? -1,
      v: visit ? visit[0].index : -1, n: visit ? visit[1].order : -1, t: visit ? visit[1].end_ms : -1, w: decision.swapped || (visit ? visit[1].swapped : 0),
    });
  });
}

const placeFeatures = () => PLACES.map((one, index) =>
  pointAt(place(one), { p: index, n: one.name || one.id, k: canCharge(one) ? 'charger' : 'square' }));

const byRoute = () => ['match', ['get', 'v'], ...(ROUTES.length ? ROUTES.flatMap((route) => [route.index, routeColour(route.index)]) : [-2, '#777']), '#8a8f94'];
const zoomed = (low, high) => ['interpolate', ['exponential', 1.6], ['zoom'], 10, low, 18, high];
const KERB_SIDE = DATA.roads?.left_hand ? -1 : 1;

// Which features the reader wants to see, by layer.
function filters() {
  const vehicles = ['in', ['get', 'v'], ['literal', [...state.vehicles]]];
  const streams = ['in', ['get', 'c'], ['literal', [...state.streams]]];
  const groups = ['in', ['get', 'g'], ['literal', [...state.groups]]];
  return {
    drive: ['all', ['==', ['get', 's'], 0], vehicles],
    sweep: ['all', ['==', ['get', 's'], 1], vehicles],
    arrows: vehicles,
    order: ['all', ['>=', ['get', 'n'], 0], vehicles, streams],
    bins: ['all', streams, groups, ['any', ['==', ['get', 'v'], -1], vehicles]],
    swaps: ['all', ['==', ['get', 'w'], 1], streams, groups, ['any', ['==', ['get', 'v'], -1], vehicles]],
  };
}

function binColour() {
  const match = (field, rows) => ['match', ['get', field], ...rows.flat(), '#8a8f94'];
  if (state.colour_by === 'decision') return match('g', Object.entries(GROUP_COLOURS));
  if (state.colour_by === 'stream') return match('c', STREAM_COLOURS.map((colour, stream) => [stream, colour]));
  if (state.colour_by === 'vehicle') return byRoute();
  return ['case', ['<', ['get', 'f'], 0], '#8a8f94', ['interpolate', ['linear'], ['get', 'f'], ...FILL_STEPS.flat()]];
}

function layers() {
  const wanted = filters();
  const source = (name, type, more) => ({ source: name, type, ...more });
  const street = (id, most, low, high, colour) => ({ id, ...source('streets', 'line', {
    filter: ['all', ['<=', ['get', 'c'], most[1]], ['>=', ['get', 'c'], most[0]]],
    layout: { 'line-cap': 'round', 'line-join': 'round' }, paint: { 'line-color': colour, 'line-width': zoomed(low, high) } }) });
  const label = { 'text-font': FONT, 'text-size': 12 };
  const halo = { 'text-halo-color': '#fff', 'text-halo-width': 1.5 };
  return [
    { id: 'ground', type: 'background', paint: { 'background-color': '#f3f0ea' } },
    street('streets-small', [9, 12], 0.3, 5, '#e2ddd3'),
    street('streets-middle', [6, 8], 0.6, 12, '#d9d3c7'),
    street('streets-great', [1, 5], 1.2, 18, '#cbc3b2'),
    { id: 'drive', ...source('routes', 'line', { filter: wanted.drive, layout: { 'line-join': 'round' },
      paint: { 'line-color': byRoute(), 'line-width': zoomed(1.2, 4), 'line-opacity': 0.65 } }) },
    { id: 'sweep', ...source('routes', 'line', { filter: wanted.sweep, layout: { 'line-join': 'round', 'line-cap': 'round' },
      paint: { 'line-color': byRoute(), 'line-width': zoomed(2.2, 9), 'line-opacity': 0.8, 'line-offset': ['interpolate', ['linear'], ['zoom'], 12, 0, 17, 6 * KERB_SIDE] } }) },
    { id: 'streets-names', ...source('streets', 'symbol', { minzoom: 14.5, filter: ['!=', ['get', 'n'], ''],
      layout: { ...label, 'symbol-placement': 'line', 'text-field': ['get', 'n'] }, paint: { ...halo, 'text-color': '#3b444c' } }) },
    { id: 'arrows', ...source('routes', 'symbol', { minzoom: 13.5, filter: wanted.arrows, layout: { 'symbol-placement': 'line', 'symbol-spacing': 90,
      'icon-image': 'arrow', 'icon-size': 0.5, 'icon-allow-overlap': true, 'icon-padding': 0 }, paint: { 'icon-color': byRoute() } }) },
    { id: 'bins', ...source('bins', 'circle', { filter: wanted.bins, paint: { 'circle-color': binColour(),
      'circle-radius': ['interpolate', ['linear'], ['zoom'], 10, 2, 14, 4, 18, 9], 'circle-stroke-width': 1, 'circle-stroke-color': '#fff' } }) },
    { id: 'swaps', ...source('bins', 'symbol', { filter: wanted.swaps, layout: { 'icon-image': ['case', ['==', ['get', 'v'], -1], 'skip-left', 'skip'], 'icon-allow-overlap': true } }) },
    { id: 'order', ...source('bins', 'symbol', { minzoom: 15, filter: wanted.order, layout: { ...label, 'text-size': 11, 'text-field': ['to-string', ['get', 'n']],
      'text-offset': [0, -1.1] }, paint: { ...halo, 'text-color': byRoute() } }) },
    { id: 'places', ...source('places', 'symbol', { layout: { ...label, 'icon-image': ['get', 'k'], 'icon-allow-overlap': true,
      'text-field': ['get', 'n'], 'text-anchor': 'left', 'text-offset': [0.9, 0], 'text-optional': true }, paint: { ...halo, 'text-color': '#111' } }) },
  ];
}

// Pictures drawn here, since nothing may be fetched.
function drawnImage(size, draw) {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = size;
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  draw(pen);
  return pen.getImageData(0, 0, size, size);
}
function addImages(map) {
  map.addImage('arrow', drawnImage(32, (pen) => {
    pen.beginPath(); pen.moveTo(6, 4); pen.lineTo(28, 16); pen.lineTo(6, 28); pen.lineTo(12, 16); pen.fill();
  }), { sdf: true });
  map.addImage('square', drawnImage(16, (pen) => {
    pen.fillStyle = '#fff'; pen.fillRect(0, 0, 16, 16); pen.fillStyle = '#12344d'; pen.fillRect(2, 2, 12, 12);
  }));
  const shape = (pen, ...corners) => { pen.beginPath(); for (const [x, y] of corners) pen.lineTo(x, y); pen.fill(); };
  map.addImage('charger', drawnImage(20, (pen) => { // a flash in the square
    pen.fillStyle = '#fff'; pen.fillRect(0, 0, 20, 20); pen.fillStyle = '#12344d'; pen.fillRect(1, 1, 18, 18);
    pen.fillStyle = '#ffd54a'; shape(pen, [12, 2], [4, 11], [9, 11], [7, 18], [16, 8], [11, 8]);
  }));
  const trough = (inside) => (pen) => { // seen from its side
    pen.fillStyle = '#fff'; shape(pen, [0, 4], [22, 4], [18, 18], [4, 18]);
    pen.fillStyle = '#5c4b00'; shape(pen, [2, 6], [20, 6], [16.5, 16], [5.5, 16]);
    if (inside) { pen.fillStyle = inside; shape(pen, [5, 8], [17, 8], [15, 14], [7, 14]); }
  };
  map.addImage('skip', drawnImage(22, trough()));
  map.addImage('skip-left', drawnImage(22, trough('#fff'))); // nobody comes for it tonight
}

function makeMap() {
  const sources = { streets: streetFeatures(), routes: routeFeatures(), bins: binFeatures(), places: placeFeatures() };
  const attribution = word('attribution');
  const map = new maplibregl.Map({
    container: 'map', bounds: extent(), fitBoundsOptions: { padding: 40 }, attributionControl: false,
    fadeDuration: 0, dragRotate: false, pitchWithRotate: false, maxZoom: MOST_ZOOM,
    style: { version: 8, layers: [], sources: Object.fromEntries(Object.entries(sources).map(([name, features]) =>
      [name, { type: 'geojson', data: collection(features), maxzoom: 15, tolerance: 0.3, ...(name === 'streets' ? { attribution } : {}) }])) },
  });
  map.addControl(new maplibregl.AttributionControl({ compact: false, customAttribution: DATA.roads ? undefined : attribution }));
  map.addControl(new maplibregl.NavigationControl({ showCompass: false }), 'top-right');
  map.addControl(new maplibregl.ScaleControl(), 'bottom-left');
  map.touchZoomRotate.disableRotation();
  return map;
}

// ---- what a click tells ----

function element(tag, text, attributes = {}) {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

function decisionCard(decision) {
  const card = element('div');
  const kind = decision.is_street ? word('street') : word('stream_' + decision.stream);
  card.append(element('h3', `${decision.name || decision.site || decision.id} · ${decision.id} · ${kind}`));
  card.append(element('p', word('decision_' + decision.group)));
  for (const [route, stop] of VISITS.get(decision.id) ?? [])
    card.append(element('p', [word('by', route.vehicle, stop.order, clock(stop.start_ms)), stop.pass > 1 ? word('pass', stop.pass) : '',
      stop.swapped ? word('swapped') : ''].filter(Boolean).join(', ')));
  if (decision.swapped && !VISITS.has(decision.id)) card.append(element('p', word('swappable')));
  if (!decision.is_street) {
    const fill = decision.fill_ratio === null ? word('unknown') : `${number(100 * decision.fill_ratio)} %`;
    const rate = decision.rate_per_day === null ? '' : '; ' + word('rate', number(100 * decision.rate_per_day, 1));
    card.append(element('p', `${word('fill')}: ${fill}${rate}`));
  }
  card.append(element('p', `${word('reason')}: ${reasonWords(decision)}`));
  return card;
}

// One stream that lies at a transfer station: what is there, comes, is hauled away, stays.
function pileWords(pile) {
  const t = (grams) => number(grams / 1e6, 2);
  return [`${word('stream_' + pile.stream)}: ${word('pile', t(pile.opening_g), t(pile.inflow_g), t(pile.hauled_g), t(pile.closing_g))}`,
    word(pile.buffer_g > 0 ? 'pile_peak_of' : 'pile_peak', t(pile.peak_g), clock(pile.peak_ms), t(pile.buffer_g)),
    pile.reason ? word('reason_' + pile.reason) : ''].filter(Boolean).join(language === 'zh' ? '；' : '; ');
}

// A depot or facility, with the batteries charged there tonight and what lies there to be hauled away.
function placeCard(one) {
  const card = element('div');
  card.append(element('h3', [one.name || one.id, word(one.kind), canCharge(one) ? word('charges') : ''].filter(Boolean).join(' · ')));
  for (const [route, stop] of CHARGES.get(one.id))
    card.append(element('p', `${clock(chargeStart(stop))} ${route.vehicle} ${chargeWords(stop)}`));
  for (const pile of DATA.piles.filter((pile) => pile.facility === one.id)) card.append(element('p', pileWords(pile)));
  return card;
}

let popup = null;
function showCards(map, at, cards) {
  popup?.remove();
  const box = element('div');
  box.append(...cards);
  popup = new maplibregl.Popup({ focusAfterOpen: false, maxWidth: '26rem' }).setLngLat(at).setDOMContent(box).addTo(map);
}

function tellOnClick(map) {
  const told = ['bins', 'sweep', 'places'];
  map.on('click', (event) => {
    const { x, y } = event.point;
    const hits = map.queryRenderedFeatures([[x - 5, y - 5], [x + 5, y + 5]], { layers: told });
    const decisions = [...new Set(hits.filter((hit) => hit.properties.i >= 0).map((hit) => hit.properties.i))];
    const cards = decisions.slice(0, 12).map((index) => decisionCard(DECISIONS[index]));
    for (const hit of hits.filter((one) => one.layer.id === 'places').slice(0, 3)) cards.unshift(placeCard(PLACES[hit.properties.p]));
    if (cards.length) showCards(map, event.lngLat, cards);
  });
  for (const layer of told) {
    map.on('mouseenter', layer, () => { map.getCanvas().style.cursor = 'pointer'; });
    map.on('mouseleave', layer, () => { map.getCanvas().style.cursor = ''; });
  }
}
