// A new room: its grid, who sits in it, what units there are and which rounds are played.

import { h, uid } from '../ui/dom.js';
import { numberBox } from '../ui/number-input.js';
import { plain, reading } from '../ui/number.js';
import { sentence } from '../session/problem.js';
import { MOST, MOST_ROUNDS, MOST_SEATS, newSecret } from './code.js';
import { GRIDS, placeOf } from './grids.js';
import { createRoom, shares, sizes } from './room.js';
import { RULES, isRule, ruleName } from './rules.js';

/** @import { Client } from '../session/client.js' */
/** @import { Place } from './grids.js' */
/** @import { Room, UnitKind } from './room.js' */
/** @import { Rule } from './rules.js' */

/** The rounds that a lesson begins with. @type {{ rule: Rule, demand: number }[]} */
const LESSON = [
  { rule: 'nodal', demand: 100 },
  { rule: 'nodal', demand: 100 },
  { rule: 'bid', demand: 100 },
  { rule: 'zonal', demand: 100 },
];
const SEATS = 20;

/** A field that a form reads. @param {string} label @param {HTMLElement} control @param {string} [help] */
function field(label, control, help) {
  control.id = uid('room');
  const note = help === undefined ? null : h('p', { id: `${control.id}-help`, class: 'help' }, help);
  if (note !== null) control.setAttribute('aria-describedby', note.id);
  return h('div', { class: 'room-field' }, h('label', { for: control.id }, label), control, note);
}

/**
 * @param {Client} client
 * @param {string} about a hash of a scenario, or nothing
 * @param {(room: Room) => void} opened
 */
export function createSetup(client, about, opened) {
  const title = h('input', { type: 'text', maxlength: 60, autocomplete: 'off', class: 'wide' });
  const own = about !== '' && GRIDS.every(({ hash }) => hash !== about);
  const grid = h(
    'select',
    { onchange: () => void choose() },
    own ? h('option', { value: about }, 'The grid of the link') : null,
    ...GRIDS.map(({ hash, name }) => h('option', { value: hash, selected: hash === about }, name)),
  );
  const names = h('textarea', {
    ...{ rows: 6, class: 'wide', spellcheck: 'false', autocomplete: 'off' },
    oninput: () => say(),
  });
  const count = numberBox({ value: String(SEATS), oninput: () => say() }, () => ({ min: 1, max: MOST_SEATS }));
  const cap = numberBox({ value: '' }, () => ({ step: 10, min: 0 }));
  const seed = h('input', {
    type: 'text',
    maxlength: 20,
    autocomplete: 'off',
    value: newSecret()
      .replaceAll(/[^A-Za-z0-9]/g, '')
      .slice(0, 20),
  });
  const units = h('tbody');
  const rounds = h('ol', { class: 'room-rounds' });
  const told = h('p', { class: 'help', role: 'status' });
  const wrong = h('p', { class: 'room-wrong', role: 'alert' });
  /** @type {Place | null} */
  let place = null;
  let turn = 0;

  async function choose() {
    turn += 1;
    const mine = turn;
    wrong.textContent = '';
    try {
      const found = await placeOf(client, grid.value);
      if (mine !== turn) return;
      place = found;
      cap.value = String(found.cap);
      units.replaceChildren(...found.kinds.map((kind) => unitRow(kind, say)));
      say();
    } catch (error) {
      if (mine === turn) wrong.textContent = sentence(error);
    }
  }

  const seatNames = () => {
    const written = names.value
      .split(/\r?\n|\t|;/)
      .map((name) => name.trim().slice(0, 60))
      .filter((name) => name !== '');
    if (written.length > 0) return written;
    const number = readNumber(count, 1, MOST_SEATS);
    return Array.from({ length: Math.floor(number) }, (_, k) => `Seat ${k + 1}`);
  };
  const kinds = () => [...units.rows].map(readUnit).filter(({ mw }) => mw > 0);

  /** What the choices come to. */
  function say() {
    count.disabled = names.value.trim() !== '';
    try {
      const all = seatNames().length;
      const dealt = kinds();
      const [first] = dealt;
      if (place === null || first === undefined || all < dealt.length) {
        told.textContent = place === null ? '' : `${dealt.length} kinds of units need as many seats at least.`;
        return;
      }
      const parts = shares(dealt, all);
      const mw = dealt.reduce((sum, kind) => sum + kind.mw, 0);
      const load = place.ground.loads.reduce((sum, { p_mw }) => sum + p_mw, 0);
      const left = place.left === 0 ? '' : ` Smaller units of this grid are left out: ${place.left}.`;
      told.textContent = `${all} seats share ${plain(mw, 1)} MW; the load takes ${plain(load, 1)} MW.${left}`;
      sayParts(units, dealt, parts);
    } catch {
      told.textContent = '';
    }
  }

  function open() {
    wrong.textContent = '';
    try {
      if (place === null) throw new Error('The grid is still being opened.');
      const what = readAll();
      const all = seatNames();
      if (all.length > MOST_SEATS) throw new Error(`A room has up to ${MOST_SEATS} seats.`);
      if (what.kinds.length === 0) throw new Error('No kind has any MW.');
      if (all.length < what.kinds.length)
        throw new Error(`${what.kinds.length} kinds of units need as many seats at least.`);
      const played = [...rounds.children].map(readRound);
      opened(createRoom(what, all, played));
    } catch (error) {
      wrong.textContent = sentence(error);
    }
  }

  function readAll() {
    const { grid: name, preset, ground, reference } = /** @type {Place} */ (place);
    const highest = readNumber(cap, 0.01, MOST / 100);
    const dealt = kinds();
    if (dealt.some(({ high }) => high > highest)) throw new Error('A cost is above the price cap.');
    return {
      ...{ grid: name, preset, ground, reference, kinds: dealt, cap: highest, seed: seed.value.trim() },
      title: title.value.trim() === '' ? 'Room' : title.value.trim(),
    };
  }

  const add = (/** @type {{ rule: Rule, demand: number }} */ round) => {
    if (rounds.children.length < MOST_ROUNDS) rounds.append(roundItem(round));
  };
  LESSON.forEach(add);
  const again = () => {
    const last = rounds.lastElementChild;
    add(last === null ? { rule: 'nodal', demand: 100 } : readRound(last));
  };
  void choose();
  const element = layout({ title, grid, names, count, units, told, rounds, cap, seed, wrong }, open, again);
  return { element };
}

