// SPDX-License-Identifier: GPL-3.0-or-later
// first.js - the first picture: streets, routes and containers on a plain canvas, where the map will
// have them. The map engine takes seconds to start and to cut a large plan into tiles; this takes
// tenths of one, and goes when the map is drawn.
'use strict';

const MOST_WAIT_MS = 8000;

// Web Mercator, the world from 0 to 1 and south below.
function mercator([lon, lat]) {
  return [lon / 360 + 0.5, 0.5 - Math.log(Math.tan(Math.PI / 4 + lat * Math.PI / 360)) / (2 * Math.PI)];
}

// From [lon, lat] to pixels, as the map fits its bounds.
function firstView(width, height) {
  const box = maplibregl.LngLatBounds.convert(extent()), padding = 40;
  const [west, south] = mercator(box.getSouthWest().toArray()), [east, north] = mercator(box.getNorthEast().toArray());
  const fits = Math.min((width - 2 * padding) / Math.max(1e-12, east - west), (height - 2 * padding) / Math.max(1e-12, south - north));
  const scale = Math.min(512 * 2 ** MOST_ZOOM, Math.max(512, fits));
  return (at) => {
    const [x, y] = mercator(at);
    return [width / 2 + scale * (x - (west + east) / 2), height / 2 + scale * (y - (north + south) / 2)];
  };
}

function strokeAll(pen, view, lines, colour, width) {
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.beginPath();
  for (const line of lines) line.forEach((at, order) => { const [x, y] = view(at); if (order) pen.lineTo(x, y); else pen.moveTo(x, y); });
  pen.stroke();
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
  const streets = DATA.roads?.lines ?? [];
  for (const [least, most, colour, thick] of [[9, 12, '#e2ddd3', 0.4], [6, 8, '#d9d3c7', 0.8], [1, 5, '#cbc3b2', 1.4]])
    strokeAll(pen, view, streets.filter(([c]) => c >= least && c <= most).map(([, , steps]) => points(steps)), colour, thick);
  pen.globalAlpha = 0.65;
  for (const route of ROUTES) {
    strokeAll(pen, view, route.stops.map((stop) => stop.leg), routeColour(route.index), 1.2);
    strokeAll(pen, view, route.stops.map((stop) => stop.sweep), routeColour(route.index), 2.2);
  }
  pen.globalAlpha = 1;
  for (const decision of DECISIONS) {
    if (decision.is_street || !isPlaced(decision)) continue;
    const [x, y] = view(decision.at);
    pen.fillStyle = GROUP_COLOURS[decision.group];
    pen.fillRect(x - 2, y - 2, 4, 4);
  }
  box.after(canvas); // below what says that there is no map
}

// Once what was done so far is seen: the browser says so; one that cannot gets a moment.
function afterPaint(then) {
  let done = false;
  const once = (at_ms) => { if (!done) then(at_ms); done = true; };
  const tell = (list) => { for (const entry of list.getEntriesByName('first-contentful-paint')) once(entry.startTime); };
  try {
    new PerformanceObserver(tell).observe({ type: 'paint', buffered: true });
    setTimeout(() => once(performance.now()), MOST_WAIT_MS);
  } catch (fault) {
    requestAnimationFrame(() => setTimeout(() => once(performance.now())));
  }
}
