// SPDX-License-Identifier: GPL-3.0-or-later
// colours.js - what is drawn in which colour: kept apart by eye with colour vision deficiencies too
// (Okabe and Ito).
'use strict';

const PALETTE = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#56b4e9', '#e69f00', '#7b3294', '#5c4b00',
  '#b2182b', '#1b7837', '#2166ac', '#8c510a'];
const routeColour = (index) =>
  index < PALETTE.length ? PALETTE[index] : `hsl(${Math.round(index * 137.5) % 360} 65% 38%)`;
const STREAM_COLOURS = ['#777777', '#5f6368', '#2e7d32', '#1565c0', '#c62828', '#8d6e63', '#ef6c00'];
const GROUP_COLOURS = { served: '#1b7837', must_out: '#b2182b', may_out: '#f4a05a', skip: '#a9adb1', cannot: '#000000' };
const FILL_STEPS = [[0, '#2c7bb6'], [0.4, '#abd9e9'], [0.7, '#fdae61'], [0.9, '#d7191c'], [1.2, '#7a0010']];

const CHOICES = ['skip', 'may', 'must', 'cannot'];
const GROUPS = ['served', 'must_out', 'may_out', 'skip', 'cannot'];
function groupOf(choice, served) {
  if (served) return 'served';
  return CHOICES[choice] === 'must' || CHOICES[choice] === 'may' ? CHOICES[choice] + '_out' : CHOICES[choice];
}
