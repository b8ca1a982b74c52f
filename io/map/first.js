// SPDX-License-Identifier: GPL-3.0-or-later
// first.js - what runs first. It unpacks the data and draws streets, routes and containers on a plain
// canvas, where the map will have them; once the browser has painted that, the page makes its lists,
// and last the map engine starts, which takes seconds to do so and to cut a large plan into tiles.
// The canvas goes when the map is drawn.
'use strict';

const MOST_WAIT_MS = 8000, MOST_ZOOM = 20;
let DATA = null, CHINESE = null; // CHINESE: the plan's own sentences, once somebody reads Chinese

// Of base64 and gzip. Chromium 80, Safari 16.4, Firefox 113 and later can.
async function unpack(packed) {
  const letters = atob(packed), bytes = new Uint8Array(letters.length);
  for (let at = 0; at < letters.length; at++) bytes[at] = letters.charCodeAt(at);
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).text();
}

async function learnChinese() {
  CHINESE ??= JSON.parse(await unpack(document.getElementById('chinese').textContent));
}

// ---- words that stand on every page ----

function instant(seconds) {
  if (seconds === undefined) return '–';
  return new Date((seconds + DATA.plan.utc_offset_s) * 1000).toISOString().slice(0, 16).replace('T', ' ');
}

function showFixedWords() {
  const plan = DATA.plan, title = word('title', plan.district_name || plan.district_id, plan.service_day);
  document.documentElement.lang = language;
  for (const one of document.querySelectorAll('[data-word]')) one.textContent = word(one.dataset.word);
  for (const one of document.querySelectorAll('[data-label]')) one.setAttribute('aria-label', word(one.dataset.label));
  const button = document.getElementById('language');
  button.textContent = word('other_language');
  button.setAttribute('aria-label', word('other_language_name'));
  document.title = `${title} · kerbside`;
  document.getElementById('title').textContent = title;
  document.getElementById('subtitle').textContent = word('subtitle', plan.id, instant(plan.as_of_s));
}

// ---- where things lie ----

const columns = (fields) => Object.fromEntries(fields.map((field, at) => [field, at]));

// West, south, east and north of all stops, containers and streets of the plan, in degrees.
function extent() {
  let west = Infinity, south = Infinity, east = -Infinity, north = -Infinity;
  const add = (rows, { lat_e7, lon_e7 }) => {
    for (const row of rows) {
      const lat = row[lat_e7], lon = row[lon_e7];
      if (lat === 0 && lon === 0) continue; // nowhere
      if (lon < west) west = lon;
      if (lon > east) east = lon;
      if (lat < south) south = lat;
      if (lat > north) north = lat;
    }
  };
  for (const route of DATA.routes) add(route.stops, columns(DATA.stop_fields));
  add(DATA.decisions, columns(DATA.decision_fields));
  return west > east ? [-1, -1, 1, 1] : [west, south, east, north].map((e7) => e7 / 1e7);
}

// Web Mercator, the world from 0 to 1 and south below.
function mercator([lon, lat]) {
  return [lon / 360 + 0.5, 0.5 - Math.log(Math.tan(Math.PI / 4 + lat * Math.PI / 360)) / (2 * Math.PI)];
}

// From [lon, lat] to pixels, as the map fits its bounds.
function firstView(width, height) {
  const box = extent(), padding = 40;
  const [west, south] = mercator(box.slice(0, 2)), [east, north] = mercator(box.slice(2));
  const fits = Math.min((width - 2 * padding) / Math.max(1e-12, east - west), (height - 2 * padding) / Math.max(1e-12, south - north));
  const scale = Math.min(512 * 2 ** MOST_ZOOM, Math.max(512, fits));
  return (at) => {
    const [x, y] = mercator(at);
    return [width / 2 + scale * (x - (west + east) / 2), height / 2 + scale * (y - (north + south) / 2)];
  };
}

// ---- the drawing ----

// Steps of 1e-6 degrees as a line of the path, without the points that lie in the pixel of the one before.
function lineOfSteps(pen, view, steps) {
  let lat = 0, lon = 0, last_x = NaN, last_y = NaN;
  for (let at = 0; at + 1 < steps.length; at += 2) {
    lat += steps[at];
    lon += steps[at + 1];
    const [x, y] = view([lon / 1e6, lat / 1e6]);
    if (Math.abs(x - last_x) < 0.7 && Math.abs(y - last_y) < 0.7 && at + 2 < steps.length) continue;
    if (at) pen.lineTo(x, y); else pen.moveTo(x, y);
    last_x = x;
    last_y = y;
  }
}