/**
 * How many units of each kind are dealt out, of which size.
 * @param {HTMLTableSectionElement} units
 * @param {UnitKind[]} dealt
 * @param {number[]} parts
 */
function sayParts(units, dealt, parts) {
  for (const row of units.rows) {
    const at = dealt.findIndex(({ id }) => id === row.dataset['kind']);
    const kind = dealt[at];
    const cell = row.querySelector('.room-parts');
    if (cell === null) continue;
    const { least, most } = kind === undefined ? { least: 0, most: 0 } : sizes(kind, parts[at] ?? 1);
    cell.textContent = kind === undefined ? '–' : `${parts[at]} units of ${plain(least, 2)} to ${plain(most, 2)} MW`;
  }
}

/**
 * The form of a new room.
 * @param {Record<'title' | 'grid' | 'names' | 'count' | 'told' | 'rounds' | 'cap' | 'seed' | 'wrong', HTMLElement> & { units: HTMLTableSectionElement }} parts
 * @param {() => void} open
 * @param {() => void} again
 */
function layout({ title, grid, names, count, units, told, rounds, cap, seed, wrong }, open, again) {
  const onsubmit = (/** @type {Event} */ event) => {
    event.preventDefault();
    open();
  };
  return h(
    'form',
    { class: 'room-setup', onsubmit },
    field('Name of the room', title),
    field('Grid', grid, 'Its lines, limits and loads. The units below are dealt out to the seats.'),
    field(
      'Students',
      names,
      'One name a line. Add a few spare lines for late students: a seat without a bid offers at its cost.',
    ),
    field('Or a number of seats', count),
    unitTable(units, told),
    h(
      'fieldset',
      {},
      h('legend', {}, 'Rounds'),
      rounds,
      h('button', { type: 'button', onclick: again }, 'Add a round'),
    ),
    field(
      'Price cap, $/MWh',
      cap,
      'No bid is above it. One cent above it an emergency supply serves every load, so that each round clears.',
    ),
    field(
      'Seed of the draw',
      seed,
      'Same seed, names and units: same costs and capacities. Students must not know it.',
    ),
    wrong,
    h('button', { type: 'submit', class: 'primary' }, 'Open the room'),
  );
}

