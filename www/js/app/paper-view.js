// The page of a paper: its figures and tables live, what it prints as hollow marks, what it claims with verdicts.

import { createFigure } from '../charts/figure.js';
import { hollow, printedMarks } from '../charts/printed-marks.js';
import { createClaim, tally } from '../panels/claims.js';
import { openCite } from '../panels/cite.js';
import { besideOurs } from '../panels/printed.js';
import { Lab } from '../session/lab.js';
import { PAPERS } from '../session/papers.js';
import { sentence } from '../session/problem.js';
import { h, markFirstResult, s } from '../ui/dom.js';
import { onTheme } from '../ui/theme.js';
import { createHeader } from './shell.js';

/** @import { Client } from '../session/client.js' */
/** @import { Paper, Place, Shown } from '../session/papers.js' */

/** A part is solved when it is this far below the window, px. */
const NEAR = 300;
/** @type {[string, string][]} */
const CLASSES = [
  ['exact', 'inputs printed in the paper, or read off its figures'],
  ['calibrated', 'inputs chosen so that printed numbers come out'],
  ['reconstructed', 'inputs or rules inferred or made up, not fitted to the number'],
];

/**
 * @param {Client} client
 * @param {Paper} paper
 * @param {HTMLElement} notices
 */
export function createPaperView(client, paper, notices) {
  const cite = h('button', { type: 'button', onclick: () => void openCite(client, { paper: paper.id }) }, 'Cite');
  const header = createHeader({ title: paper.short });
  const labs = new Labs(client);
  const parts = paper.places.map((place) => createPart(paper, place, labs));
  const main = h(
    'main',
    { id: 'main', tabindex: -1 },
    notices,
    h('h2', { class: 'paper-title', translate: 'no', lang: 'en' }, paper.title),
    source(paper),
    h('p', { class: 'paper-basis' }, h('strong', {}, 'What is known of it here. '), paper.basis),
    tally(paper.claims),
    legend(),
    h('div', { class: 'row' }, cite),
    ...parts.map(({ element }) => element),
    others(paper.id),
  );
  const stop = onTheme(() => labs.redraw());
  markFirstResult();
  return {
    element: h('div', { class: 'paper-page' }, header.element, main),
    destroy() {
      stop();
      for (const part of parts) part.destroy();
      labs.close();
      header.destroy();
    },
  };
}

/**
 * Who wrote it, where it stands.
 * @param {Paper} paper
 */
function source({ authors, venue, year, doi, url }) {
  const address = doi === undefined ? url : `https://doi.org/${doi}`;
  return h(
    'p',
    { class: 'paper-source', translate: 'no', lang: 'en' },
    [authors.join(', '), venue, String(year)].filter((part) => part !== undefined).join('. '),
    '. ',
    address === undefined ? null : h('a', { href: address, rel: 'noopener' }, address.replace('https://', '')),
  );
}

/** What the marks and words of classes mean. */
function legend() {
  return h(
    'div',
    { class: 'paper-legend' },
    h(
      'p',
      { class: 'help' },
      'Hollow marks are numbers that the paper prints; lines and bars are computed here, now. An arrow points to one beyond the axis. Their shape says where the inputs come from:',
    ),
    h(
      'ul',
      {},
      ...CLASSES.map(([name, text]) => h('li', {}, sign(name), h('strong', {}, name), h('span', {}, ` ${text}`))),
    ),
  );
}

/** @param {string} kind */
function sign(kind) {
  return s(
    'svg',
    { class: 'class-sign', viewBox: '0 0 16 16', width: 16, height: 16, 'aria-hidden': 'true' },
    hollow(kind, 8, 8),
  );
}

/** @param {string} id */
function others(id) {
  const rest = PAPERS.filter((one) => one.id !== id);
  return h(
    'nav',
    { 'aria-labelledby': 'other-papers' },
    h('h2', { id: 'other-papers' }, 'Other papers'),
    h(
      'ul',
      { class: 'paper-list' },
      ...rest.map((one) =>
        h('li', {}, h('a', { href: `#paper=${one.id}` }, one.short), h('p', { class: 'about' }, one.about)),
      ),
    ),
  );
}

/** The presets of a page, each solved once, one after the other. */
class Labs {
  #client;
  /** @type {Map<string, Promise<Lab>>} */
  #asked = new Map();
  /** @type {Map<string, Lab>} */
  #open = new Map();
  #last = Promise.resolve();
  #closed = false;

  /** @param {Client} client */
  constructor(client) {
    this.#client = client;
  }

  /** @param {string} preset */
  get = (preset) => this.#open.get(preset);

