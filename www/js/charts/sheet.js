// A chart, the network or a table as a file for a paper or a slide: what is asked of the module of figures.

import { citeSource } from '../session/source.js';
import { NotLoaded, Stopped } from '../session/problem.js';
import { h } from '../ui/dom.js';
import { inLanguage } from '../ui/language.js';

/** @import { Origin } from '../session/source.js' */
/** @import { Cell, Drawing, OwnTable } from '../session/types.js' */

/** @typedef {'svg' | 'pdf' | 'png' | 'tex' | 'csv' | 'json' | 'latex'} Kind `latex`: the numbers as a table */
/**
 * How it shall look; lengths in mm, of letters in pt. Without a height as suits the chart.
 * @typedef {{
 *   width: number, height: number | null, margin: number, text: number, dpi: number, dark: boolean, grey: boolean,
 *   title: boolean, legend: boolean, caption: boolean, source: boolean,
 * }} Style
 */
/** What is to be drawn, px. @typedef {{ width: number, height: number | null, dark: boolean, grey: boolean }} Wanted */
/** @typedef {Pick<Drawing, 'frame' | 'curves' | 'key'> & { picture: string, legend: { name: string, swatch: string }[] }} Made */
/**
 * What can be exported: a picture, its numbers, or both.
 * @typedef {{
 *   name: string, title: string, caption: string, origin: Origin | null,
 *   draw?: (wanted: Wanted) => Promise<Made>, table?: () => Promise<SheetTable>,
 * }} Exported
 */
/** @typedef {{ title: string, note: string, columns: { name: string, unit: string }[], rows: (string | number | null)[][] }} SheetTable */

/** @type {Worker | null} */
let worker = null;
/** Those who wait for an answer. @type {Map<number, { done: (value: any) => void, failed: (why: Error) => void }>} */
const waiting = new Map();
let asked = 0;

function engaged() {
  if (worker !== null) return worker;
  const made = new Worker(new URL('../charts/sheet-worker.js', import.meta.url), { type: 'module', name: 'figures' });
  made.onmessage = ({ data: { id, value, problem } }) => {
    const one = waiting.get(id);
    waiting.delete(id);
    if (problem === undefined) one?.done(value);
    else one?.failed(new Stopped(problem));
  };
  made.onerror = () => {
    worker = null;
    for (const { failed } of waiting.values()) failed(new NotLoaded());
    waiting.clear();
  };
  worker = made;
  return made;
}

/**
 * @param {'px' | 'around' | 'svg' | 'pdf' | 'png' | 'tikz' | 'table'} name
 * @param {...unknown} args
 * @returns {Promise<any>}
 */
function call(name, ...args) {
  asked += 1;
  const id = asked;
  return new Promise((done, failed) => {
    waiting.set(id, { done, failed });
    engaged().postMessage({ id, name, args });
  });
}

/** Colours of words, of those less important, and of the ground. @param {boolean} dark */
function tones(dark) {
  const sample = h('div', { class: dark ? 'sheet-dark' : 'sheet-light', hidden: true });
  document.body.append(sample);
  const style = getComputedStyle(sample);
  const [ink, muted, ground] = ['--ink', '--muted', '--surface'].map((name) => style.getPropertyValue(name).trim());
  sample.remove();
  return { ink, muted, ground: dark ? ground : '#ffffff' };
}

/**
 * The words of a drawing in the language of the page.
 * @param {string} text
 */
function translated(text) {
  const document = new DOMParser().parseFromString(text, 'image/svg+xml');
  for (const element of document.querySelectorAll('text, tspan')) {
    // Lines of a label are parts of their own.
    if (element.childElementCount > 0) continue;
    const words = element.textContent ?? '';
    const said = inLanguage(words);
    if (said !== words) element.textContent = said;
  }
  return new XMLSerializer().serializeToString(document.documentElement);
}

/**
 * The figure as JSON text for the module.
 * @param {Exported} what
 * @param {Style} style
 */
export async function figureOf(what, style) {
  if (what.draw === undefined) throw new Stopped('There is no picture of this.');
  const width = await call('px', style.width - 2 * style.margin, style.text);
  const wanted = { width: Math.floor(width), height: null, dark: style.dark, grey: style.grey };
  const said = (/** @type {boolean} */ on, /** @type {string | undefined} */ text) =>
    on && text ? inLanguage(text) : '';
  const { text: source, link } = style.source ? await citeSource(what.origin) : { text: '', link: '' };
  const set = (/** @type {Made} */ { picture, legend, key, curves, frame }, height = 0) =>
    JSON.stringify({
      height_mm: height,
      ...{ picture: translated(picture), frame },
      ...(curves === undefined ? {} : { curves }),
      title: said(style.title, what.title),
      legend: style.legend
        ? legend.map(({ name, swatch }) => ({ name: inLanguage(name), swatch: translated(swatch) }))
        : [],
      key: key.map((name) => inLanguage(name)),
      caption: said(style.caption, what.caption),
      ...{ source, link, width_mm: style.width, text_pt: style.text, margin_mm: style.margin, ...tones(style.dark) },
    });
  const figure = set(await what.draw(wanted));
  if (style.height === null) return figure;
  const all = await call('px', style.height, style.text);
  const height = Math.floor(all - (await call('around', figure)));
  if (height < 60) throw new Stopped('There is no room for the picture: give it more height, or leave words out.');
  return set(await what.draw({ ...wanted, height }), style.height);
}

/**
 * A preview: the sheet as SVG.
 * @param {Exported} what
 * @param {Style} style
 * @returns {Promise<string>}
 */
export async function sheetOf(what, style) {
  return call('svg', await figureOf(what, style));
}

/**
 * What is exported as a file of this kind.
 * @param {Exported} what
 * @param {Style} style
 * @param {Kind} kind
 * @returns {Promise<string | Uint8Array<ArrayBuffer>>}
 */
export async function written(what, style, kind) {
  if (kind === 'csv' || kind === 'json' || kind === 'latex') {
    if (what.table === undefined) throw new Stopped('There are no numbers of this.');
    const { text: source, link } = await citeSource(what.origin);
    return call('table', JSON.stringify({ ...(await what.table()), source, link }), kind === 'latex' ? 'tex' : kind);
  }
  return drawn(await figureOf(what, style), style, kind);
}

/**
 * A figure as a file of this kind.
 * @param {string} figure what `figureOf` gave
 * @param {Style} style
 * @param {'svg' | 'pdf' | 'png' | 'tex'} kind
 * @returns {Promise<string | Uint8Array<ArrayBuffer>>}
 */
export async function drawn(figure, style, kind) {
  if (kind === 'png') return call('png', figure, style.dpi);
  return call(kind === 'tex' ? 'tikz' : kind, figure);
}

/**
 * A table of the page as the module takes it; cells that follow the clock have their value at a step.
 * @param {OwnTable} table
 * @param {(series: string) => number | undefined} now
 * @returns {SheetTable}
 */
export function tableOf({ title, note, columns, rows }, now) {
  const cell = (/** @type {Cell} */ value) => {
    if (typeof value === 'string') return inLanguage(value);
    if (typeof value === 'object' && value !== null) return now(value.series) ?? null;
    return value;
  };
  const finite = (/** @type {string | number | null} */ value) =>
    typeof value === 'number' && !Number.isFinite(value) ? null : value;
  return {
    title: inLanguage(title),
    note: inLanguage(note ?? ''),
    columns: columns.map(({ name, unit }) => ({ name: inLanguage(name), unit: unit === '1' ? '' : (unit ?? '') })),
    rows: rows.map((row) => row.map((value) => finite(cell(value)))),
  };
}
