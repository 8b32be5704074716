// Mutated input through the program in the terminal.
//
//   node tests/fuzz/run.js [--binary target/debug/tandem] [--seed 1] [--times 1] [--only json,links] [--keep target/fuzz]
//
// `--times 50` is a long round. Nothing may panic, run on, end with another exit code than 0, 1 or 2, be refused without a
// field, or open as something else than was sent. What does is kept, and named with its seed.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';

import { corpus } from './corpus.js';
import { folderMutant, matpowerMutant, otherMutant, pypsaFolder, seriesMutant, setMutant } from './files.js';
import { judge } from './judge.js';
import { linkMutant } from './links.js';
import { call } from './program.js';
import { Random } from './random.js';
import { mutant } from './scenarios.js';

const { values } = parseArgs({
  options: {
    binary: { type: 'string', default: 'target/debug/tandem' },
    seed: { type: 'string', default: '1' },
    times: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    keep: { type: 'string', default: 'target/fuzz' },
  },
});
const binary = path.resolve(values.binary);
const keep = path.resolve(values.keep);

/** @typedef {{ odd: string[], input: string | Buffer, what: string, rc?: number | null }} Tried */
/** @typedef {Awaited<ReturnType<typeof corpus>>} Corpus */

/** @type {Record<string, { count: number, one: (rng: Random, seeds: Corpus) => Promise<Tried> }>} */
const KINDS = {
  json: {
    count: 140,
    async one(rng, { scenarios }) {
      const { what, text } = mutant(rng, scenarios);
      const args = rng.pick([
        ['run', '-', '--json'],
        ['run', '-', '--json'],
        ['run', '-', '--json'],
        ['run', '-'],
        ['run', '-', '--csv'],
        ['compare', '-', '--json'],
        ['lp', '-', '--interval', '1'],
        ['case', '-'],
        ['chart', '-', rng.pick(['network', 'dispatch', 'lmp', 'region', 'sweep'])],
      ]);
      const done = await call(binary, args, text);
      return { odd: judge(done), input: text, what: `${args.join(' ')} ← ${what}`, rc: done.rc };
    },
  },
  round: {
    count: 30,
    async one(rng, { scenarios }) {
      const { what, text } = mutant(rng, scenarios, rng.chance(0.7));
      const first = await call(binary, ['show', '-'], text);
      const odd = judge(first);
      if (first.rc === 0) {
        const again = await call(binary, ['show', '-'], first.out);
        if (again.out !== first.out) odd.push('show of show is another scenario');
        const link = await call(binary, ['show', '-', '--link'], first.out);
        const opened = await call(binary, ['show', '-'], link.out);
        if (opened.out !== first.out)
          odd.push(`the link opens as another scenario: ${link.out.slice(0, 120)} ${opened.err.slice(0, 120)}`);
      }
      return { odd, input: text, what, rc: first.rc };
    },
  },
  links: {
    count: 140,
    async one(rng, { scenarios, links }) {
      const { what, text, may, of } = linkMutant(rng, scenarios, links);
      const done = await call(binary, rng.chance(0.7) || may !== 'any' ? ['show', '-'] : ['run', '-', '--json'], text);
      const odd = judge(done);
      if (may === 'same' && done.rc !== 0) odd.push(`a sound link is refused: ${done.err.slice(0, 160)}`);
      if (may !== 'any' && done.rc === 0 && done.out !== of) odd.push('a link opens as another scenario');
      return { odd, input: text, what, rc: done.rc };
    },
  },
  set: {
    count: 80,
    async one(rng, { scenarios }) {
      const { name, args } = setMutant(rng, scenarios);
      const done = await call(binary, ['run', name, '--json', ...args]);
      return { odd: judge(done), input: JSON.stringify(['run', name, '--json', ...args]), what: name, rc: done.rc };
    },
  },
  matpower: {
    count: 60,
    async one(rng, { networks }) {
      const data = matpowerMutant(rng, rng.pick(networks));
      const done = await inFile(data, 'case.m', (file) => call(binary, ['run', file, '--json']));
      return { odd: judge(done), input: data, what: 'MATPOWER', rc: done.rc };
    },
  },
  formats: {
    count: 60,
    async one(rng) {
      const { name, data } = otherMutant(rng);
      const done = await inFile(data, name, (file) => call(binary, ['run', file, '--json']));
      return { odd: judge(done), input: data, what: name, rc: done.rc };
    },
  },
  folder: {
    count: 50,
    async one(rng, { folders }) {
      const files = folderMutant(rng, rng.chance(0.3) ? pypsaFolder() : rng.pick(folders));
      const folder = mkdtempSync(path.join(tmpdir(), 'tandem-fuzz-'));
      for (const [name, data] of files) writeFileSync(path.join(folder, name), data);
      const done = await call(binary, ['run', folder, '--json']);
      rmSync(folder, { recursive: true });
      return {
        odd: judge(done),
        input: JSON.stringify([...files].map(([name, data]) => [name, data.toString('base64')])),
        what: 'folder',
        rc: done.rc,
      };
    },
  },
  series: {
    count: 40,
    async one(rng) {
      const data = seriesMutant(rng);
      const extra = rng.pick([
        [],
        [],
        [],
        [`--offset=${rng.pick(['+01:00', '-08:00', 'Z', '+99:99', 'x', 'é', '-'])}`],
        ['--community', rng.pick(['D1', '', 'é', '__proto__'])],
      ]);
      const done = await inFile(data, 'series.csv', (file) =>
        call(binary, ['import', file, '--into', 'theisen-base', ...extra]),
      );
      return { odd: judge(done), input: data, what: `series ${extra.join(' ')}`, rc: done.rc };
    },
  },
  scale: { count: 15, one: scaled },
};