  /**
   * @param {string} preset
   * @returns {Promise<Lab>}
   */
  ask(preset) {
    const known = this.#asked.get(preset);
    if (known !== undefined) return known;
    const opened = this.#last.then(async () => {
      if (this.#closed) throw new Error('closed');
      const lab = await Lab.open(this.#client, `#p=${preset}`);
      lab.cursor = 0;
      if (this.#closed) lab.close();
      this.#open.set(preset, lab);
      return lab;
    });
    this.#asked.set(preset, opened);
    this.#last = opened.then(
      () => {},
      () => {},
    );
    return opened;
  }

  redraw() {
    for (const lab of this.#open.values()) lab.redrawAll();
  }

  close() {
    this.#closed = true;
    for (const lab of this.#open.values()) lab.close();
  }
}

/**
 * A figure or table of the paper with the claims about it.
 * @param {Paper} paper
 * @param {Place} place
 * @param {Labs} labs
 */
function createPart(paper, place, labs) {
  const claims = paper.claims.filter(({ at }) => at === place.id).map(createClaim);
  const needed = new Set(
    paper.claims
      .filter(({ at }) => at === place.id)
      .flatMap(({ rests }) =>
        rests.flatMap(({ preset, to }) => (typeof to === 'string' ? [preset] : [preset, to.preset])),
      ),
  );
  const shows = place.show.map((shown) => ({ shown, element: h('div', { class: 'paper-show' }, waiting(shown)) }));
  const id = `place-${place.id}`;
  const element = h(
    'section',
    { class: 'paper-part', 'aria-labelledby': id, 'data-place': place.id },
    h('h3', { id }, h('span', { class: 'paper-name' }, place.name), ' ', h('span', {}, place.title)),
    h('p', { class: 'paper-class' }, sign(place.class), h('span', {}, place.class)),
    place.note === undefined ? null : h('p', { class: 'help' }, place.note),
    h(
      'div',
      { class: place.show.every(({ charts }) => charts.length === 1) ? 'paper-shows is-narrow' : 'paper-shows' },
      ...shows.map((one) => one.element),
    ),
    claims.length === 0 ? null : h('ul', { class: 'claims' }, ...claims.map((claim) => claim.element)),
  );
  /** @type {{ destroy: () => void }[]} */
  const figures = [];
  let gone = false;

  async function bring() {
    for (const { shown, element: box } of shows) {
      try {
        const lab = await labs.ask(shown.preset);
        if (gone) return;
        const made = shown.charts.map((chart) =>
          createFigure(lab, chart, {
            dress: printedMarks(lab, chart, {
              kind: place.class,
              ...(shown.alias === undefined ? {} : { alias: shown.alias }),
            }),
          }),
        );
        figures.push(...made);
        box.replaceChildren(
          h('p', { class: 'paper-preset' }, h('a', { href: `#p=${shown.preset}` }, lab.report.title)),
          h('div', { class: 'paper-figures' }, ...made.map((figure) => figure.element)),
          ...besideOurs(isFirst(paper, place, shown.preset) ? lab.report.published : [], {
            id: `printed-${place.id}-${shown.preset}`,
            title: `Printed beside ours: ${lab.report.title}`,
            said: lab.report.published_said ?? '',
            changed: 0,
            clock: lab.report.clock ?? null,
          }),
        );
        for (const details of box.querySelectorAll('details.beside')) details.setAttribute('open', '');
      } catch (error) {
        if (gone) return;
        box.replaceChildren(h('p', { role: 'alert' }, sentence(error)));
      }
    }
    for (const preset of needed) {
      await labs.ask(preset).catch(() => {});
      if (gone) return;
      for (const claim of claims) claim.update(labs.get);
    }
    element.dataset['solved'] = '';
  }

  const sight = new IntersectionObserver(
    (entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      sight.disconnect();
      void bring();
    },
    { rootMargin: `${NEAR}px` },
  );
  sight.observe(element);
  return {
    element,
    destroy() {
      gone = true;
      sight.disconnect();
      for (const figure of figures) figure.destroy();
    },
  };
}

/**
 * Whether a preset stands in no place before this one: its numbers are listed once.
 * @param {Paper} paper
 * @param {Place} place
 * @param {string} preset
 */
function isFirst(paper, place, preset) {
  return paper.places.find(({ show }) => show.some((one) => one.preset === preset)) === place;
}

/** @param {Shown} shown */
function waiting({ preset }) {
  return h(
    'p',
    { class: 'help paper-waiting', role: 'status' },
    'Solving ',
    h('span', { translate: 'no' }, preset),
    '…',
  );
}
