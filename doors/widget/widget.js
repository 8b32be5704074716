// A figure of Tandem as a widget: one module with `render({ model, el })`, which Jupyter, Colab, VS Code, marimo and
// Jupyter Book 2 load (docs/DOORS.md). The build makes the site's widget.mjs of this file and the host's side.

import { TandemFigure } from '../../packages/element/src/host.js';

/**
 * What a notebook or a page knows of a widget, as anywidget hands it over.
 * @typedef {{
 *   get(name: string): any, set(name: string, value: unknown): void, save_changes(): void,
 *   on(event: string, listener: () => void): void, off(event: string, listener: () => void): void
 * }} Model
 */

/** What says how a figure looks, by the names of the attributes of `<tandem-figure>`. */
const ATTRIBUTES = TandemFigure.observedAttributes;

/** A module by its own name is where Tandem is: a book keeps a copy by another, a notebook its text. */
const HOME = /^https?:.*\/widget\.mjs$/.test(import.meta.url) ? new URL('.', import.meta.url).href : '';

/** A flag of Python as the address has it. @param {unknown} value */
const text = (value) => (typeof value === 'boolean' ? Number(value).toString() : String(value));

/** @param {Model} model @param {HTMLElement} figure @param {string} name */
function write(model, figure, name) {
  const value = model.get(name);
  const given = value !== undefined && value !== null && value !== '';
  if (given) figure.setAttribute(name, Array.isArray(value) ? value.map(text).join(',') : text(value));
  else figure.removeAttribute(name);
}

/**
 * What of the values asked for is another in the figure.
 * @param {Record<string, unknown>} wanted
 * @param {Record<string, unknown>} known
 */
const differing = (wanted, known) =>
  Object.entries(wanted ?? {})
    .filter(([path, value]) => known[path] !== value)
    .map(([path, value]) => ({ path, value }));

/**
 * Keeps model and figure the same: `values` both ways, `result`, `score` and `error` from the figure; only what the
 * model has.
 * @param {Model} model
 * @param {TandemFigure} figure
 */
function join(model, figure) {
  /** What the figure has, by path. @type {Record<string, unknown>} */
  let known = {};
  const tell = (/** @type {string} */ name, /** @type {unknown} */ value) => {
    if (model.get(name) === undefined) return;
    model.set(name, value);
    model.save_changes();
  };
  const failed = (/** @type {any} */ { code, message, field }) => tell('error', { code, message, field });
  const ask = () => {
    const changes = differing(model.get('values'), known);
    if (changes.length > 0) figure.set(changes).catch(failed);
  };
  /** @type {Record<string, (detail: any) => void>} */
  const heard = {
    'tandem-ready': ({ inputs }) => {
      known = Object.fromEntries(inputs.map((/** @type {any} */ { path, value }) => [path, value]));
      ask();
    },
    'tandem-change': ({ changes }) => {
      const changed = Object.fromEntries(changes.map((/** @type {any} */ { path, value }) => [path, value]));
      known = { ...known, ...changed };
      tell('values', { ...model.get('values'), ...changed });
    },
    'tandem-result': ({ status, headline, values, step }) => tell('result', { status, headline, values, step }),
    'tandem-score': ({ tandem, type, ...score }) => tell('score', score),
    'tandem-error': failed,
  };
  for (const [name, listener] of Object.entries(heard)) {
    figure.addEventListener(name, (event) => listener(/** @type {CustomEvent} */ (event).detail));
  }
  return ask;
}

/**
 * @param {{ model: Model, el: HTMLElement }} place
 * @returns {() => void} what takes the figure away again
 */
export function render({ model, el }) {
  const figure = /** @type {TandemFigure} */ (document.createElement('tandem-figure'));
  for (const name of ATTRIBUTES) write(model, figure, name);
  if (!figure.hasAttribute('page')) figure.setAttribute('page', HOME);
  if (figure.getAttribute('page') === '') {
    el.textContent = 'Tandem: `page` has to say where Tandem is served, as https://HOST/.';
    return () => el.replaceChildren();
  }
  const ask = join(model, figure);
  /** @type {[string, () => void][]} */
  const listeners = [
    ...ATTRIBUTES.map((name) => /** @type {[string, () => void]} */ ([name, () => write(model, figure, name)])),
    ['values', ask],
  ];
  for (const [name, listener] of listeners) model.on(`change:${name}`, listener);
  el.append(figure);
  return () => {
    for (const [name, listener] of listeners) model.off(`change:${name}`, listener);
    figure.remove();
  };
}

export default { render };
