// The network as it is seen, offered as a file: drawn anew in the size asked for, with the keys of its symbols and scales.

import { standalone } from '../charts/download.js';
import { openExport } from '../charts/export.js';
import { tableOf } from '../charts/sheet.js';
import { s, h } from '../ui/dom.js';
import { drawDiagram } from './diagram.js';
import { grow } from './grow.js';
import { positions } from './layout.js';
import { legendOf } from './legend.js';
import { arrange } from './place.js';
import { priceScale, voltageScale } from './price.js';
import { sceneOf } from './scene.js';
import { networkSentence } from './sentences.js';
import { networkTables } from './tables.js';

/** @import { Lab } from '../session/lab.js' */
/** @import { Exported, Made, Wanted } from '../charts/sheet.js' */
/** @import { Scales } from './diagram-plan.js' */
/** @import { Point } from './layout.js' */
/** @import { Scene } from './scene.js' */
/** @import { Tree } from './tree.js' */

/** What is drawn. @typedef {{ lab: Lab, scene: Scene, layout: Map<string, Point>, trees: Map<string, Tree>, scales: Scales }} Network */

/** Height of the picture as a share of its width, px; that of a straight chain. */
const SHARE = 0.6;
const CHAIN = 180;

/** @param {Network} network */
export function exportNetwork(network) {
  openExport(networkOf(network));
}

/**
 * @param {Network} network
 * @returns {Exported}
 */
export function networkOf(network) {
  const { lab, scene, scales } = network;
  const now = (/** @type {string} */ series) => lab.series(series)?.values[lab.cursor];
  const [table] = networkTables(lab, scene, scales.transmission?.unit ?? '');
  return {
    ...{ name: lab.report.title, title: 'Network', caption: networkSentence(lab, lab.cursor), origin: lab.origin },
    draw: (wanted) => drawn(network, wanted),
    ...(table === undefined ? {} : { table: async () => tableOf(table, now) }),
  };
}

/**
 * The network of a scenario as it opens; nothing where it is too large for a diagram.
 * @param {Lab} lab
 */
export async function networkOfLab(lab) {
  const scene = sceneOf(lab.scenario.case);
  if (scene.large || scene.buses.length === 0) return null;
  const [layout, trees] = await Promise.all([positions(scene.system), grow(scene)]);
  const [prices, voltages] = [priceScale(lab.report), scene.trees.length > 0 ? voltageScale(lab.report) : null];
  return networkOf({ lab, scene, layout, trees, scales: { transmission: prices, feeders: prices ?? voltages } });
}

/**
 * @param {Network} network
 * @param {Wanted} wanted
 * @returns {Promise<Made>}
 */
async function drawn({ lab, scene, layout, trees, scales }, { width, height, dark }) {
  const flat = trees.size === 0 && new Set([...layout.values()].map(({ y }) => y)).size === 1;
  const tall = height ?? (flat ? CHAIN : Math.round(SHARE * width));
  const placing = arrange(scene, layout, trees, { width, height: tall });
  const diagram = drawDiagram(lab, scene, placing, scales);
  diagram.update(lab.cursor);
  const legend = h('div', { class: 'network-legend' }, ...legendOf(lab, scene, diagram.kinds, scales.feeders));
  // Style sheets dress only what stands in the page.
  const box = h(
    'div',
    { class: `figure network export-stage ${dark ? 'sheet-dark' : 'sheet-light'}`, 'aria-hidden': 'true', inert: true },
    h('div', { class: 'stage' }, diagram.svg),
    legend,
  );
  document.body.append(box);
  const picture = standalone(diagram.svg, false).text;
  const keys = [...legend.querySelectorAll('li:not(.price-key li)')].flatMap(keyOf);
  const scale = [...legend.querySelectorAll('.price-key')].map(scaleOf);
  box.remove();
  return { picture, legend: [...keys, ...scale], key: [], frame: NOWHERE };
}

/** No axes. */
const NOWHERE = { left: 0, right: 1, top: 0, bottom: 1, x0: 0, x1: 1, y0: 0, y1: 1 };
/** Height of the line that a sample stands in, px. */
const LINE = 14;

/**
 * A symbol with its name, out of the style that the page gives it.
 * @param {Element} item
 */
function keyOf(item) {
  const sample = item.querySelector('.key');
  if (sample === null) return [];
  return [{ name: item.textContent ?? '', swatch: swatchOf(getComputedStyle(sample)) }];
}

/** @param {CSSStyleDeclaration} style */
function swatchOf(style) {
  const [width, height] = [Number.parseFloat(style.width), Number.parseFloat(style.height)];
  const border = Number.parseFloat(style.borderTopWidth);
  const top = (LINE - height) / 2;
  const fill = style.backgroundColor;
  const look = {
    fill: fill === 'rgba(0, 0, 0, 0)' ? 'none' : fill,
    ...(border > 0 ? { stroke: style.borderTopColor, 'stroke-width': Math.min(border, 2) } : {}),
  };
  const corners = style.clipPath
    .match(/polygon\((.*)\)/)?.[1]
    ?.split(',')
    .map((pair) => pair.trim().split(/\s+/));
  const stripes = style.backgroundImage.match(/rgba?\([^)]*\)/)?.[0];
  const half = Math.min(border, 2) / 2;
  let shape;
  if (corners !== undefined) {
    const at = (/** @type {string | undefined} */ part, /** @type {number} */ side) =>
      (Number.parseFloat(part ?? '0') / 100) * side;
    const points = corners.map(([x, y]) => `${at(x, width)},${top + at(y, height)}`).join(' ');
    shape = s('polygon', { points, ...look });
  } else if (stripes !== undefined) {
    const middle = { x1: 0, x2: width, y1: LINE / 2, y2: LINE / 2 };
    shape = s('line', { ...middle, stroke: stripes, 'stroke-width': height, 'stroke-dasharray': '4 2' });
  } else if (style.borderRadius === '50%') {
    shape = s('circle', { cx: width / 2, cy: LINE / 2, r: width / 2 - half, ...look });
  } else {
    const turned = style.transform === 'none' ? {} : { transform: `rotate(45 ${width / 2} ${LINE / 2})` };
    const box = { x: half, y: top + half, width: width - 2 * half, height: height - 2 * half };
    shape = s('rect', { ...box, rx: Number.parseFloat(style.borderRadius) || 0, ...turned, ...look });
  }
  return markup(width, LINE, [shape]);
}

/**
 * The colours of buses from the least value to the greatest, with their numbers.
 * @param {Element} list
 */
function scaleOf(list) {
  let x = 0;
  const parts = [...list.querySelectorAll('li:not(.price-unit)')].flatMap((item) => {
    const style = getComputedStyle(item);
    const text = item.textContent ?? '';
    const width = Math.max(24, 7.5 * text.trim().length + 8);
    const cell = s('rect', { x, y: 0, width, height: LINE, fill: style.backgroundColor });
    const word = s(
      'text',
      { x: x + width / 2, y: 11, 'text-anchor': 'middle', 'font-size': 11, fill: style.color },
      text.trim(),
    );
    x += width;
    return [cell, word];
  });
  return { name: list.querySelector('.price-unit')?.textContent ?? '', swatch: markup(x, LINE, parts) };
}

/**
 * @param {number} width
 * @param {number} height
 * @param {Element[]} parts
 */
function markup(width, height, parts) {
  return new XMLSerializer().serializeToString(s('svg', { width, height }, ...parts));
}
