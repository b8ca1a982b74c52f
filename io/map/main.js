// SPDX-License-Identifier: GPL-3.0-or-later
// main.js - puts the page together. state is all that a reader can change; kerbside is there for
// whoever scripts the page, its tests among them.
'use strict';

const state = {
  vehicles: new Set(ROUTES.map((route) => route.index)),
  streams: new Set(STREAMS),
  groups: new Set(GROUPS),
  layers: new Set(Object.keys(LAYERS)),
  colour_by: 'decision',
};
const picture = { map: null, ready: false, over: null, shown: [] };

function goTo(at, ...rest) {
  const cards = rest.filter((one) => one instanceof Node), then = rest.find((one) => typeof one === 'function');
  then?.();
  if (!picture.map || !at) return;
  picture.map.jumpTo({ center: at, zoom: Math.max(16, picture.map.getZoom()) });
  showCards(picture.map, at, cards);
}

function goToRoute(route) {
  showOnly([route.index]);
  if (!picture.map) return;
  const box = new maplibregl.LngLatBounds();
  for (const stop of route.stops) box.extend(stop.at);
  if (!box.isEmpty()) picture.map.fitBounds(box, { padding: 40, animate: false });
}

function showWords() {
  showFixedWords();
  document.getElementById('about').textContent = word('about_text', PLAN.engine_version, (language === 'zh' && CHINESE?.relaxation) || PLAN.relaxation || '–') +
    (DATA.roads ? '' : ' ' + word('no_roads'));
  const speed = document.getElementById('speed'), chosen = speed.value || '15';
  speed.replaceChildren(...SPEEDS_MIN.map((minutes) => element('option', word('speed_times', minutes), { value: minutes })));
  speed.value = chosen;
  showTotals();
  showFilters();
  showVehicles();
  showLeftOut();
  showCosts();
  showPlay();
  search(document.getElementById('search').value);
  replay.set(replay.now_ms);
  replay.say();
}

function listen() {
  const on = (id, event, handler) => document.getElementById(id).addEventListener(event, handler);
  on('language', 'click', () => {
    language = language === 'zh' ? 'en' : 'zh';
    showWords();
    if (language === 'zh' && !CHINESE) learnChinese().then(showWords);
  });
  on('search', 'input', (event) => search(event.target.value));
  on('search-form', 'submit', (event) => { event.preventDefault(); document.querySelector('#results button')?.click(); });
  on('colour-by', 'change', (event) => { state.colour_by = event.target.value; showLegend(); });
  on('all-vehicles', 'click', () => showOnly(ROUTES.map((route) => route.index)));
  on('no-vehicles', 'click', () => showOnly([]));
  on('more-left-out', 'click', () => { left_out_shown += 200; showLeftOut(); });
  on('play', 'click', () => replay.toggle());
  on('time', 'input', (event) => replay.set(1000 * Number(event.target.value)));
  on('time', 'change', () => replay.say());
}

function start() {
  const slider = document.getElementById('time');
  slider.min = NIGHT.first_ms / 1000;
  slider.max = NIGHT.last_ms / 1000;
  const comment = [...document.head.childNodes].find((node) => node.nodeType === Node.COMMENT_NODE);
  document.getElementById('licence').textContent = comment?.data ?? '';
  listen();
  showWords();
}

// Called when the map engine is there (first.js). What the reader changed meanwhile is in state, and so in the layers.
function startMap() {
  try {
    picture.map = makeMap();
  } catch (fault) { // no WebGL: the lists still tell everything, and the first picture stays
    document.getElementById('no-map').hidden = false;
  }
  picture.map?.once('style.load', () => {
    addImages(picture.map);
    for (const layer of layers()) picture.map.addLayer(layer);
    tellOnClick(picture.map);
    layOver(picture.map);
    picture.ready = true;
    applyFilters();
  });
  picture.map?.once('load', () => {
    document.getElementById('first')?.remove();
    document.documentElement.dataset.drawnMs = Math.round(performance.now());
  });
}

window.kerbside = { picture, replay, state, whereIs, ROUTES, DECISIONS };
