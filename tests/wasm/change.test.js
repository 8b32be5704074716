// Changes of a grid (www/js/edit/change.js), each put to the program itself: `node --test tests/wasm/`.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';

import * as change from '../../www/js/edit/change.js';
import * as forms from '../../www/js/edit/forms.js';

/** @typedef {import('../../www/js/session/types.js').Scenario} Scenario */
/** @typedef {import('../../www/js/edit/change.js').Changed} Changed */

const pkg = fileURLToPath(new URL('../../dist/pkg/', import.meta.url));
/** @type {typeof import('../../target/types/pkg/tandem.js')} */
const door = await import(pathToFileURL(path.join(pkg, 'tandem.js')).href);
door.initSync({ module: readFileSync(path.join(pkg, 'tandem_bg.wasm')) });

/** @param {string} id @returns {Scenario} */
const preset = (id) => JSON.parse(new door.Session().preset(id));

/**
 * What the program finds wrong with a scenario, as `field: message`.
 * @param {Scenario} document
 * @returns {string[]}
 */
function problems(document) {
  const session = new door.Session();
  try {
    session.load(JSON.stringify(document));
    return [];
  } catch (error) {
    const { problems: all } = /** @type {{ problems: { field: string, message: string, severity: string }[] }} */ (
      error
    );
    return all.filter(({ severity }) => severity === 'error').map(({ field, message }) => `${field}: ${message}`);
  } finally {
    session.free();
  }
}

/** @param {Scenario} document @param {string} id of a number of the summary */
function solved(document, id) {
  const session = new door.Session();
  session.load(JSON.stringify(document));
  session.solve([]);
  const sheet = session.sheet();
  const { summary } = sheet.report();
  sheet.free();
  session.free();
  return summary.find((/** @type {{ id: string }} */ one) => one.id === id)?.value;
}

/** @param {Changed | null} made */
function there(made) {
  assert.ok(made !== null);
  return made;
}

test('a cheaper generator beside the load takes the place of what is dearer', () => {
  const before = preset('zuo-4node-optimal');
  const kept = JSON.stringify(before);
  const offer = [{ p_mw: 15, usd_per_mwh: 10 }];
  const made = change.added(before, 'generator', { id: 'G5', bus: '4', min_p_mw: 0, max_p_mw: 15, offer });
  assert.deepEqual([made.done, made.parts, made.item], ['Added', ['generator G5'], 'party:G5']);
  assert.deepEqual(problems(made.document), []);
  // By hand: 15 MW of load from G1, 8 MW at 6, D3, 2 MW at 8, and G5, 5 MW at 10 $/MWh; line 2-3 has room.
  assert.ok(Math.abs(solved(made.document, 'cost_mean') - (8 * 6 + 2 * 8 + 5 * 10)) < 1e-6);
  assert.equal(JSON.stringify(before), kept);
  // Another grid: the words and printed numbers of the preset are not of it.
  assert.equal(made.document.preset, '');
});

test('a bus comes with its line, beside its neighbour where there is room', () => {
  const before = preset('zuo-4node');
  const id = change.freeId(before.case, 'bus');
  assert.equal(id, '5');
  const place = change.placeNear(before.case, '4');
  // The four stand in a row one apart, 4 at its right end.
  assert.deepEqual(place, { x: 4, y: 0 });
  const line = {
    id: change.freeId(before.case, 'branch', { from: '4', to: id }),
    from: '4',
    to: id,
    x_pu: 0.1,
    max_p_mw: 5,
  };
  const { document, parts } = change.added(before, 'bus', { id, ...place }, line);
  assert.deepEqual(parts, ['bus 5', 'line 4-5']);
  assert.deepEqual(problems(document), []);
  // Without its line the program says what is missing.
  const [alone] = problems(change.added(before, 'bus', { id }).document);
  assert.match(alone ?? '', /^case\.branches: No branch in service connects bus "5"/);
});

