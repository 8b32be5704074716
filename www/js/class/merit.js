// The replay of a round: its offers in the order of price, one after another until the load is met; then what lines change,
// what is paid, and what it would have been at cost.

import { h, s, uid } from '../ui/dom.js';
import { iconButton } from './parts.js';
import { amount, plain } from '../ui/number.js';
import { unitOf } from './room.js';

/** @import { Room } from './room.js' */
/** @import { Ledger, Row } from './market.js' */
/** @import { Result } from './solver.js' */

/**
 * `accepted`: what of every bar is filled, MW; `paid`: what each is paid, $/MWh; `told`: names before the words.
 * @typedef {{ bars: { row: Row, price: number, mw: number }[], accepted: (row: Row) => number, paid: boolean, name: string, words: string }} Frame
 */

/** Where there is less room the picture is as wide as the page, so that its labels keep their size. */
const WIDE = 900;
const NARROW = 320;
/** What the page keeps free at its sides, and what a letter of a label takes. */
const MARGINS = 48;
const LETTER = 9;
const HIGH = 320;
const LEFT = 46;
const FOOT = 34;
const TOP = 12;
/** Between two frames of a playing replay. */
const BEAT_MS = 900;
const NOTHING = 1e-6;

/**
 * @param {Room} room
 * @param {Result} result
 * @param {{ discreet: boolean, next: (() => void) | null }} options `next`: to the next round
 */
export function createReplay(room, result, { discreet, next }) {
  const frames = framesOf(room, result, discreet);
  const picture = h('div', { class: 'merit' });
  const name = h('strong', { translate: 'no' });
  const words = h('span');
  const slider = h('input', {
    ...{
      type: 'range',
      id: uid('replay'),
      min: 0,
      max: frames.length - 1,
      step: 1,
      value: frames.length - (discreet ? 1 : 2),
    },
    oninput: () => show(),
  });
  let timer = 0;
  const play = iconButton('Play', 'play', () => (timer === 0 ? start() : stop()));
  const step = (/** @type {number} */ by) => {
    stop();
    if (by > 0 && Number(slider.value) === frames.length - 1 && next !== null) next();
    slider.value = String(Number(slider.value) + by);
    show();
  };

  function start() {
    if (Number(slider.value) === frames.length - 1) slider.value = '0';
    show();
    play.setAttribute('aria-pressed', 'true');
    timer = window.setInterval(() => {
      slider.value = String(Number(slider.value) + 1);
      show();
      if (Number(slider.value) === frames.length - 1) stop();
    }, BEAT_MS);
  }

  function stop() {
    window.clearInterval(timer);
    timer = 0;
    play.setAttribute('aria-pressed', 'false');
  }

  function show() {
    const frame = frames[Number(slider.value)];
    if (frame === undefined) return;
    name.textContent = frame.name;
    words.textContent = frame.words;
    slider.setAttribute('aria-valuetext', `${Number(slider.value) + 1} of ${frames.length}`);
    picture.replaceChildren(draw(room, result.ledger, frame, discreet));
  }

  show();
  const element = h(
    'section',
    { class: 'replay', 'aria-label': 'Replay' },
    h(
      'div',
      { class: 'row' },
      h('h3', {}, 'Replay'),
      iconButton('Back', 'back', () => step(-1)),
      play,
      iconButton('On', 'step', () => step(1)),
      h('label', { for: slider.id, class: 'hidden-text' }, 'Step of the replay'),
      slider,
    ),
    h('p', { class: 'replay-words', role: 'status' }, name, words),
    picture,
    keyOf(discreet),
  );
  return { element, stop, /** From the first offer on. */ begin: start };
}

/**
 * @param {Room} room
 * @param {Result} result
 * @param {boolean} discreet
 * @returns {Frame[]}
 */
function framesOf(room, { ledger, efficient }, discreet) {
  const named = (/** @type {Row} */ { seat }) => room.seats[seat - 1]?.name ?? '';
  const bars = barsOf(ledger);
  const mw = (/** @type {number} */ value) => `${plain(value, 1)} MW`;
  /** @type {Frame[]} */
  const frames = [
    {
      bars,
      accepted: () => 0,
      paid: false,
      name: '',
      words: `All offers in the order of their price. The load takes ${mw(ledger.load)}.`,
    },
  ];
  /** @type {Map<number, number>} */
  const sold = new Map();
  let met = 0;
  for (const { row, price, mw: offered } of bars) {
    if (met >= ledger.load - NOTHING) break;
    const part = Math.min(offered, ledger.load - met);
    met += part;
    sold.set(row.seat, part);
    const now = new Map(sold);
    frames.push({
      ...{ bars, paid: false, name: `${named(row)} ` },
      accepted: (one) => now.get(one.seat) ?? 0,
      words: `${unitOf(row.seat)} sells ${mw(part)} at ${plain(price, 2)} $/MWh: ${plain(met, 1)} of ${mw(ledger.load)} are met.`,
    });
  }
  frames.push({ bars, accepted: ({ output }) => output, paid: false, name: '', words: linesOf(ledger) });
  frames.push({ bars, accepted: ({ output }) => output, paid: true, name: '', words: paidOf(ledger) });
  if (!discreet) {
    const told = barsOf(efficient);
    frames.push({
      ...{ bars: told, paid: false, name: '' },
      accepted: ({ output }) => output,
      words: `If all had told their cost: ${amount(efficient.cost, '$')} an hour instead of ${amount(ledger.cost, '$')}.`,
    });
  }
  return frames;
}