/** @param {HTMLTableSectionElement} body @param {HTMLElement} told */
function unitTable(body, told) {
  const head = ['Units', 'Bus', 'MW in all', 'Cost from, $/MWh', 'to', 'Dealt out as'];
  return h(
    'fieldset',
    {},
    h('legend', {}, 'Units'),
    h(
      'p',
      { class: 'help' },
      'Each seat gets one unit. Its cost and capacity are drawn from these ranges, which all are told; its own numbers only it is told.',
    ),
    h(
      'div',
      { class: 'sideways', tabindex: 0, role: 'region', 'aria-label': 'Units' },
      h(
        'table',
        { class: 'room-table' },
        h('thead', {}, h('tr', {}, ...head.map((name) => h('th', { scope: 'col' }, name)))),
        body,
      ),
    ),
    told,
  );
}

/** @param {UnitKind} kind @param {() => void} say */
function unitRow({ id, bus, mw, low, high }, say) {
  const box = (/** @type {string} */ name, /** @type {string} */ label, /** @type {number} */ value) =>
    h(
      'td',
      {},
      numberBox({ value: String(value), 'data-name': name, 'aria-label': `${label} ${id}`, oninput: say }, () => ({
        min: 0,
      })),
    );
  return h(
    'tr',
    { 'data-kind': id, 'data-bus': bus },
    h('th', { scope: 'row', translate: 'no' }, id),
    h('td', { translate: 'no' }, bus),
    box('mw', 'MW of', mw),
    box('low', 'Lowest cost of', low),
    box('high', 'Highest cost of', high),
    h('td', { class: 'room-parts' }),
  );
}

/** @param {HTMLTableRowElement} row @returns {UnitKind} */
function readUnit(row) {
  const value = (/** @type {string} */ name) =>
    readNumber(/** @type {HTMLInputElement} */ (row.querySelector(`[data-name="${name}"]`)), 0, MOST / 100);
  const [low, high] = [value('low'), value('high')];
  const { kind: id = '', bus = '' } = row.dataset;
  if (low > high) throw new Error(`The lowest cost of ${id} is above the highest.`);
  return { id, bus, mw: value('mw'), low, high };
}

/**
 * @param {HTMLInputElement} box
 * @param {number} least
 * @param {number} most
 */
function readNumber(box, least, most) {
  const found = reading(box.value);
  const good = 'value' in found && found.value >= least && found.value <= most;
  box.setAttribute('aria-invalid', String(!good));
  if ('message' in found) throw new Error(found.message);
  if (!good) throw new Error(`A number from ${plain(least)} to ${plain(most)} is needed here.`);
  return found.value;
}

/** @param {{ rule: Rule, demand: number }} round */
function roundItem({ rule, demand }) {
  const load = numberBox({ value: String(demand), 'aria-label': 'Load, % of that of the grid' }, () => ({
    step: 5,
    min: 1,
    max: 300,
  }));
  const item = h(
    'li',
    {},
    h(
      'select',
      { 'aria-label': 'Rule' },
      ...RULES.map((one) => h('option', { value: one, selected: one === rule }, ruleName(one))),
    ),
    h('span', { class: 'pair' }, load, h('span', {}, '% load')),
    h(
      'button',
      {
        ...{ type: 'button', class: 'quiet' },
        onclick: () => {
          if (item.parentElement !== null && item.parentElement.children.length > 1) item.remove();
        },
      },
      'Remove',
    ),
  );
  return item;
}

/** @param {Element} item @returns {{ rule: Rule, demand: number }} */
function readRound(item) {
  const rule = item.querySelector('select')?.value;
  const demand = readNumber(/** @type {HTMLInputElement} */ (item.querySelector('input')), 1, 300);
  return { rule: isRule(rule) ? rule : 'nodal', demand };
}
