// What a paper claims, each with its verdict in words and the numbers that the verdict rests on.

import { holds, numberOf } from '../session/papers.js';
import { h } from '../ui/dom.js';
import { plain, significant, unitText } from '../ui/number.js';

/** @import { Board } from '../session/board.js' */
/** @import { Check, Claim, Judged } from '../session/papers.js' */

/** A sign and the word. @type {Record<Judged, [string, string]>} */
const VERDICTS = {
  held: ['✓', 'Held'],
  refuted: ['✗', 'Refuted'],
  not_comparable: ['?', 'Not comparable'],
};

/** As it is printed. @type {Record<Check['is'], string>} */
const SIGNS = { '=': '=', '<': '<', '<=': '≤', '>': '>', '>=': '≥' };

/** @param {Judged} verdict */
export function badge(verdict) {
  const [sign, word] = VERDICTS[verdict];
  return h('span', { class: `verdict is-${verdict}` }, h('span', { 'aria-hidden': 'true' }, `${sign} `), word);
}

/**
 * How many claims have each verdict.
 * @param {Claim[]} claims
 */
export function tally(claims) {
  const kinds = /** @type {Judged[]} */ (['held', 'refuted', 'not_comparable']);
  return h(
    'p',
    { class: 'tally' },
    ...kinds.flatMap((kind) => [
      h('span', {}, badge(kind), ` ${claims.filter(({ verdict }) => verdict === kind).length}`),
    ]),
  );
}

/**
 * A claim; its numbers are filled in once every preset it names is solved.
 * @param {Claim} claim
 */
export function createClaim(claim) {
  const rows = claim.rests.map((check) => rowOf(check));
  const names = ['So?', 'Number', 'Ours', 'Claim', 'Preset'];
  const table = h(
    'div',
    { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': `Numbers of the claim: ${claim.says}` },
    h(
      'table',
      { 'data-claim': claim.id },
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          ...names.map((name, k) => h('th', { scope: 'col', class: k === 2 || k === 3 ? 'number' : null }, name)),
        ),
      ),
      h('tbody', {}, ...rows.map(({ row }) => row)),
    ),
  );
  const element = h(
    'li',
    { class: 'claim' },
    h('p', { class: 'claim-head' }, badge(claim.verdict), h('span', { class: 'class-word' }, claim.class)),
    h('p', { class: 'claim-says' }, claim.says),
    h('p', { class: 'claim-why' }, claim.why),
    rows.length === 0 ? null : h('details', {}, h('summary', {}, 'Numbers it rests on'), table),
    links(claim.presets),
  );
  return {
    element,
    /** @param {(preset: string) => Board | undefined} boardOf */
    update(boardOf) {
      for (const { fill } of rows) fill(boardOf);
    },
  };
}

/** @param {string[]} presets */
function links(presets) {
  return h(
    'p',
    { class: 'claim-links' },
    ...presets.map((preset) => h('a', { href: `#p=${preset}`, translate: 'no' }, preset)),
  );
}

/** @param {Check} check */
function rowOf(check) {
  const { preset, of, step, is, to, unit } = check;
  const sign = SIGNS[is];
  const ours = h('td', { class: 'number' }, '…');
  const claimed = h('td', { class: 'number' }, `${sign} ${typeof to === 'string' ? to.replace('-', '−') : '…'}`);
  const so = h('td', {}, '');
  const shown = unitText(unit);
  const name = h('span', { title: of }, h('code', { translate: 'no' }, of));
  const row = h(
    'tr',
    {},
    so,
    h(
      'th',
      { scope: 'row' },
      name,
      step === undefined ? null : h('span', {}, ` [${step}]`),
      shown === '' ? null : h('span', { class: 'class-word' }, ` (${shown})`),
    ),
    ours,
    claimed,
    h('td', { translate: 'no' }, preset),
  );
  /** @param {(preset: string) => Board | undefined} boardOf */
  const fill = (boardOf) => {
    const board = boardOf(preset);
    const other = typeof to === 'string' ? board : boardOf(to.preset);
    if (board === undefined || other === undefined) return;
    const value = numberOf(board, of, unit, step);
    const times = typeof to === 'string' ? 1 : (to.times ?? 1);
    const bound = typeof to === 'string' ? Number(to) : times * numberOf(other, to.of, unit);
    const good = holds(check, value, bound);
    const named = step === undefined ? board.report.summary.find(({ id }) => id === of) : board.series(of);
    if (named !== undefined) name.replaceChildren(named.name);
    ours.textContent = plain(significant(value, 7));
    if (typeof to !== 'string') claimed.textContent = `${sign} ${plain(significant(bound, 7))}`;
    so.textContent = good ? '✓ yes' : '✗ no';
    so.className = good ? 'is-agrees' : 'is-differs';
  };
  return { row, fill };
}
