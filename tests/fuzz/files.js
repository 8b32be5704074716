// Mutants of files: MATPOWER cases, folders of CSV, users' series, and changes by `--set`.

import { readFileSync, readdirSync } from 'node:fs';

import { FACTORS, NUMBERS, TEXTS } from './random.js';
import { get, path, somewhere } from './scenarios.js';

/** @typedef {import('./random.js').Random} Random */

const STATEMENTS = [
  'mpc.bus(:, [PD, QD]) = mpc.bus(:, [PD, QD]) / 1e3;',
  'mpc.bus(:, 999) = mpc.bus(:, 999) / 2;',
  'mpc.bus(:, PD) = mpc.bus(:, PD) / 0;',
  'a = b;',
  'a = 1; b = a + a * 2 ^ 3',
  'for i=1:10',
  'end',
  'mpc.bus = [];',
  'mpc.bus(2,:) = [];',
  'mpc.gen(1, 9) = 1e9;',
  '%{',
  '%}',
  `x = ${'('.repeat(5000)}1${')'.repeat(5000)};`,
  `x = ${'-'.repeat(5000)}1;`,
  `x = ${Array(5000).fill('1').join('+')};`,
  `x = ${Array(5000).fill('2').join('^')};`,
  'eval(\'system("id")\');',
  "mpc.x = 'unclosed",
  "mpc.version = '3';",
  'mpc.baseMVA = 0;',
  'mpc.baseMVA = -100;',
  'mpc.baseMVA = 1e-300;',
  'mpc.baseMVA = NaN;',
  'mpc.baseMVA = 1/0;',
  'function mpc2 = other()',
  'mpc.gencost = [1 0 0 2 0 0 10 100];',
  'mpc.dcline = [1 2 1 10 8.9 0 0 1.01 1 1 10 -10 10 -10 10 0 0 0 0 0 0 0 0];',
  'mpc = struct();',
  '['.repeat(5000),
];

/** A case as a MATPOWER file. @param {any} network */
export function matpower(network) {
  const number = new Map(network.buses.map((/** @type {any} */ bus, /** @type {number} */ k) => [bus.id, k + 1]));
  const load = new Map();
  for (const { bus, p_mw: p } of network.loads ?? []) load.set(bus, (load.get(bus) ?? 0) + p);
  const rows = (/** @type {any[][]} */ list) => list.map((row) => `\t${row.join('\t')};`);
  const bus = network.buses.map((/** @type {any} */ { id }, /** @type {number} */ k) => [
    k + 1,
    k === 0 ? 3 : 1,
    load.get(id) ?? 0,
    0,
    0,
    0,
    1,
    1,
    0,
    230,
    1,
    1.1,
    0.9,
  ]);
  const gen = network.generators.map((/** @type {any} */ g) => [
    number.get(g.bus),
    0,
    0,
    100,
    -100,
    1,
    100,
    1,
    g.max_p_mw,
    g.min_p_mw,
    ...Array(11).fill(0),
  ]);
  const cost = network.generators.map((/** @type {any} */ g) => [2, 0, 0, 2, g.offer?.[0]?.usd_per_mwh ?? 0, 0]);
  const branch = network.branches.map((/** @type {any} */ l) => [
    number.get(l.from),
    number.get(l.to),
    0,
    l.x_pu,
    0,
    l.max_p_mw ?? 0,
    0,
    0,
    0,
    0,
    1,
    -360,
    360,
  ]);
  return [
    'function mpc = fuzzed',
    "mpc.version = '2';",
    `mpc.baseMVA = ${network.base_mva};`,
    'mpc.bus = [',
    ...rows(bus),
    '];',
    'mpc.gen = [',
    ...rows(gen),
    '];',
    'mpc.branch = [',
    ...rows(branch),
    '];',
    'mpc.gencost = [',
    ...rows(cost),
    '];',
  ];
}

/** @param {string[]} given @param {Random} rng @param {RegExp} cell @param {readonly string[]} statements */
export function mutateLines(given, rng, cell, statements = []) {
  const lines = [...given];
  for (let n = rng.pick([1, 1, 2, 3, 5]); n > 0 && lines.length > 0; n -= 1) {
    const k = rng.below(lines.length);
    const line = lines[k] ?? '';
    const way = rng.next();
    if (way < 0.55) {
      const cells = [...line.matchAll(cell)];
      if (cells.length === 0) continue;
      const found = rng.pick(cells);
      const old = Number(found[0]);
      const value =
        rng.chance(0.5) && !Number.isNaN(old)
          ? String(old * rng.pick(FACTORS))
          : rng.pick(rng.chance(0.7) ? NUMBERS : TEXTS);
      lines[k] = line.slice(0, found.index) + value + line.slice(found.index + found[0].length);
    } else if (way < 0.65) lines.splice(k, 1);
    else if (way < 0.72) lines.splice(k, 0, rng.pick(lines));
    else if (way < 0.76) lines.splice(k, 1, ...Array(rng.pick([3, 1000, 30_000])).fill(line));
    else if (way < 0.8) lines.reverse();
    else if (way < 0.84) lines[k] = `${line}${rng.pick([',', ';', '"', '\t', "'", '%', '#', '…'])}`;
    else if (statements.length > 0) lines.splice(k, 0, rng.pick(statements));
  }
  return lines;
}

