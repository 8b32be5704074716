// The page of a seat: what the student is, a bid, and the code that carries it. It solves nothing and sends nothing.

import { copyButton, qrOf } from './parts.js';
import { h, uid } from '../ui/dom.js';
import { numberBox } from '../ui/number-input.js';
import { plain, reading } from '../ui/number.js';
import { canSign, codeOf } from './code.js';
import { cents } from './room.js';
import { isRule, ruleForSeat, ruleName } from './rules.js';

/** @import { SeatCard } from './code.js' */
/** @import { Rule } from './rules.js' */

const KEY = 'tandem:seats';

/** A bid as it was written; `at`: when its code was made. @typedef {{ price: string, quantity: string, code: string, at?: number }} Kept */

/** Bids made on this device, by seat and round. @returns {Record<string, Kept>} */
function made() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    return typeof kept === 'object' && kept !== null ? kept : {};
  } catch {
    return {};
  }
}

/** @param {string} name @param {Kept} bid */
function keep(name, bid) {
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...made(), [name]: bid }));
  } catch {
    // Full or forbidden storage takes only this convenience away.
  }
}

/** @param {SeatCard} card */
const nameOf = (card, /** @type {number} */ round) => `${card.room} ${card.seat} ${card.key.slice(0, 6)} ${round}`;

/** The round of the newest code, or the first. @param {SeatCard} card */
function lastRound(card) {
  const codes = card.rounds.flatMap((_, k) => {
    const bid = made()[nameOf(card, k + 1)];
    return bid === undefined ? [] : [{ round: k + 1, at: bid.at ?? 0 }];
  });
  return codes.sort((a, b) => b.at - a.at || b.round - a.round)[0]?.round ?? 1;
}

/** @param {SeatCard} card */
export function createSeat(card) {
  let round = lastRound(card);
  let touched = false;
  const ids = { round: uid('seat'), price: uid('seat'), quantity: uid('seat'), if: uid('seat') };
  const rule = h('div', { class: 'seat-rule' });
  const price = numberBox({ id: ids.price, 'aria-describedby': `${ids.price}-help`, oninput: () => changed() }, () => ({
    min: 0,
    max: card.cap,
  }));
  const quantity = numberBox({ id: ids.quantity, oninput: () => show() }, () => ({ min: 0, max: card.capacity }));
  const imagined = numberBox({ id: ids.if, oninput: () => touch() }, () => ({ min: 0, max: card.cap }));
  const earns = h('p', { class: 'seat-earns', role: 'status' });
  const wrong = h('p', { class: 'room-wrong', role: 'alert' });
  const bidden = h('p', { class: 'help', role: 'status' });
  const out = h('div', { class: 'seat-code' });
  const chooser = h(
    'select',
    {
      id: ids.round,
      onchange: () => {
        round = Number(chooser.value);
        turn();
      },
    },
    ...card.rounds.map((_, k) => h('option', { value: k + 1, selected: k + 1 === round }, `Round ${k + 1}`)),
  );
  const toldRule = () => {
    const { rule: name } = card.rounds[round - 1] ?? { rule: 'nodal' };
    return isRule(name) ? name : 'nodal';
  };

  /** Another round: what is told of it, and the bid that was made for it. */
  function turn() {
    const { load } = card.rounds[round - 1] ?? { load: 0 };
    rule.replaceChildren(
      h('h2', {}, ruleName(toldRule())),
      h('p', {}, ruleForSeat(toldRule())),
      h('p', {}, `The load takes ${plain(load, 2)} MW.`),
    );
    const before = made()[nameOf(card, round)];
    price.value = before?.price ?? '';
    quantity.value = before?.quantity ?? plain(card.capacity, 2);
    offer(before?.code ?? '');
    bidden.textContent = before === undefined ? '' : bidIn(card, round);
    follow();
    show();
  }

  /** The price that is imagined is the bid until it is touched. */
  function follow() {
    if (touched) return;
    imagined.value = price.value.trim() === '' ? plain(cents(card.cost * 1.2), 2) : price.value;
  }

  function changed() {
    follow();
    show();
  }

  function touch() {
    touched = true;
    show();
  }

  /** What the unit would earn at the price that is imagined. */
  function show() {
    const bid = readIn(price, 0, card.cap);
    const mw = readIn(quantity, 0, card.capacity);
    const at = readIn(imagined, 0, Infinity);
    earns.textContent = sentenceOf(card, toldRule(), bid, mw, at);
  }

  async function make() {
    wrong.textContent = '';
    out.replaceChildren();
    if (!canSign()) {
      wrong.textContent = 'This browser signs nothing here: open the link by https.';
      return;
    }
    const bid = readIn(price, 0, card.cap);
    const mw = readIn(quantity, 0, card.capacity);
    if (bid === null) wrong.textContent = `The price is a number from 0 to ${plain(card.cap, 2)} $/MWh.`;
    else if (mw === null) wrong.textContent = `The quantity is a number from 0 to ${plain(card.capacity, 2)} MW.`;
    if (bid === null || mw === null) return;
    const code = await codeOf(card.key, {
      ...{ room: card.room, seat: card.seat, round },
      price: Math.round(bid * 100),
      quantity: Math.round(mw * 100),
    });
    keep(nameOf(card, round), { price: price.value, quantity: quantity.value, code, at: Date.now() });
    bidden.textContent = bidIn(card, round);
    offer(code);
    out.scrollIntoView({ block: 'nearest' });
  }

  /** @param {string} code */
  const offer = (code) => out.replaceChildren(...(code === '' ? [] : handed(code, round)));

  for (const box of [price, quantity])
    box.addEventListener('input', () => {
      // A code below a changed bid would be taken for that of the new one.
      out.replaceChildren();
      bidden.textContent = '';
    });
  turn();
  return layout(card, { chooser, bidden, rule, price, quantity, imagined, earns, wrong, out }, make);
}

