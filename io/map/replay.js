// SPDX-License-Identifier: GPL-3.0-or-later
// replay.js - where every vehicle is at a moment of the night, and the slider that chooses it.
'use strict';

// Distances along a line, in degrees of latitude: good enough to move a dot.
function lengthsOf(line) {
  const out = [0];
  for (let at = 1; at < line.length; at++) {
    const narrow = Math.cos(line[at][1] * Math.PI / 180);
    out.push(out[at - 1] + Math.hypot((line[at][0] - line[at - 1][0]) * narrow, line[at][1] - line[at - 1][1]));
  }
  return out;
}

function along(line, share, otherwise) {
  if (line.length < 2) return line[0] ?? otherwise;
  const lengths = lengthsOf(line), want = share * lengths[lengths.length - 1];
  let at = 1;
  while (at < line.length - 1 && lengths[at] < want) at++;
  const piece = lengths[at] - lengths[at - 1];
  const part = piece > 0 ? Math.min(1, (want - lengths[at - 1]) / piece) : 0;
  return [0, 1].map((axis) => line[at - 1][axis] + part * (line[at][axis] - line[at - 1][axis]));
}

// Where a vehicle stands once it has done a stop.
const endOf = (stop) => (stop.kind === 'sweep' ? stop.sweep.at(-1) : undefined) ?? stop.at;

// Between two stops: first the breaks, then the drive.
function onTheWay(route, before, stop, now_ms) {
  let left_ms = before.end_ms;
  for (const pause of breaksAfter(route, before)) {
    if (now_ms < pause.start_ms) return { at: endOf(before), doing: 'wait', stop: before };
    if (now_ms < pause.end_ms) return { at: endOf(before), doing: 'break', stop: before };
    left_ms = pause.end_ms;
  }
  if (now_ms >= stop.arrival_ms) return null;
  const span = stop.arrival_ms - left_ms;
  const share = span > 0 ? (now_ms - left_ms) / span : 1;
  return { at: along(stop.leg.length ? stop.leg : [before.at, stop.at], Math.max(0, share), stop.at), doing: 'drive', stop };
}

// {at, doing, stop}: doing is depot, drive, wait, serve, sweep, tip, charge, load, break or home.
function whereIs(route, now_ms) {
  const stops = route.stops;
  if (!stops.length) return null;
  if (now_ms < stops[0].end_ms) return { at: stops[0].at, doing: 'depot', stop: stops[0] };
  let low = 0, high = stops.length - 1; // the first stop not yet left
  while (low < high) {
    const middle = (low + high) >> 1;
    if (stops[middle].end_ms > now_ms) high = middle; else low = middle + 1;
  }
  const stop = stops[low], before = stops[Math.max(0, low - 1)];
  if (now_ms >= stop.arrival_ms && stop.kind === 'end') return { at: stop.at, doing: 'home', stop };
  const way = onTheWay(route, before, stop, now_ms);
  if (way) return way;
  if (now_ms < stop.start_ms) return { at: stop.leg.at(-1) ?? stop.at, doing: 'wait', stop };
  if (stop.charge_ms && now_ms >= chargeStart(stop)) return { at: stop.at, doing: 'charge', stop };
  if (stop.kind !== 'sweep') return { at: stop.at, doing: stop.kind, stop };
  const span = stop.end_ms - stop.start_ms;
  return { at: along(stop.sweep, span > 0 ? (now_ms - stop.start_ms) / span : 1, stop.at), doing: 'sweep', stop };
}

function sayWhere(route, place) {
  return word('v_' + place.doing, route.vehicle, stopName(place.stop));
}

// All of them while they fit a line; counts where there are many.
function sayNight(now_ms) {
  const shown = ROUTES.filter((route) => state.vehicles.has(route.index));
  const places = shown.map((route) => [route, whereIs(route, now_ms)]).filter(([, place]) => place);
  const count = (doing) => places.filter(([, place]) => place.doing === doing).length;
  const text = places.length <= 6
    ? places.map(([route, place]) => sayWhere(route, place)).join(language === 'zh' ? '；' : '; ')
    : word('v_some', places.length - count('depot') - count('home'), count('depot'), count('home'));
  return word('at_time', clock(now_ms), text);
}

const SPEEDS_MIN = [1, 5, 15, 30]; // minutes of the night in a second