/** @param {Uint8Array} data @param {Random} rng */
export function damaged(data, rng) {
  const at = rng.below(Math.max(1, data.length));
  return rng.pick([
    () => Buffer.from(data.subarray(0, at)),
    () => Buffer.concat([data.subarray(0, at), Buffer.from([rng.below(256)]), data.subarray(at + 1)]),
    () => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), data]),
    () => Buffer.from(Buffer.from(data).toString('utf8'), 'utf16le'),
    () => Buffer.from(Buffer.from(data).toString('utf8').replaceAll('\n', '\r')),
    () => Buffer.from(Buffer.from(data).toString('utf8').replaceAll(',', ';')),
  ])();
}

/** @param {Random} rng @param {any} network */
export function matpowerMutant(rng, network) {
  const data = Buffer.from(mutateLines(matpower(network), rng, /[^\s;,[\]]+/g, STATEMENTS).join('\n'));
  return rng.chance(0.2) ? damaged(data, rng) : data;
}

/** Small grids of other programs. */
const OTHERS = new URL('../../formats/tests/files/', import.meta.url);

/** A grid in the format of another program. @param {Random} rng */
export function otherMutant(rng) {
  const name = rng.pick(readdirSync(OTHERS).filter((file) => file.includes('.')));
  const lines = readFileSync(new URL(name, OTHERS), 'utf8').split('\n');
  const data = Buffer.from(mutateLines(lines, rng, /[^\s;,:"{}\\[\]]+/g).join('\n'));
  return { name, data: rng.chance(0.2) ? damaged(data, rng) : data };
}

/** The folder of CSV files that PyPSA writes. */
export function pypsaFolder() {
  const folder = new URL('pypsa/', OTHERS);
  return new Map(readdirSync(folder).map((name) => [name, readFileSync(new URL(name, folder))]));
}

/** @param {Random} rng @param {Map<string, Buffer>} seed */
export function folderMutant(rng, seed) {
  const files = new Map(seed);
  for (let n = rng.pick([1, 1, 2, 3]); n > 0 && files.size > 0; n -= 1) {
    const name = rng.pick([...files.keys()]);
    const data = files.get(name) ?? Buffer.alloc(0);
    const way = rng.next();
    if (way < 0.1) files.delete(name);
    else if (way < 0.15) files.set(rng.pick(['extra.csv', name.toLowerCase(), `x${name}`]), data);
    else if (way < 0.3) files.set(name, damaged(data, rng));
    else files.set(name, Buffer.from(mutateLines(data.toString('utf8').split('\n'), rng, /[^,;\t\n]+/g).join('\n')));
  }
  return files;
}

/** @param {Random} rng */
export function seriesMutant(rng) {
  const head = rng.pick([
    'time,load_kw,pv_kw,price_usd_per_kwh',
    'time;load_kw;pv_kw',
    'timestamp\tload_mw',
    'datetime,pv_kwh',
    'time,load_kwh,pv_mw,price_usd_per_mwh',
  ]);
  const mark = /[;\t]/.exec(head)?.[0] ?? ',';
  const step = rng.pick([5, 5, 15, 60, 1, 7, 1440]);
  const lines = [head];
  const count = rng.pick([2, 3, 24, 289, 1440]);
  for (let k = 0; k < count; k += 1) {
    const at = new Date(Date.UTC(2022, 9, 1, 0, k * step)).toISOString().slice(0, 16);
    const cells = head
      .split(mark)
      .slice(1)
      .map(() => (rng.next() * 50).toFixed(3));
    lines.push([at, ...cells].join(mark));
  }
  const times = [
    '2022-02-30T00:00',
    '9999-12-31T23:59',
    '0000-01-01T00:00',
    '99999999-01-01T00:00',
    '2022-11-14T24:00',
    '2022-11-14T00:05+99:99',
    '14.11.2022 00:05',
    '1668384000',
  ];
  if (rng.chance(0.3))
    lines[rng.below(lines.length)] = [rng.pick(times), '1', '2', '3'].slice(0, head.split(mark).length).join(mark);
  const data = Buffer.from(
    mutateLines(lines, rng, mark === ';' ? /[^;]+/g : mark === '\t' ? /[^\t]+/g : /[^,]+/g).join('\n'),
  );
  return rng.chance(0.15) ? damaged(data, rng) : data;
}

/** Arguments that change a preset. @param {Random} rng @param {Map<string, any>} corpus */
export function setMutant(rng, corpus) {
  const name = rng.pick([...corpus.keys()]);
  const root = corpus.get(name);
  const args = [];
  for (let n = rng.pick([1, 1, 2, 4]); n > 0; n -= 1) {
    const at = somewhere(root, rng) ?? ['title'];
    const words = path(root, at);
    if (rng.chance(0.15))
      words[rng.below(words.length)] = rng.pick([
        'x',
        '',
        '0',
        '-1',
        '__proto__',
        '18446744073709551616',
        'é',
        '\u202e',
        'x'.repeat(50_000),
      ]);
    if (rng.chance(0.05)) words.push('x');
    const old = get(root, at);
    const value =
      typeof old === 'number' && rng.chance(0.6)
        ? String(old * rng.pick(FACTORS))
        : rng.pick(rng.chance(0.5) ? NUMBERS : [...TEXTS, '[]', '{}', '[1,2]', `${'['.repeat(5000)}`, 'true', '"x"']);
    args.push(`--set=${`${words.join('.')}${rng.chance(0.98) ? '=' : ''}${value}`.replaceAll('\0', '')}`);
  }
  return { name, args };
}
