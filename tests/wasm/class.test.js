// The classroom (www/js/class): codes, a room by hand, the best missed answers, sixty seats. `node --test tests/wasm/`.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { bestAnswer } from '../../www/js/class/answers.js';
import { offersOf, readBids } from '../../www/js/class/bids.js';
import { MOST, cardText, codeOf, codesIn, readCard, spell } from '../../www/js/class/code.js';
import { atCost, clear, documentOf } from '../../www/js/class/market.js';
import { ledgersCsv } from '../../www/js/class/files.js';
import { createSolver } from '../../www/js/class/solver.js';
import { cardOf, cents, createRoom, drawSeats, drawn, readRoom } from '../../www/js/class/room.js';

/** @typedef {import('../../www/js/class/room.js').Room} Room */
/** @typedef {import('../../www/js/class/room.js').Offer} Offer */
/** @typedef {import('../../www/js/class/rules.js').Rule} Rule */

const pkg = fileURLToPath(new URL('../../dist/pkg/', import.meta.url));
/** @type {typeof import('../../target/types/pkg/tandem.js')} */
const door = await import(pathToFileURL(path.join(pkg, 'tandem.js')).href);
door.initSync({ module: readFileSync(path.join(pkg, 'tandem_bg.wasm')) });

const session = new door.Session();

/** @param {string} text @returns {Promise<any>} */
async function solve(text) {
  session.load(text);
  session.solve([]);
  const sheet = session.sheet();
  const report = sheet.report();
  sheet.free();
  return report;
}

/** @param {string} preset */
function groundOf(preset) {
  const { buses, branches, loads, base_mva, name, source } = JSON.parse(session.preset(preset)).case;
  return { buses, branches, loads, base_mva, name, source };
}

/** @param {string[]} names @param {Partial<Room>} [own] @returns {Room} */
function triangle(names, own = {}) {
  const kinds = [
    { id: 'G1', bus: '1', mw: 200, low: 5, high: 15 },
    { id: 'G3', bus: '3', mw: 100, low: 30, high: 70 },
  ];
  const what = { title: 'Room', seed: '7', grid: 'Triangle', preset: 'triangle', reference: '1', cap: 100, kinds };
  const rounds = /** @type {const} */ (['nodal', 'bid', 'zonal']).map((rule) => ({ rule, demand: 100 }));
  return { ...createRoom({ ...what, ground: groundOf('triangle') }, names, rounds), ...own };
}

/** Three units of 100 MW: two at bus 1, one at bus 3. */
const byHand = () =>
  triangle(['Anna', 'Bob', 'Carla'], {
    seats: [
      { number: 1, name: 'Anna', kind: 'G1', bus: '1', cost: 10, capacity: 100 },
      { number: 2, name: 'Bob', kind: 'G1', bus: '1', cost: 15, capacity: 100 },
      { number: 3, name: 'Carla', kind: 'G3', bus: '3', cost: 50, capacity: 100 },
    ],
  });
const BIDS = [12, 20, 60].map((price) => ({ price, quantity: 100, sent: true }));

/** @param {Room} room @param {Offer[]} offers @param {Rule} rule */
const cleared = (room, offers, rule) => clear(room, { demand: 100 }, offers, rule, solve);

/** @param {number} value @param {number} expected @param {string} what */
function near(value, expected, what) {
  assert.ok(Math.abs(value - expected) < 1e-6 * Math.max(1, Math.abs(expected)), `${what}: ${value}, not ${expected}`);
}