test('with a bus go its lines and units, and what names them', () => {
  const before = preset('zuo-4node');
  const made = there(change.removed(before, 'bus', '4'));
  assert.deepEqual(made.parts, ['bus 4', 'line 3-4', 'generator G4', 'load L4', 'the reference bus']);
  assert.deepEqual(problems(made.document), []);
  assert.equal(change.removed(before, 'bus', '9'), null);
});

test('a DER leaves its aggregator with the rest, the last one takes it along', () => {
  const before = preset('zuo-4node');
  const one = there(change.removed(before, 'der', 'D2'));
  assert.deepEqual(one.document.case.aggregators, [{ id: 'A', ders: ['D3'] }]);
  assert.equal(/** @type {any} */ (one.document.mechanism).watch, '');
  assert.deepEqual(problems(one.document), []);
  const both = there(change.removed(one.document, 'der', 'D3'));
  assert.deepEqual(both.parts, ['DER D3', 'aggregator A']);
  assert.deepEqual(problems(both.document), []);
});

test('given factors, outputs and critical lines of what is gone go with it', () => {
  const before = preset('zuo-4node-union-jack-m4');
  const mechanism = /** @type {any} */ (before.mechanism);
  Object.assign(mechanism.df, { rule: 'given', given: { D2: 0.5, D3: 0.5 } });
  mechanism.initial = { generators: { G1: 8, G4: 3 }, ders: { D2: 1, D3: 1 } };
  Object.assign(mechanism.equivalent, { lines: 'given', critical_lines: { A: '2-3' } });
  assert.deepEqual(problems(before), []);
  const { document } = there(change.removed(before, 'der', 'D2'));
  const without = there(change.removed(document, 'generator', 'G4'));
  const left = /** @type {any} */ (without.document.mechanism);
  // Half of A's output is not all of it: without D2 the factors are left to the capacities.
  assert.deepEqual([left.df.given, left.initial.generators, left.initial.ders], [{}, { G1: 8 }, { D3: 1 }]);
  assert.deepEqual(problems(without.document), []);
  // A line without a limit is no critical line.
  const open = there(change.changed(before, 'branch', '2-3', { max_p_mw: null }));
  assert.equal(/** @type {any} */ (open.document.mechanism).equivalent.lines, 'proposed');
  assert.deepEqual(open.parts, ['line 2-3', 'a critical line of A']);
  assert.deepEqual(problems(open.document), []);
});

test('numbers leave the grid the preset’s, places make another', () => {
  const before = preset('zuo-4node');
  const blocks = [
    { p_mw: 3, usd_per_mwh: 12 },
    { p_mw: 1, usd_per_mwh: 20, end_usd_per_mwh: 22 },
  ];
  const offer = there(change.changed(before, 'der', 'D2', { offer: blocks, bus: '2' }));
  assert.equal(offer.document.preset, 'zuo-4node');
  assert.deepEqual(offer.document.case.ders[0]?.offer, blocks);
  const put = there(change.changed(before, 'der', 'D2', { bus: '3' }));
  assert.deepEqual([put.document.preset, put.document.case.ders[0]?.bus], ['', '3']);
  assert.deepEqual(problems(put.document), []);
  const places = new Map([['2', { x: 1, y: 0.5 }]]);
  const moved = change.moved(before, places, '2').document;
  assert.deepEqual(moved.case.buses[1], { id: '2', x: 1, y: 0.5 });
  assert.equal(moved.preset, 'zuo-4node');
  assert.deepEqual(problems(moved), []);
});

test('DERs are grouped, and leave the aggregators they were in', () => {
  const before = preset('zuo-30bus');
  const [first, second] = before.case.aggregators;
  assert.ok(first !== undefined && second !== undefined);
  const ders = [...first.ders, second.ders[0] ?? ''];
  const id = change.freeId(before.case, 'aggregator');
  const made = change.grouped(before, id, ders);
  assert.ok(!made.document.case.aggregators.some((one) => one.id === first.id));
  assert.deepEqual(made.document.case.aggregators.find((one) => one.id === id)?.ders, ders);
  assert.deepEqual(made.document.case.aggregators.find((one) => one.id === second.id)?.ders, second.ders.slice(1));
  assert.deepEqual(problems(made.document), []);
});

