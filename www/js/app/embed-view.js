// An embedded view: what the author chose, its time, a few inputs, and the way to the full page.

import { bridge } from '../embed/bridge.js';
import { createPart, viewsOf } from '../embed/views.js';
import { createInputs } from '../panels/inputs.js';
import { createTransport } from '../panels/transport.js';
import { fieldOf } from '../session/form.js';
import { fullAddress, place } from '../session/links.js';
import { scoreOf } from '../session/score.js';
import { h } from '../ui/dom.js';
import { icon } from '../ui/icon.js';

/** @import { Lab } from '../session/lab.js' */
/** @import { EmbedOptions } from '../session/embedding.js' */
/** @import { Talk } from '../embed/talk.js' */
/** @import { Part } from '../embed/views.js' */

/**
 * @param {Lab} lab
 * @param {EmbedOptions} options
 * @param {{ talk: Talk | null, open: (what: string) => Promise<Lab> }} around the page around it, where there is one
 */
export function createEmbedView(lab, options, { talk, open }) {
  const views = h('div', { class: 'embed-views' });
  /** @type {Map<string, Part>} */
  const parts = new Map();
  const paths = options.inputs.map(({ path }) => path);
  const inputs =
    paths.length > 0 && options.lock !== 'all'
      ? createInputs(lab, { only: () => paths, ranges: options.inputs })
      : null;
  const transport = createTransport(lab, { compact: options.minimal });
  const full = h('a', { class: 'open-full', target: '_blank', rel: 'noopener' }, 'Open in full', icon('open'));
  const link = () => (full.href = fullAddress(lab.hash || location.hash));
  const element = h(
    'main',
    { class: 'embed', id: 'main' },
    h('h1', { class: options.minimal || options.question !== '' ? 'hidden-text' : null }, lab.report.title),
    options.question === '' ? null : h('p', { class: 'embed-question' }, options.question),
    views,
    ...options.inputs
      .filter(({ path }) => fieldOf(lab.form, path) === undefined)
      .map(({ path }) =>
        h(
          'p',
          { class: 'figure-problem' },
          `There is no input “${path}”; one is PATH, or PATH:FROM:TO:STEP with the least first.`,
        ),
      ),
    inputs?.element ?? null,
    h('div', { class: 'embed-bar' }, transport.element, full),
  );

  /**
   * A view as it was asked for, or what is said in its place.
   * @param {string} view
   * @param {boolean} asks whether there is a place for explanations
   */
  function make(view, asks) {
    const part = createPart(lab, view, { bare: options.minimal, asks, watch });
    if (part !== null) parts.set(view, part);
    const known = viewsOf(lab).map(({ id }) => id);
    const none = `There is no view “${view}”; there are ${known.join(', ')}.`;
    return part?.element ?? h('p', { class: 'figure-problem' }, none);
  }

  /** A chart that the lesson speaks of comes into sight, behind the others where it is not among them. @param {string} id */
  function watch(id) {
    if (!parts.has(id) && lab.report.charts.some((chart) => chart.id === id)) views.append(make(id, false));
    parts.get(id)?.element.scrollIntoView({ block: 'nearest' });
  }

  /**
   * Shows other views, and says which there are none of.
   * @param {string[]} wanted
   */
  function show(wanted) {
    for (const part of parts.values()) part.destroy();
    parts.clear();
    const asks = wanted.some((view) => view.startsWith('why:'));
    views.replaceChildren(...wanted.map((view) => make(view, asks)));
    // What a lesson asks to change stands beside it.
    if (inputs !== null) (parts.get('lesson')?.element ?? views).after(inputs.element);
    cover();
    return wanted.filter((view) => !parts.has(view));
  }

  /** Before a prediction nothing that gives the answer away is on screen; without a lesson there is none. */
  function cover() {
    const covered = lab.covered && parts.has('lesson');
    element.classList.toggle('is-covered', covered);
    const network = parts.get('network')?.element;
    if (network !== undefined) network.hidden = covered && (lab.report.lesson?.predict?.hide ?? []).includes('network');
  }

  /** What is no scenario, or another one where the author locked this, is for the full page. @param {MouseEvent} event */
  function leave({ target }) {
    const to = target instanceof Element ? target.closest('a[href^="#"]') : null;
    const hash = to?.getAttribute('href') ?? '';
    if (!(to instanceof HTMLAnchorElement) || (options.lock === 'none' && place(hash).name === 'lab')) return;
    Object.assign(to, { href: fullAddress(hash), target: '_blank', rel: 'noopener' });
  }

  element.addEventListener('click', leave);
  link();
  if (options.views.includes('lesson') && lab.phase === '')
    lab.setPhase(lab.report.lesson?.predict == null ? 'try-1' : 'predict');
  if (options.state !== '') scoreOf(lab).restore(options.state);
  show(options.views);
  const stops = [lab.on('link', link), lab.on('phase', cover), lab.on('result', cover)];
  const partOf = (/** @type {string} */ view) => parts.get(view)?.element ?? null;
  const told = talk === null ? null : bridge(talk, lab, { options, element, show, partOf, open });
  if (options.play && lab.steps > 1) lab.setPlaying(true);
  return {
    element,
    destroy() {
      told?.destroy();
      for (const stop of stops) stop();
      transport.destroy();
      inputs?.destroy();
      for (const part of parts.values()) part.destroy();
    },
  };
}