test('a code is found however it was pasted, and says what was bid', async () => {
  const key = 'AAECAwQFBgcICQoLDA0ODw';
  const bid = { room: 'K7', seat: 60, round: 3, price: 1234, quantity: MOST };
  const code = await codeOf(key, bid);
  assert.match(code, /^TB(-[2-9A-HJ-NP-Z]{7}){3}$/);
  const letters = code.slice(3).replaceAll('-', '');
  for (const pasted of [
    code,
    `Anna: ${code}.`,
    code.toLowerCase(),
    code.replaceAll('-', '–'),
    code.replaceAll('-', ' '),
    `*${code}*`,
    `https://x.org/#room&bid=${code}`,
  ])
    assert.deepEqual(codesIn(pasted), [letters], pasted);
  assert.deepEqual(spell(letters).bid, bid);
  // What is cut off takes nothing of the next one with it.
  assert.deepEqual(codesIn(`${code.slice(0, 14)}\n${code} and\n${code.slice(0, 21)}\n${code}`).length, 4);
  assert.deepEqual(codesIn('The tb-map, TB or not TB, TB 1234567'), []);
});

test('the signature is the keyed hash of the standard, cut to 40 bits', async () => {
  // HMAC-SHA-256 as Node's own crypto computes it.
  const { createHmac } = await import('node:crypto');
  const key = Buffer.from('AAECAwQFBgcICQoLDA0ODw', 'base64url');
  const code = await codeOf(key.toString('base64url'), { room: 'K7', seat: 5, round: 1, price: 1050, quantity: 2000 });
  const hash = createHmac('sha256', key).update('tandem bid 1|K7|5|1|1050|2000').digest().subarray(0, 5);
  const bits = [...hash].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const signed = bits
    .match(/.{5}/g)
    ?.map((five) => '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'[Number.parseInt(five, 2)])
    .join('');
  assert.equal(code.replaceAll('-', '').slice(-8), signed);
});

test('a tampered code is refused by name and reason, a later one stands for an earlier one', async () => {
  const room = byHand();
  const cards = await Promise.all(room.seats.map((seat) => cardOf(room, seat)));
  const [anna, bob] = cards;
  assert.ok(anna !== undefined && bob !== undefined);
  assert.deepEqual(readCard(cardText(anna)), anna);
  assert.equal(readCard(cardText(anna).slice(0, 200)), null);
  const bid = { room: room.id, seat: 1, round: 1, price: 1200, quantity: 10_000 };
  const good = await codeOf(anna.key, bid);
  const later = await codeOf(anna.key, { ...bid, price: 1300 });
  const flip = (/** @type {string} */ code, /** @type {number} */ at) =>
    `${code.slice(0, at)}${code[at] === '7' ? '8' : '7'}${code.slice(at + 1)}`;
  const other = room.id === '77' ? '88' : '77';
  /** @type {[string, RegExp, string][]} */
  const bad = [
    [flip(good, 9), /altered or mistyped/, 'Anna'],
    [flip(good, good.length - 1), /altered or mistyped/, 'Anna'],
    [await codeOf(bob.key, bid), /signed by another seat/, 'Anna'],
    [await codeOf(anna.key, { ...bid, seat: 3 }), /signed by another seat/, 'Carla'],
    [await codeOf(anna.key, { ...bid, round: 2 }), /of round 2/, 'Anna'],
    [await codeOf(anna.key, { ...bid, room: other }), /another room/, ''],
    [await codeOf(anna.key, { ...bid, seat: 9 }), /no such seat/, ''],
    [await codeOf(anna.key, { ...bid, price: 10_001 }), /above the price cap/, 'Anna'],
    [await codeOf(anna.key, { ...bid, quantity: 10_001 }), /more than the unit has/, 'Anna'],
    [good.slice(0, -4), /cut off/, 'Anna'],
    [good.replace(/.$/, '0'), /cut off or mistyped/, 'Anna'],
  ];
  for (const [code, reason, name] of bad) {
    const { taken, refused } = await readBids(room, 1, `x ${code}\n`);
    assert.equal(taken.size, 0, code);
    assert.equal(refused.length, 1, code);
    assert.match(refused[0]?.reason ?? '', reason);
    assert.equal(refused[0]?.seat?.name ?? '', name);
  }
  const [, , [twice = '']] = /** @type {any} */ (bad);
  assert.equal((await readBids(room, 1, twice)).refused[0]?.by?.name, 'Bob');
  const { taken, replaced, refused } = await readBids(room, 1, [good, later, later].join(' '));
  assert.deepEqual([taken.get(1)?.price, replaced.length, replaced[0]?.price, refused.length], [13, 1, 12, 0]);
  // Broken anywhere by a mail client, quoted or not, a code is joined; what stands behind one that is cut off stays its own.
  const bobs = await codeOf(bob.key, { ...bid, seat: 2 });
  for (let at = 1; at < good.length; at += 1)
    for (const broken of ['\n', '\r\n> ', '=\n']) {
      const text = `Anna: ${good.slice(0, at)}${broken}${good.slice(at)}\nBob: ${bobs.slice(0, 15)}\n${bobs}`;
      const read = await readBids(room, 1, text);
      assert.deepEqual([read.taken.get(1)?.price, read.taken.get(2)?.price], [12, 12], text);
      assert.deepEqual(
        read.refused.map(({ seat }) => seat?.name),
        ['Bob'],
        text,
      );
    }
  const forged = `${flip(good, good.length - 1).slice(0, 14)}\n${flip(good, good.length - 1).slice(14)}`;
  const read = await readBids(room, 1, forged);
  assert.deepEqual([read.taken.size, read.refused.length], [0, 1]);
});