/** @template T @param {Buffer} data @param {string} name @param {(file: string) => Promise<T>} work */
async function inFile(data, name, work) {
  const folder = mkdtempSync(path.join(tmpdir(), 'tandem-fuzz-'));
  const file = path.join(folder, name);
  writeFileSync(file, data);
  const done = await work(file);
  rmSync(folder, { recursive: true });
  return done;
}

/** Powers times a factor, prices left alone: cost times the factor, by the linearity of DC dispatch. @param {Random} rng @param {Corpus} seeds @returns {Promise<Tried>} */
async function scaled(rng, { networks }) {
  const network = structuredClone(rng.pick(networks));
  for (const { offer } of network.generators)
    for (const block of offer ?? []) block.usd_per_mwh *= 0.8 + 0.4 * rng.next();
  for (const { offer } of network.generators)
    offer?.sort((/** @type {any} */ a, /** @type {any} */ b) => a.usd_per_mwh - b.usd_per_mwh);
  const factor = rng.pick([1e-3, 0.01, 0.1, 3, 7, 100]);
  const larger = JSON.stringify(network, (key, value) =>
    typeof value === 'number' && /(_mw|_mvar|_mva)$/.test(key) ? value * factor : value,
  );
  const [one, other] = await Promise.all(
    [JSON.stringify(network), larger].map((text) => call(binary, ['run', '-', '--json'], text)),
  );
  const odd = [...judge(/** @type {any} */ (one)), ...judge(/** @type {any} */ (other))];
  const cost = (/** @type {any} */ done) =>
    JSON.parse(done.out).summary.find((/** @type {any} */ { id }) => id === 'cost_optimum' || id === 'cost_last')
      ?.value;
  if (one?.rc !== other?.rc) odd.push(`exit code ${one?.rc}, but ${other?.rc} with powers times ${factor}`);
  else if (one?.rc === 0 && Math.abs(cost(other) / factor - cost(one)) > 1e-6 * Math.max(1, Math.abs(cost(one))))
    odd.push(`cost ${cost(one)}, but ${cost(other)} with powers times ${factor}`);
  return { odd, input: larger, what: `times ${factor}`, rc: one?.rc };
}

const seed = Number(values.seed);
const only = values.only.split(',').filter((name) => name !== '');
const start = performance.now();
const seeds = await corpus(binary);
let failures = 0;
let tried = 0;
for (const [k, [name, { count, one }]] of Object.entries(KINDS).entries()) {
  if (only.length > 0 && !only.includes(name)) continue;
  const total = Math.ceil(count * Number(values.times));
  /** @type {Map<string, number>} */
  const codes = new Map();
  let next = 0;
  const worker = async () => {
    for (let n = next++; n < total; n = next++) {
      // Each input has its own seed, so that it can be made again alone.
      const rng = new Random(Math.imul(seed, 0x9e3779b1) ^ Math.imul(k + 1, 0x85ebca6b) ^ Math.imul(n + 1, 0xc2b2ae35));
      const { odd, input, what, rc } = await one(rng, seeds);
      codes.set(String(rc), (codes.get(String(rc)) ?? 0) + 1);
      if (odd.length === 0) continue;
      failures += 1;
      mkdirSync(keep, { recursive: true });
      const file = path.join(keep, `${name}-${seed}-${n}`);
      writeFileSync(file, input);
      console.log(
        `${name} ${seed}/${n} (${what.slice(0, 120)}): ${odd.slice(0, 3).join(' | ')}; kept as ${path.relative('', file)}`,
      );
    }
  };
  await Promise.all([worker(), worker()]);
  tried += total;
  console.log(
    `${name}: ${total} inputs, exit codes ${[...codes]
      .sort()
      .map(([code, many]) => `${code} × ${many}`)
      .join(', ')}`,
  );
}
console.log(
  `${tried} inputs with seed ${seed}, ${failures} failures, ${Math.round((performance.now() - start) / 1000)} s`,
);
process.exit(failures === 0 ? 0 : 1);