/** What the signs of the picture mean. @param {boolean} discreet */
function keyOf(discreet) {
  const part = (/** @type {string} */ of, /** @type {string} */ text) => h('span', { class: `of-${of}` }, text);
  return h(
    'p',
    { class: 'merit-key' },
    part('offer', 'offered at this price, $/MWh'),
    part('sold', 'sold'),
    discreet ? null : part('cost', 'own cost'),
    part('paid', 'paid'),
  );
}

/** Offers in the order of price. @param {Ledger} ledger */
function barsOf({ rows }) {
  return rows
    .filter(({ quantity }) => quantity > 0)
    .sort((a, b) => a.bid - b.bid || a.seat - b.seat)
    .map((row) => ({ row, price: row.bid, mw: row.quantity }));
}

/** @param {Ledger} ledger */
function linesOf({ lines, emergency }) {
  const full = lines.filter(
    ({ limit, flow, worth }) => worth > NOTHING || (limit !== null && Math.abs(flow) > limit - NOTHING),
  );
  const names = full.map(({ id, limit }) => `line ${id} is full at ${plain(limit, 1)} MW`);
  const short = emergency.output > NOTHING ? ` ${plain(emergency.output, 1)} MW come from the emergency supply.` : '';
  if (names.length === 0) return `No line is full: the cheapest offers run.${short}`;
  const all = names.join('; ');
  return `Within the limits: ${all}. Some cheap offers behind it sell less.${short}`;
}

/** @param {Ledger} ledger */
function paidOf({ rule, one, rows }) {
  if (rule === 'zonal') return `All are sold at ${plain(one, 2)} $/MWh; redispatch is paid at each unit’s own bid.`;
  if (rule === 'bid') return 'Each unit that runs is paid its own bid.';
  const running = rows.filter(({ output }) => output > NOTHING).map(({ price }) => price);
  const [low, high] = [Math.min(...running), Math.max(...running)];
  if (high - low < 0.005) return `Every unit that runs is paid ${plain(low, 2)} $/MWh.`;
  return `Each unit that runs is paid the price at its bus, from ${plain(low, 2)} to ${plain(high, 2)} $/MWh.`;
}

/**
 * @param {Room} room
 * @param {Ledger} ledger
 * @param {Frame} frame
 * @param {boolean} discreet
 */
function draw(room, ledger, { bars, accepted, paid, words }, discreet) {
  const offered = bars.reduce((sum, { mw }) => sum + mw, 0);
  const most = Math.max(offered, ledger.load) * 1.02;
  const wide = Math.max(NARROW, Math.min(WIDE, window.innerWidth - MARGINS));
  const highest =
    Math.max(1, ...bars.map(({ row, price }) => Math.max(price, paid && row.output > NOTHING ? row.price : 0))) * 1.08;
  const x = (/** @type {number} */ mw) => LEFT + (mw / most) * (wide - LEFT - 8);
  const y = (/** @type {number} */ price) => HIGH - FOOT - (price / highest) * (HIGH - FOOT - TOP);
  const floor = y(0);
  let at = 0;
  const drawn = bars.flatMap(({ row, price, mw }) => {
    const [from, to, part] = [at, at + mw, accepted(row)];
    at = to;
    const seat = room.seats[row.seat - 1];
    const top = Math.min(y(price), floor - 1);
    const cost = y(seat?.cost ?? 0);
    const name = `${seat?.name ?? ''} (${unitOf(row.seat)})`;
    return [
      s(
        'rect',
        { class: 'bar', x: x(from), y: top, width: Math.max(0.5, x(to) - x(from)), height: floor - top },
        s('title', { translate: 'no' }, name),
      ),
      part > 0
        ? s('rect', {
            class: 'bar is-sold',
            x: x(from),
            y: top,
            width: Math.max(0.5, x(from + part) - x(from)),
            height: floor - top,
          })
        : null,
      discreet ? null : s('path', { class: 'cost', d: `M${x(from)} ${cost}H${x(to)}` }),
      paid && row.output > NOTHING ? s('path', { class: 'paid', d: `M${x(from)} ${y(row.price)}H${x(to)}` }) : null,
      bars.length > 14 || x(to) - x(from) < LETTER * unitOf(row.seat).length
        ? null
        : s(
            'text',
            { class: 'who', x: (x(from) + x(to)) / 2, y: floor + 13, 'text-anchor': 'middle' },
            unitOf(row.seat),
          ),
    ];
  });
  const ticks = ticksOf(highest).flatMap((price) => [
    s('path', { class: 'grid', d: `M${LEFT} ${y(price)}H${wide - 8}` }),
    s('text', { class: 'tick', x: LEFT - 6, y: y(price) + 4, 'text-anchor': 'end' }, plain(price, 2)),
  ]);
  const end = x(ledger.load);
  return s(
    'svg',
    { viewBox: `0 0 ${wide} ${HIGH}`, role: 'img', 'aria-label': words },
    ...ticks,
    ...drawn.filter((one) => one !== null),
    s('path', { class: 'load', d: `M${end} ${TOP}V${floor}` }),
    s('text', { class: 'tick', x: end - 6, y: TOP + 10, 'text-anchor': 'end' }, `load ${plain(ledger.load, 1)} MW`),
    s('text', { class: 'tick', x: LEFT, y: HIGH - 4 }, 'offered, MW →'),
  );
}

/** Three or so round numbers below one. @param {number} highest */
function ticksOf(highest) {
  const raw = highest / 4;
  const size = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((part) => part * size).find((one) => one >= raw) ?? raw;
  const ticks = [];
  for (let price = 0; price < highest; price += step) ticks.push(price);
  return ticks;
}