// Three equal lines: of G MW at bus 1 with 60 MW of load at bus 2 and 120 at bus 3, (2 G − 60) / 3 cross line 1-3, whose limit of
// 80 lets G be 150. So Anna sells 100, Bob 50 and Carla 30 MW; bus 1 has Bob's price, bus 3 Carla's, and one more MWh at bus 2
// takes half from each: 40. One more MW of limit moves 1.5 MW from Carla to Bob: 60 $/MWh, a rent of 4800 $.
test('a room of three by hand, under the three rules', async () => {
  const room = byHand();
  const nodal = await cleared(room, BIDS, 'nodal');
  const numbers = (/** @type {keyof typeof nodal.rows[0]} */ name, ledger = nodal) =>
    ledger.rows.map((row) => row[name]);
  const all = (/** @type {any[]} */ values, /** @type {number[]} */ expected, /** @type {string} */ what) =>
    expected.forEach((one, k) => near(values[k], one, `${what} ${k}`));
  all(numbers('output'), [100, 50, 30], 'output');
  all(
    [...nodal.prices.values()].map(({ value }) => value),
    [20, 40, 60],
    'price',
  );
  all(numbers('profit'), [1000, 250, 300], 'profit');
  all([nodal.payment, nodal.revenue, nodal.rent, nodal.emergency.output], [9600, 4800, 4800, 0], 'sum');
  near(nodal.cost, 3250, 'cost');
  near((await cleared(room, atCost(room), 'nodal')).cost, 3250, 'cost at cost');

  const bid = await cleared(room, BIDS, 'bid');
  all(numbers('revenue', bid), [1200, 1000, 1800], 'revenue');
  all([bid.payment, bid.rent], [4000, 0], 'sum');

  // Without limits Anna sells 100 and Bob 80 at 20; then Bob leaves 30 and pays 600 back, Carla makes 30 for 1800.
  const zonal = await cleared(room, BIDS, 'zonal');
  all(numbers('sold', zonal), [100, 80, 0], 'sold');
  all(numbers('output', zonal), [100, 50, 30], 'output');
  all(numbers('revenue', zonal), [2000, 1000, 1800], 'revenue');
  all([zonal.one ?? 0, zonal.levy, zonal.payment], [20, 1200, 4800], 'sum');
});