/**
 * @param {SeatCard} card
 * @param {Record<'price' | 'quantity' | 'imagined', HTMLInputElement> & Record<'chooser' | 'bidden' | 'rule' | 'earns' | 'wrong' | 'out', HTMLElement>} parts
 * @param {() => Promise<void>} make
 */
function layout(card, { chooser, bidden, rule, price, quantity, imagined, earns, wrong, out }, make) {
  return h(
    'div',
    { class: 'seat' },
    role(card),
    h(
      'section',
      { class: 'seat-bid' },
      h('div', { class: 'row' }, h('label', { for: chooser.id }, 'Round'), chooser),
      bidden,
      rule,
      h(
        'form',
        {
          onsubmit: (/** @type {Event} */ event) => {
            event.preventDefault();
            void make();
          },
        },
        box('My price', price, '$/MWh'),
        h(
          'p',
          { id: `${price.id}-help`, class: 'help' },
          `For all that you offer; from 0 to ${plain(card.cap, 2)}. Your cost is ${plain(card.cost, 2)}.`,
        ),
        box('My quantity', quantity, 'MW'),
        box('If the price were', imagined, '$/MWh'),
        earns,
        wrong,
        h('button', { type: 'submit', class: 'primary' }, 'Make my code'),
      ),
      out,
    ),
  );
}

/** That a code was made, and where the next one is. @param {SeatCard} card @param {number} round */
function bidIn({ rounds }, round) {
  const next = rounds.length === 1 ? '' : ' Another round is chosen above.';
  return `You have bid in round ${round}: your code stands below.${next}`;
}

/**
 * A code, to be handed on in any way.
 * @param {string} code
 * @param {number} round
 */
function handed(code, round) {
  const url = new URL(location.href);
  url.hash = `#room&bid=${code}`;
  const link = url.href;
  const qr = h('details', {}, h('summary', {}, 'QR code'), h('div', { class: 'qr' }));
  qr.addEventListener('toggle', () => {
    const box = qr.querySelector('.qr');
    if (qr.open && box !== null && box.childElementCount === 0)
      void qrOf(link, 'QR code of the bid').then((svg) => box.append(svg));
  });
  return [
    h('h2', {}, `Your code for round ${round}`),
    h('p', { class: 'code-large', translate: 'no' }, h('code', {}, code)),
    h(
      'div',
      { class: 'row' },
      copyButton('Copy the code', () => code),
      copyButton('Copy as a link', () => link),
      shareButton(code),
    ),
    h(
      'p',
      { class: 'help' },
      'Send it to your teacher by chat, mail or aloud. Another bid for this round makes another code; the last one counts.',
    ),
    qr,
  ];
}