function strokeAll(pen, view, lines, colour, width) {
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.beginPath();
  for (const steps of lines) lineOfSteps(pen, view, steps);
  pen.stroke();
}

function drawLines(pen, view) {
  const streets = DATA.roads?.lines ?? [], { leg, sweep } = columns(DATA.stop_fields);
  for (const [least, most, colour, thick] of [[9, 12, '#e2ddd3', 0.4], [6, 8, '#d9d3c7', 0.8], [1, 5, '#cbc3b2', 1.4]])
    strokeAll(pen, view, streets.filter(([c]) => c >= least && c <= most).map(([, , steps]) => steps), colour, thick);
  pen.globalAlpha = 0.65;
  DATA.routes.forEach((route, index) => {
    strokeAll(pen, view, route.stops.map((stop) => stop[leg]), routeColour(index), 1.2);
    strokeAll(pen, view, route.stops.map((stop) => stop[sweep]), routeColour(index), 2.2);
  });
  pen.globalAlpha = 1;
}

function drawContainers(pen, view) {
  const { is_street, lat_e7, lon_e7, choice, served } = columns(DATA.decision_fields);
  for (const row of DATA.decisions) {
    if (row[is_street] || (row[lat_e7] === 0 && row[lon_e7] === 0)) continue;
    const [x, y] = view([row[lon_e7] / 1e7, row[lat_e7] / 1e7]);
    pen.fillStyle = GROUP_COLOURS[groupOf(row[choice], row[served])];
    pen.fillRect(x - 2, y - 2, 4, 4);
  }
}

function drawFirst() {
  const box = document.getElementById('map'), canvas = document.createElement('canvas');
  const width = box.clientWidth, height = box.clientHeight, dots = window.devicePixelRatio || 1;
  canvas.id = 'first';
  canvas.setAttribute('aria-hidden', 'true');
  canvas.width = Math.round(width * dots);
  canvas.height = Math.round(height * dots);
  const pen = canvas.getContext('2d', { willReadFrequently: true }), view = firstView(width, height);
  if (!pen || !width || !height) return;
  pen.scale(dots, dots);
  pen.fillStyle = '#f3f0ea';
  pen.fillRect(0, 0, width, height);
  drawLines(pen, view);
  drawContainers(pen, view);
  box.after(canvas); // below what says that there is no map
}

// ---- one after the other ----

// Once what was done so far is seen: the browser says so; one that cannot gets a moment.
function firstPaint() {
  return new Promise((then) => {
    const tell = (list) => { for (const entry of list.getEntriesByName('first-contentful-paint')) then(entry.startTime); };
    try {
      new PerformanceObserver(tell).observe({ type: 'paint', buffered: true });
      setTimeout(() => then(performance.now()), MOST_WAIT_MS);
    } catch (fault) {
      requestAnimationFrame(() => setTimeout(() => then(performance.now())));
    }
  });
}

// Unseen pages are not painted; they do not wait for it.
const nextPaint = () => new Promise((then) => { requestAnimationFrame(() => setTimeout(then)); setTimeout(then, 1000); });
const wholeFile = () => new Promise((then) => {
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', then); else then();
});

// The page's policy knows the text by its hash.
function runPart(id) {
  const part = document.createElement('script');
  part.textContent = document.getElementById(id).textContent;
  document.head.append(part);
  part.remove();
}

async function begin() {
  try {
    DATA = JSON.parse(await unpack(document.getElementById('data').textContent));
  } catch (fault) {
    const told = document.getElementById('no-data');
    told.textContent = word('no_data');
    told.hidden = false;
    return;
  }
  showFixedWords();
  drawFirst();
  document.documentElement.dataset.firstMs = Math.round(await firstPaint());
  await wholeFile();
  if (language === 'zh') await learnChinese();
  runPart('page');
  start();
  await nextPaint();
  document.documentElement.dataset.listsMs = Math.round(performance.now());
  runPart('engine');
  startMap();
}
begin();