test('a name is changed wherever it stands, and nothing else', () => {
  for (const id of [
    'zuo-4node-union-jack-m4',
    'zuo-30bus',
    'mezghani-3node',
    'wang-table2',
    'khojasteh-k33',
    'rsf-periods',
  ]) {
    let document = preset(id);
    const cost = id.startsWith('zuo') ? solved(document, 'cost_mean') : undefined;
    for (const kind of /** @type {change.Kind[]} */ (Object.keys(change.WORDS))) {
      if (kind === 'aggregator') continue;
      const feeders = document.case.feeders;
      const below = kind === 'bus' ? feeders.flatMap(({ buses }) => buses.map((bus) => bus.id)) : [];
      const lines = kind === 'branch' ? feeders.flatMap((own) => own.lines.map((line) => `${own.id}/${line.id}`)) : [];
      const ids = [...change.listOf(document.case, kind).map((item) => item.id), ...below, ...lines];
      for (const one of ids) {
        const own = change.find(document.case, kind, one)?.item.id;
        const made = there(change.changed(document, kind, one, { id: `${own}_new` }));
        assert.deepEqual(made.parts, [`${change.WORDS[kind]} ${one}_new`]);
        document = made.document;
      }
    }
    assert.deepEqual(problems(document), [], id);
    // Every name in the case and the mechanism is a new one, and the dispatch is the same.
    const left = JSON.stringify([document.case.buses, document.case.branches, document.case.generators]);
    assert.equal(left.match(/"(?:id|bus|from|to)":"(?![^"]*_new")/g), null);
    if (cost !== undefined) assert.ok(Math.abs(solved(document, 'cost_mean') - cost) < 1e-6 * Math.abs(cost), id);
  }
  const twice = there(change.changed(preset('zuo-4node'), 'bus', '2', { id: '3' }));
  assert.match(problems(twice.document)[0] ?? '', /^case\.buses\.\d\.id: The id "3" is used twice/);
});

test('of many DERs those that bid as one are written', () => {
  const before = preset('zuo-30bus');
  const [one] = before.case.ders;
  before.case.ders = Array.from({ length: 70 }, (_, k) => ({ .../** @type {any} */ (one), id: `E${k}` }));
  before.case.aggregators = [];
  const { specs, make } = asked(before, 'aggregator', '');
  assert.deepEqual(
    specs.map(({ kind }) => kind),
    ['text', 'text'],
  );
  assert.deepEqual(there(make(before, { id: 'A', ders: 'E1, E2;E3' })).document.case.aggregators, [
    { id: 'A', ders: ['E1', 'E2', 'E3'] },
  ]);
});

test('a feeder hangs below a bus, and grows and shrinks by its own rules', () => {
  const before = preset('mezghani-3node');
  const [feeder] = preset('baran-wu-33').case.feeders;
  assert.ok(feeder !== undefined);
  const bus = before.case.buses[0]?.id ?? '';
  const id = change.freeId(before.case, 'feeder');
  const { document } = change.attached(before, feeder, { id, bus, max_p_mw: 5 });
  assert.deepEqual(problems(document), []);
  const own = document.case.feeders.find((one) => one.id === id);
  assert.ok(own !== undefined && own.buses.length === 33);
  const twice = change.attached(document, feeder, { id: change.freeId(document.case, 'feeder'), bus, max_p_mw: null });
  assert.deepEqual(problems(twice.document), []);
  // Baran and Wu: buses 31, 32 and 33 lie behind line 30-31.
  const cut = there(change.removed(document, 'bus', `${id}-31`));
  assert.deepEqual(
    cut.parts.slice(0, 3),
    [31, 32, 33].map((n) => `bus ${id}-${n}`),
  );
  assert.equal(cut.document.case.feeders.find((one) => one.id === id)?.lines.length, 29);
  assert.deepEqual(problems(cut.document), []);
  const more = change.freeId(document.case, 'bus', { feeder: own });
  assert.equal(more, `${id}-34`);
  const line = { id: 'new', from: `${id}-33`, to: more, r_ohm: 0.5, x_ohm: 0.3, max_s_mva: null };
  assert.deepEqual(problems(change.added(document, 'bus', { id: more, p_load_mw: 0.1 }, line).document), []);
  // Without its substation it is no feeder.
  assert.deepEqual(there(change.removed(document, 'bus', own.root)).document.case, before.case);
  const without = there(change.removed(document, 'feeder', id));
  assert.deepEqual(without.document.case, before.case);
});

test('a bid and an imbalance are made in every period, and changed in all', () => {
  const before = preset('rsf-periods');
  const { kinds, make } = asked(before, 'bid', 'D');
  assert.deepEqual(kinds, ['bus', 'bid', 'imbalance', 'load', 'feeder']);
  const segments = [{ min_p_mw: -2, max_p_mw: 0, usd_per_mwh: 4 }];
  const made = there(make(before, { id: 'BSP9', bus: 'D', segments }));
  assert.deepEqual(made.document.case.balancing?.bids.at(-1), {
    ...{ id: 'BSP9', bus: 'D' },
    offers: [1, 2].map((period) => ({ period, segments })),
  });
  assert.deepEqual(problems(made.document), []);
  const dearer = [{ ...segments[0], usd_per_mwh: 5 }];
  const form = forms.changeForm(made.document, 'bid', 'BSP9');
  assert.deepEqual(
    form?.specs.map(({ key }) => key),
    ['id', 'bus', 'segments'],
  );
  const next = there(form?.make(made.document, { bus: 'T', segments: dearer }) ?? null);
  const bid = next.document.case.balancing?.bids.at(-1);
  assert.deepEqual([bid?.bus, bid?.offers[1]?.segments[0]?.usd_per_mwh], ['T', 5]);
  assert.deepEqual(problems(next.document), []);
  const short = asked(before, 'imbalance', 'T');
  const less = there(short.make(before, { id: 'BRP9', bus: 'T', p_mw: -0.5 }));
  assert.deepEqual(less.document.case.balancing?.imbalances.at(-1)?.p_mw, [-0.5]);
  assert.deepEqual(problems(less.document), []);
  // Another one in each of the two periods: its numbers stand in the inputs.
  assert.deepEqual(
    forms.changeForm(before, 'imbalance', 'BRP1')?.specs.map(({ key }) => key),
    ['id', 'bus'],
  );
});

/** @param {Scenario} document @param {change.Kind} kind @param {string} place */
function asked(document, kind, place) {
  return { kinds: forms.kindsOf(document), ...forms.addForm(document, kind, { place, ready: [] }, {}, () => {}) };
}

test('whatever is taken out of a preset, nothing that is left names it', () => {
  const ids =
    'triangle zuo-4node zuo-4node-union-jack-m4 zuo-30bus zuo-30bus-optimal wang-table2 mezghani-s1 mezghani-3node khojasteh-k33';
  let accepted = 0;
  for (const id of [...ids.split(' '), 'baran-wu-33', 'theisen-base']) {
    const before = preset(id);
    const kinds = /** @type {change.Kind[]} */ (Object.keys(change.WORDS));
    for (const kind of kinds) {
      const own = change.listOf(structuredClone(before.case), kind).map((item) => item.id);
      const below = before.case.feeders.flatMap((feeder) => feeder.buses.map((bus) => bus.id));
      for (const one of [...own, ...(kind === 'bus' ? below.slice(0, 12) : [])]) {
        const found = problems(there(change.removed(before, kind, one)).document);
        if (found.length === 0) accepted += 1;
        // Refused is only what is no grid any more, or no market.
        const empty =
          /^case\.(?:branches: No branch in service|buses: The list is empty|communities\.members: No |local_market\.)/;
        for (const message of found) assert.match(message, empty, `${id} without ${kind} ${one}`);
      }
    }
  }
  assert.ok(accepted > 150, `${accepted}`);
});
