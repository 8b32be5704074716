// One round: the codes that came in, who is missing, what is refused; then its result.

import { h, uid } from '../ui/dom.js';
import { plain } from '../ui/number.js';
import { hashOf } from '../session/links.js';
import { sentence } from '../session/problem.js';
import { offersOf, readBids } from './bids.js';
import { documentOf } from './market.js';
import { discreetBox } from './parts.js';
import { createResult } from './result.js';
import { loadOf, unitOf } from './room.js';
import { RULES, isRule, ruleName } from './rules.js';
import { findAnswers } from './solver.js';

/** @import { Client } from '../session/client.js' */
/** @import { Bids } from './bids.js' */
/** @import { Cleared, Missing, Offer, Room, Round } from './room.js' */
/** @import { Rule } from './rules.js' */
/** @import { Result, createSolver } from './solver.js' */
/** @import { Answer } from './answers.js' */

/** While codes are typed or pasted. */
const PAUSE_MS = 150;

/**
 * @param {Client} client
 * @param {Room} room
 * @param {number} number of the round, from 1
 * @param {{
 *   solver: ReturnType<typeof createSolver>, kept: () => void, answers: Map<number, Answer>, done: () => void,
 *   next: (() => void) | null, replays: boolean
 * }} page `answers` found so far under the rule told to the seats, which files tell of; `replays`: begins with the replay
 */
export function createRoundPanel(client, room, number, { solver, kept, answers, done, next, replays }) {
  const round = /** @type {Room['rounds'][0]} */ (room.rounds[number - 1]);
  const ids = { box: uid('codes'), missing: uid('missing'), rule: uid('rule') };
  const status = h('p', { class: 'room-count', role: 'status' });
  const list = h('div', { class: 'room-bids' });
  const wrong = h('p', { class: 'room-wrong', role: 'alert' });
  const place = h('div', {});
  /** @type {Bids} */
  let bids = { taken: new Map(), replaced: [], refused: [] };
  /** @type {ReturnType<typeof findAnswers> | null} */
  let search = null;
  /** @type {ReturnType<typeof createResult> | null} */
  let result = null;
  let timer = 0;
  let turn = 0;
  let gone = false;
  const box = codesBox(ids.box, () => {
    round.text = box.value;
    kept();
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void check(), PAUSE_MS);
  });
  box.value = round.text;
  const missing = missingSelect(ids.missing, round.missing, (chosen) => {
    round.missing = chosen;
    kept();
  });
  const rule = ruleSelect(ids.rule, round, () => void show());
  const chosen = () => (isRule(rule.value) ? rule.value : round.rule);
  const known = new Map(RULES.map((one) => [one, one === round.rule ? answers : new Map()]));
  const stop = () => {
    search?.stop();
    result?.replay.stop();
  };
  const discreet = discreetBox(room, () => {
    kept();
    if (round.cleared !== null) void show();
  });
  const go = h('button', { type: 'button', class: 'primary', onclick: () => void clear() }, 'Clear the round');
  const intake = intakeOf(box, status, list, round.cleared === null);

  /** Finds and checks the codes. */
  async function check() {
    turn += 1;
    const mine = turn;
    const found = await readBids(room, number, box.value);
    if (mine !== turn || gone) return;
    bids = found;
    const refused = found.refused.length === 0 ? '' : ` ${found.refused.length} refused.`;
    status.textContent = `${found.taken.size} of ${room.seats.length} bids are in.${refused}`;
    list.replaceChildren(...listed(room, found));
    go.textContent = goText(round.cleared, offersOf(room, bids, round.missing));
  }

  const failed = (/** @type {unknown} */ error) => {
    if (!gone) wrong.textContent = sentence(error);
  };

  async function clear() {
    window.clearTimeout(timer);
    await check();
    const offers = offersOf(room, bids, round.missing);
    try {
      await solver.clear(room, round, offers, round.rule);
      if (gone) return;
      round.cleared = { rule: round.rule, missing: round.missing, offers };
      stop();
      for (const found of known.values()) found.clear();
      rule.disabled = false;
      kept();
      done();
      intake.open = false;
      await check();
      await show();
    } catch (error) {
      failed(error);
    }
  }

  /** The result of the round as it was cleared, or what it would be under another rule: that is shown and never kept. */
  async function show() {
    const cleared = round.cleared;
    if (cleared === null) return;
    const tried = { ...cleared, rule: chosen() };
    wrong.textContent = '';
    try {
      const found = await solver.clear(room, round, tried.offers, tried.rule);
      if (gone || round.cleared !== cleared || tried.rule !== chosen()) return;
      stop();
      const lab = h('span', { class: 'row' });
      const made = createResult(room, found, { next, lab });
      result = made;
      place.replaceChildren(...whatIf(round, tried.rule), made.element);
      void labLinks(client, room, round, tried)
        .then((links) => lab.replaceChildren(...links))
        .catch(() => {});
      search = look(client, room, round, tried, found, known.get(tried.rule) ?? new Map(), made);
      search?.done.catch(failed);
    } catch (error) {
      failed(error);
    }
  }

  const element = layout(room, number, [intake, controls(rule, missing, go, discreet), wrong, place]);
  void check();
  void show().then(() => {
    if (replays) result?.replay.begin();
  });
  return {
    element,
    destroy() {
      gone = true;
      window.clearTimeout(timer);
      stop();
    },
  };
}