// 216 MW at true costs 10, 15 and 50: the limit of 80 lets bus 1 be 156, Anna 100 and Bob 56, and Carla makes 60. Nodal: 15 at
// bus 1, 50 at bus 3. Without limits bus 1 sells 200 and Carla 16 at 50; then Bob pays 44 MW back and Carla makes 44 more, both at
// cost: Anna keeps (50 − 10) · 100, Bob (50 − 15) · 100. With pay as bid nobody keeps anything.
test('what all would earn at cost is counted by the rule of the round', async () => {
  const room = byHand();
  const client = /** @type {any} */ ({
    call: async (/** @type {string} */ _, /** @type {any} */ { scenario }) => ({ report: await solve(scenario) }),
  });
  const solver = createSolver(client);
  for (const [rule, profits] of /** @type {[Rule, number[]][]} */ ([
    ['nodal', [500, 0, 0]],
    ['bid', [0, 0, 0]],
    ['zonal', [4000, 3500, 0]],
  ])) {
    const result = await solver.clear(room, { ...room.rounds[0], rule, demand: 120 }, BIDS, rule);
    const rows = ledgersCsv(room, [{ round: 1, result, answers: new Map() }])
      .trim()
      .split('\r\n');
    // From the right: the name of a rule may have a comma.
    const head = rows[0]?.split(',') ?? [];
    const at = head.indexOf('profit_at_cost_usd') - head.length;
    rows.slice(1).forEach((row, k) => near(Number(row.split(',').at(at)), profits[k] ?? NaN, `${rule} ${k}`));
    near(result.efficient.cost, 1000 + 15 * 56 + 50 * 60, `cost under ${rule}`);
  }
});

// Up to Carla's 60 Anna sells 50 MW beside Bob's 100, and Bob the same beside hers: 59.99. Carla's 30 MW are needed at any price:
// the cap of 100.
test('the best missed answers by hand', async () => {
  const room = byHand();
  const earned = (await cleared(room, BIDS, 'nodal')).rows.map(({ profit }) => profit);
  for (const [k, [price, profit]] of [
    [59.99, 2499.5],
    [59.99, 2249.5],
    [100, 1500],
  ].entries()) {
    const [round] = room.rounds;
    assert.ok(round !== undefined && price !== undefined && profit !== undefined);
    const best = await bestAnswer(room, round, BIDS, 'nodal', k + 1, earned[k] ?? 0, solve);
    near(best.price, price, `price of ${k}`);
    near(best.profit, profit, `profit of ${k}`);
    near(best.gain, profit - (earned[k] ?? 0), `gain of ${k}`);
  }
});

test('no whole dollar earns more than the best missed answer, under any rule', async () => {
  const room = triangle(['a', 'b', 'c', 'd', 'e', 'f']);
  const offers = room.seats.map(({ cost, capacity }, k) => ({
    price: cents(cost * (1 + (k % 3) / 10)),
    quantity: capacity,
    sent: true,
  }));
  for (const round of room.rounds) {
    const { rows } = await cleared(room, offers, round.rule);
    for (const { seat, profit } of rows) {
      const best = await bestAnswer(room, round, offers, round.rule, seat, profit, solve);
      const capacity = room.seats[seat - 1]?.capacity ?? 0;
      for (let price = 0; price <= room.cap; price += 1) {
        const other = offers.map((one, k) => (k === seat - 1 ? { price, quantity: capacity, sent: true } : one));
        const earned = (await cleared(room, other, round.rule)).rows[seat - 1]?.profit ?? 0;
        assert.ok(
          earned <= best.profit + 0.01 * capacity + 0.01,
          `${round.rule}, seat ${seat}: ${price} earns ${earned}, not ${best.profit}`,
        );
      }
    }
  }
});

test('equal bids at one bus share what they sell by what they offer', async () => {
  const room = byHand();
  const offers = [20, 20, 60].map((price, k) => ({ price, quantity: k === 1 ? 50 : 100, sent: true }));
  const { rows } = await cleared(room, [...offers.slice(0, 2), { price: 10, quantity: 90, sent: true }], 'nodal');
  // 90 of 180 MW are left for bus 1.
  near(rows[0]?.output ?? 0, 60, 'first');
  near(rows[1]?.output ?? 0, 30, 'second');
});