/** @param {string} label @param {HTMLInputElement} input @param {string} unit */
function box(label, input, unit) {
  return h(
    'div',
    { class: 'seat-field' },
    h('label', { for: input.id }, label),
    h('span', { class: 'pair' }, input, h('span', { class: 'unit' }, unit)),
  );
}

/** @param {HTMLInputElement} input @param {number} least @param {number} most @returns {number | null} */
function readIn(input, least, most) {
  const found = reading(input.value);
  return 'value' in found && found.value >= least && found.value <= most ? found.value : null;
}

/** @param {string} code */
function shareButton(code) {
  if (typeof navigator.share !== 'function') return null;
  return h('button', { type: 'button', onclick: () => void navigator.share({ text: code }).catch(() => {}) }, 'Send…');
}

/**
 * What a unit would earn in an hour.
 * @param {SeatCard} card
 * @param {Rule} rule
 * @param {number | null} bid
 * @param {number | null} mw
 * @param {number | null} at the price that is imagined
 */
function sentenceOf(card, rule, bid, mw, at) {
  if (bid === null || mw === null || at === null) return 'Write a price to see what you would earn.';
  if (at < bid) return `Below your price you sell nothing: you earn 0 $ an hour.`;
  const paid = rule === 'bid' ? bid : at;
  const profit = `${plain((paid - card.cost) * mw, 2)} $ an hour`;
  const sum = `(${plain(paid, 2)} − ${plain(card.cost, 2)}) × ${plain(mw, 2)}`;
  const part = at === bid ? 'At your own price you sell all of it or a part: at most' : 'You sell all of it:';
  return `${part} ${sum} = ${profit}.${rule === 'zonal' ? ' Redispatch may change that.' : ''}`;
}

/** Who the student is, in a minute's reading. @param {SeatCard} card */
function role(card) {
  const own = card.kinds.find(({ id }) => id === card.kind);
  const rivals = card.kinds.reduce((sum, { count }) => sum + count, 0) - 1;
  const fact = (/** @type {string} */ name, /** @type {string} */ value) =>
    h('div', {}, h('dt', {}, name), h('dd', {}, value));
  return h(
    'section',
    { class: 'seat-role' },
    h('p', { class: 'seat-name', translate: 'no' }, card.name),
    h(
      'p',
      {},
      `You own a power station at bus ${own?.bus ?? ''}. It costs you money only when it runs, and you want to earn as much as you can.`,
    ),
    h(
      'dl',
      { class: 'seat-facts' },
      fact('Your cost', `${plain(card.cost, 2)} $/MWh`),
      fact('Your capacity', `${plain(card.capacity, 2)} MW`),
      fact('Rivals', plain(rivals)),
      fact('Price cap', `${plain(card.cap, 2)} $/MWh`),
    ),
    h('p', { class: 'help' }, 'Only you know your cost and capacity. Keep the link: it is your seat in every round.'),
    h(
      'details',
      {},
      h('summary', {}, 'What everybody knows'),
      h(
        'ul',
        { class: 'seat-kinds' },
        ...card.kinds.map(({ id, bus, count, low, high, least, most }) =>
          h(
            'li',
            {},
            h('strong', { translate: 'no' }, id),
            h(
              'span',
              {},
              ` ${count} units at bus ${bus}: costs from ${plain(low, 2)} to ${plain(high, 2)} $/MWh, ${plain(least, 2)} to ${plain(most, 2)} MW each.`,
            ),
          ),
        ),
      ),
      card.preset === ''
        ? null
        : h('p', {}, h('a', { href: `#p=${card.preset}`, target: '_blank', rel: 'noopener' }, 'See the grid')),
    ),
  );
}