/**
 * Shows the best missed answers of a result on screen that are known, and looks for all where some are not.
 * @param {Client} client
 * @param {Room} room
 * @param {Round} round
 * @param {Cleared} cleared
 * @param {Result} found
 * @param {Map<number, Answer>} answers
 * @param {ReturnType<typeof createResult>} made
 */
function look(client, room, round, cleared, { ledger }, answers, made) {
  for (const answer of answers.values()) made.answer(answer);
  if (answers.size === room.seats.length || room.discreet) return null;
  answers.clear();
  return findAnswers(client, room, round, cleared, ledger, (answer) => {
    answers.set(answer.seat, answer);
    made.answer(answer);
  });
}

/** That another rule than the one told is no result. @param {Round} round @param {Rule} tried */
function whatIf(round, tried) {
  if (tried === round.rule) return [];
  return [
    h(
      'p',
      { class: 'room-what-if', role: 'status' },
      h('strong', {}, `What if: ${ruleName(tried)}.`),
      h('span', {}, ` The round counts under the rule told to the seats: ${ruleName(round.rule)}.`),
    ),
  ];
}

/** @param {Room} room @param {number} number of the round @param {HTMLElement[]} parts */
function layout(room, number, parts) {
  const round = /** @type {Round} */ (room.rounds[number - 1]);
  const load = plain(loadOf(room, round), 2);
  return h(
    'section',
    { class: 'room-round', 'aria-labelledby': 'room-round' },
    h('h2', { id: 'room-round' }, `Round ${number}`),
    h('p', { class: 'room-told' }, `Told to the seats: ${ruleName(round.rule)}, a load of ${load} MW.`),
    ...parts,
  );
}

/** @param {HTMLElement} rule @param {HTMLElement} missing @param {HTMLElement} go @param {HTMLElement} discreet */
function controls(rule, missing, go, discreet) {
  return h(
    'div',
    { class: 'row room-controls' },
    h('span', { class: 'pair' }, h('label', { for: rule.id }, 'Rule'), rule),
    h('span', { class: 'pair' }, h('label', { for: missing.id }, 'Seats without a bid'), missing),
    go,
    discreet,
  );
}

/** @param {Round['cleared']} cleared @param {Offer[]} offers as they are now */
function goText(cleared, offers) {
  if (cleared === null) return 'Clear the round';
  return JSON.stringify(offers) === JSON.stringify(cleared.offers) ? 'Clear again' : 'Clear again with the new bids';
}