const replay = {
  now_ms: NIGHT.last_ms,
  playing: false,
  last_frame: 0,

  set(now_ms) {
    this.now_ms = Math.max(NIGHT.first_ms, Math.min(NIGHT.last_ms, now_ms));
    const slider = document.getElementById('time');
    slider.value = this.now_ms / 1000;
    slider.setAttribute('aria-valuetext', clock(this.now_ms));
    document.getElementById('clock').textContent = clock(this.now_ms);
    document.getElementById('status').textContent = ''; // what it said was of another time
    moveVehicles();
  },
  say() {
    document.getElementById('status').textContent = sayNight(this.now_ms);
    markTimetables();
  },
  toggle() {
    this.playing = !this.playing;
    if (this.playing && this.now_ms >= NIGHT.last_ms) this.set(NIGHT.first_ms);
    this.last_frame = 0;
    showPlay();
    if (this.playing) requestAnimationFrame((at) => this.frame(at)); else this.say();
  },
  frame(at) {
    if (!this.playing) return;
    const passed = this.last_frame ? Math.min(100, at - this.last_frame) : 0;
    this.last_frame = at;
    this.set(this.now_ms + passed * 60 * Number(document.getElementById('speed').value));
    if (this.now_ms >= NIGHT.last_ms) this.toggle();
    else requestAnimationFrame((next) => this.frame(next));
  },
};

function showPlay() {
  const button = document.getElementById('play');
  button.textContent = word(replay.playing ? 'pause' : 'play');
  button.setAttribute('aria-pressed', replay.playing);
}

// ---- vehicles lie on a sheet above the map: moving them does not draw the map again ----

function layOver(map) {
  const canvas = element('canvas', undefined, { id: 'over', 'aria-hidden': 'true' });
  map.getCanvasContainer().append(canvas);
  picture.over = canvas;
  map.on('resize', fitOver);
  map.on('render', drawVehicles);
  fitOver();
}

function fitOver() {
  const box = document.getElementById('map'), dots = window.devicePixelRatio || 1;
  picture.over.width = Math.round(box.clientWidth * dots);
  picture.over.height = Math.round(box.clientHeight * dots);
  drawVehicles();
}

// A name stands below its dot where no other does.
function drawName(pen, text, x, y, taken) {
  const width = pen.measureText(text).width, box = [x - width / 2, y + 11, x + width / 2, y + 25];
  if (taken.some((one) => box[0] < one[2] && one[0] < box[2] && box[1] < one[3] && one[1] < box[3])) return;
  taken.push(box);
  pen.strokeText(text, x, y + 12);
  pen.fillText(text, x, y + 12);
}

function drawVehicles() {
  if (!picture.ready) return;
  const pen = picture.over.getContext('2d', { willReadFrequently: true }), dots = window.devicePixelRatio || 1;
  const taken = [], seen = picture.shown.map((one) => ({ ...one, ...picture.map.project(one.at) }));
  pen.setTransform(dots, 0, 0, dots, 0, 0);
  pen.clearRect(0, 0, picture.over.width, picture.over.height);
  pen.lineWidth = 2.5;
  pen.strokeStyle = '#fff';
  for (const { x, y, index } of seen) {
    pen.fillStyle = routeColour(index);
    pen.beginPath();
    pen.arc(x, y, 10, 0, 2 * Math.PI);
    pen.fill();
    pen.stroke();
  }
  pen.font = '12px "Noto Sans", "Noto Sans CJK SC", sans-serif';
  pen.textAlign = 'center';
  pen.textBaseline = 'top';
  pen.lineWidth = 3;
  pen.fillStyle = '#111';
  for (const { x, y, id } of seen) drawName(pen, id, x, y, taken);
}

function moveVehicles() {
  if (!picture.ready) return;
  picture.shown = [];
  for (const route of ROUTES) {
    if (!state.vehicles.has(route.index)) continue;
    const place = whereIs(route, replay.now_ms);
    if (place) picture.shown.push({ id: route.vehicle, index: route.index, at: place.at, doing: place.doing });
  }
  drawVehicles();
  paintDone();
}

// What is done by now is drawn strong, what is to come pale. It makes the map read every feature
// again, so it waits: a fifth of a second, and four times as long as it took the last time.
let paint_timer = null, paint_wait_ms = 200, painted_ms = NIGHT.last_ms;
function paintDone() {
  if (paint_timer || painted_ms === replay.now_ms) return;
  paint_timer = setTimeout(() => {
    const begun_ms = performance.now();
    painted_ms = replay.now_ms;
    const shade = (strong, pale) => ['case', ['<=', ['get', 't'], replay.now_ms], strong, pale];
    picture.map.once('idle', () => {
      paint_wait_ms = Math.max(200, 4 * (performance.now() - begun_ms));
      paint_timer = null;
      paintDone();
    });
    picture.map.setPaintProperty('drive', 'line-opacity', shade(0.65, 0.15));
    picture.map.setPaintProperty('sweep', 'line-opacity', shade(0.8, 0.2));
    picture.map.setPaintProperty('bins', 'circle-opacity', shade(1, 0.35));
  }, paint_wait_ms);
}
