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
  const names = ['Number', 'Preset', 'Ours', 'Claim', 'So?'];
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
  const ours = h('td', { class: 'number' }, '…');
  const claimed = h('td', { class: 'number' }, typeof to === 'string' ? `${is} ${to}` : `${is} …`);
  const so = h('td', {}, '');
  const shown = unitText(unit);
  const row = h(
    'tr',
    {},
    h(
      'th',
      { scope: 'row' },
      h('code', { translate: 'no' }, step === undefined ? of : `${of} [${step}]`),
      shown === '' ? null : ` (${shown})`,
    ),
    h('td', { translate: 'no' }, preset),
    ours,
    claimed,
    so,
  );
  /** @param {(preset: string) => Board | undefined} boardOf */
  const fill = (boardOf) => {
    const board = boardOf(preset);
    const other = typeof to === 'string' ? board : boardOf(to.preset);
    if (board === undefined || other === undefined) return;
    const value = numberOf(board.report, (id) => board.series(id), of, step);
    const times = typeof to === 'string' ? 1 : (to.times ?? 1);
    const bound = typeof to === 'string' ? Number(to) : times * numberOf(other.report, (id) => other.series(id), to.of);
    const good = holds(check, value, bound);
    ours.textContent = plain(significant(value, 7));
    if (typeof to !== 'string') claimed.textContent = `${is} ${plain(significant(bound, 7))}`;
    so.textContent = good ? '✓ yes' : '✗ no';
    so.className = good ? 'is-agrees' : 'is-differs';
  };
  return { row, fill };
}