/** @param {string} id @param {() => void} oninput */
function codesBox(id, oninput) {
  return h('textarea', {
    ...{ id, rows: 5, class: 'wide', spellcheck: 'false', autocomplete: 'off' },
    ...{ placeholder: 'TB-2R23233-T6N5Q2K-88HMX4B', oninput },
  });
}

/** @param {string} id @param {Missing} now @param {(chosen: Missing) => void} act */
function missingSelect(id, now, act) {
  const select = h(
    'select',
    { id, onchange: () => act(select.value === 'out' ? 'out' : 'cost') },
    h('option', { value: 'cost', selected: now === 'cost' }, 'offer at their cost'),
    h('option', { value: 'out', selected: now === 'out' }, 'stay out'),
  );
  return select;
}

/** Nothing is to be tried before a round is cleared. @param {string} id @param {Round} round @param {() => void} act */
function ruleSelect(id, { rule: now, cleared }, act) {
  const options = RULES.map((one) => h('option', { value: one, selected: one === now }, ruleName(one)));
  return h('select', { id, onchange: act, disabled: cleared === null }, ...options);
}

/** @param {HTMLElement} box @param {HTMLElement} status @param {HTMLElement} list @param {boolean} open */
function intakeOf(box, status, list, open) {
  return h(
    'details',
    { class: 'room-intake', open },
    h('summary', {}, h('h3', {}, 'Bids')),
    h('label', { for: box.id }, 'Paste the codes here'),
    box,
    h(
      'p',
      { class: 'help' },
      'All together, as they came: a chat, mails, a list. What is no code is passed over; a later code of a seat stands for its earlier one.',
    ),
    status,
    list,
  );
}

/** The scenario of a round as links to the lab. @param {Client} client @param {Room} room @param {Round} round @param {Cleared} cleared */
async function labLinks(client, room, { demand }, { offers, rule }) {
  const link = async (/** @type {string} */ text, /** @type {boolean} */ limits) => {
    const { fragment } = await client.call('link', documentOf(room, offers, { demand, limits }));
    return h('a', { href: hashOf(fragment), target: '_blank', rel: 'noopener' }, text);
  };
  if (rule !== 'zonal') return [await link('Open this round in the lab', true)];
  return [
    await link('Open the sale at one price in the lab', false),
    await link('Open the redispatch in the lab', true),
  ];
}

/**
 * Seats that are in, those that are not, and what is refused, by name.
 * @param {Room} room
 * @param {Bids} bids
 */
function listed(room, { taken, replaced, refused }) {
  const missing = room.seats.filter(({ number }) => !taken.has(number));
  const names = (/** @type {{ name: string, number: number }[]} */ seats, /** @type {string} */ kind) =>
    h(
      'ul',
      { class: `room-names ${kind}` },
      ...seats.map(({ name, number }) => h('li', { translate: 'no', title: unitOf(number) }, name)),
    );
  const block = (/** @type {string} */ title, /** @type {HTMLElement} */ content) =>
    h('div', {}, h('h4', {}, title), content);
  const inside = room.seats.filter(({ number }) => taken.has(number));
  return [
    refused.length === 0
      ? null
      : block(
          'Refused',
          h(
            'ul',
            { class: 'room-refused' },
            ...refused.map(({ code, seat, by, reason }) =>
              h(
                'li',
                {},
                seat === null ? null : h('strong', { translate: 'no' }, `${seat.name} `),
                h('code', {}, code),
                h('span', {}, ` ${reason}`),
                by === null ? null : h('strong', { translate: 'no' }, ` ${by.name}`),
              ),
            ),
          ),
        ),
    inside.length === 0 ? null : block(`In: ${inside.length}`, names(inside, 'is-in')),
    missing.length === 0 ? null : block(`Missing: ${missing.length}`, names(missing, 'is-missing')),
    replaced.length === 0
      ? null
      : block(
          'Replaced by a later code of the same seat',
          names([...new Set(replaced.map(({ seat }) => seat))], 'is-replaced'),
        ),
  ].filter((one) => one !== null);
}