test('seats are drawn by the seed, within what was said', () => {
  const { seats, kinds } = triangle(Array.from({ length: 60 }, (_, k) => `n${k}`));
  assert.deepEqual(seats, triangle(Array.from({ length: 60 }, (_, k) => `n${k}`)).seats);
  assert.equal(seats.filter(({ kind }) => kind === 'G1').length, 40);
  for (const { kind, cost, capacity } of seats) {
    const of = kinds.find(({ id }) => id === kind);
    assert.ok(of !== undefined && cost >= of.low && cost <= of.high && capacity >= 4 && capacity <= 6);
  }
  // What a program in Python of sfc32 from cyrb128 draws, in 2⁻³².
  const draw = drawn('seat 7 1');
  assert.deepEqual(
    [draw(), draw(), draw()].map((one) => one * 2 ** 32),
    [3540704329, 305394849, 4036029042],
  );
  assert.notDeepEqual(drawSeats(['a', 'b', 'c'], kinds, '1'), drawSeats(['a', 'b', 'c'], kinds, '2'));
  const room = triangle(['a', 'b']);
  assert.deepEqual(readRoom(JSON.stringify({ tandem_room: room })), room);
  assert.equal(readRoom('{"tandem_room":{"version":1}}'), null);
  // A file of a time when the rule tried last stood in the place of that of the round.
  const cleared = {
    rule: /** @type {const} */ ('zonal'),
    missing: /** @type {const} */ ('cost'),
    offers: BIDS.slice(1),
  };
  const tried = { ...room, rounds: room.rounds.map((round) => ({ ...round, cleared })) };
  const read = readRoom(JSON.stringify({ tandem_room: tried }));
  assert.deepEqual(
    read?.rounds.map((round) => round.cleared?.rule),
    ['nodal', 'bid', 'zonal'],
  );
});

test('sixty codes are read and cleared in under a second, and the ledger adds up', async () => {
  const room = triangle(Array.from({ length: 60 }, (_, k) => `Student ${k + 1}`));
  const cards = await Promise.all(room.seats.map((seat) => cardOf(room, seat)));
  const codes = await Promise.all(
    cards.map(({ key, seat, cost, capacity }) =>
      codeOf(key, {
        ...{ room: room.id, seat, round: 1 },
        price: Math.round(cost * 110),
        quantity: Math.round(capacity * 100),
      }),
    ),
  );
  const start = performance.now();
  const bids = await readBids(room, 1, codes.map((code, k) => `[09:4${k % 10}] Student ${k + 1}: ${code}`).join('\n'));
  assert.deepEqual([bids.taken.size, bids.refused.length], [60, 0]);
  const offers = offersOf(room, bids, 'cost');
  const ledger = await cleared(room, offers, 'nodal');
  const took = performance.now() - start;
  console.log(`sixty bids: ${took.toFixed(0)} ms`);
  assert.ok(took < 1000);
  const sold = ledger.rows.reduce((sum, { output }) => sum + output, 0);
  near(sold + ledger.emergency.output, 180, 'load');
  // The program's own ledger of the same document, of one hour.
  /** @type {{ payer: string, payee: string, amount_usd: number }[]} */
  const theirs = (await solve(documentOf(room, offers, { demand: 100 }))).ledger;
  const paid = (/** @type {(one: { payer: string, payee: string }) => boolean} */ of) =>
    theirs.filter(of).reduce((sum, { amount_usd }) => sum + amount_usd, 0);
  near(
    ledger.payment,
    paid(({ payer }) => payer.startsWith('L')),
    'payment of the load',
  );
  near(
    ledger.revenue,
    paid(({ payee }) => /^S\d/.test(payee)),
    'revenue of the seats',
  );
  near(ledger.payment - ledger.revenue - ledger.emergency.revenue, ledger.rent, 'rent');
});
