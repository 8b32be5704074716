// Mutants of scenarios as JSON text: wild ones (types, texts, structure), and plausible ones that reach the solvers.

import { FACTORS, NUMBERS, TEXTS } from './random.js';

/** @typedef {import('./random.js').Random} Random */
/** @typedef {(string | number)[]} At */

/** What follows is written bare, so that what is no JSON can be written. */
const RAW = '\ue000';

/** @param {any} value @param {At} at @param {At[]} all @returns {At[]} */
export function nodes(value, at = [], all = []) {
  if (at.length > 0) all.push(at);
  if (Array.isArray(value)) value.slice(0, 40).forEach((item, k) => nodes(item, [...at, k], all));
  else if (typeof value === 'object' && value !== null)
    for (const key of Object.keys(value)) nodes(value[key], [...at, key], all);
  return all;
}

/** @param {any} root @param {At} at */
export const get = (root, at) => at.reduce((value, step) => value[step], root);

/** @param {any} root @param {At} at @param {any} value */
export function put(root, at, value) {
  get(root, at.slice(0, -1))[/** @type {string} */ (at.at(-1))] = value;
}

/**
 * One place, every kind of field as likely as another: a week of loads would else drown the rest.
 * @param {any} root @param {Random} rng @param {(value: any) => boolean} accept @returns {At | null}
 */
export function somewhere(root, rng, accept = () => true) {
  /** @type {Map<string, At[]>} */
  const kinds = new Map();
  for (const at of nodes(root)) {
    if (!accept(get(root, at))) continue;
    const kind = at.map((step) => (typeof step === 'number' ? '*' : step)).join('.');
    kinds.set(kind, [...(kinds.get(kind) ?? []), at]);
  }
  return kinds.size === 0 ? null : rng.pick(kinds.get(rng.pick([...kinds.keys()])) ?? []);
}

/** A path as `--set` and links write it, by ids. @param {any} root @param {At} at */
export function path(root, at) {
  let here = root;
  return at.map((step) => {
    here = here[step];
    return typeof step === 'number' && typeof here?.id === 'string' ? here.id : String(step);
  });
}

/** @param {any} root @param {Random} rng @param {any[]} others */
function wild(root, rng, others) {
  const at = somewhere(root, rng);
  if (at === null) return;
  const parent = get(root, at.slice(0, -1));
  const step = /** @type {any} */ (at.at(-1));
  const way = rng.next();
  if (way < 0.15) Array.isArray(parent) ? parent.splice(step, 1) : delete parent[step];
  else if (way < 0.22 && !Array.isArray(parent)) parent[`${step}${RAW}twice`] = structuredClone(parent[step]);
  else if (way < 0.28 && !Array.isArray(parent)) {
    parent[
      rng.pick([
        '__proto__x',
        'constructor',
        `${step} `,
        String(step).toUpperCase(),
        '',
        '\u202e',
        String(step).slice(1),
      ])
    ] = parent[step];
    delete parent[step];
  } else if (way < 0.36 && Array.isArray(parent)) {
    const count = JSON.stringify(parent[step]).length < 100 ? rng.pick([2, 50, 100_000]) : rng.pick([2, 50]);
    parent.push(...Array(count).fill(parent[step]));
  } else if (way < 0.4) parent[step] = RAW + '['.repeat(rng.pick([100, 128, 4000, 100_000]));
  else if (way < 0.45) parent[step] = `${RAW}${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`;
  else if (way < 0.5)
    root[rng.pick(['case', 'mechanism'])] = structuredClone(rng.pick(others)[rng.pick(['case', 'mechanism'])]);
  else if (way < 0.75) parent[step] = RAW + rng.pick(NUMBERS);
  else if (way < 0.9) parent[step] = rng.pick(TEXTS);
  else
    parent[step] = rng.pick([
      null,
      true,
      [],
      {},
      [[]],
      [null],
      { id: 'x' },
      Array(100_000).fill(0),
      `${RAW}"\\ud800"`,
      `${RAW}undefined`,
      `${RAW}`,
    ]);
}

/** @param {any} root @param {Random} rng @param {any[]} others */
function plausible(root, rng, others) {
  const way = rng.next();
  const isNumber = (/** @type {any} */ value) => typeof value === 'number';
  if (way < 0.65) {
    const at = somewhere(root, rng, isNumber);
    if (at === null) return;
    const old = get(root, at);
    put(
      root,
      at,
      rng.chance(0.6)
        ? old * rng.pick(FACTORS)
        : rng.pick([0, 1, 2, 3, 5, 10, 50, 96, 100, 1000, 0.1, 1e-3, -1, 1e-6, 1e6, 1 / 3]),
    );
  } else if (way < 0.72) {
    const at = somewhere(root, rng, (value) => typeof value === 'string');
    const pool = nodes(root)
      .map((place) => get(root, place))
      .filter((value) => typeof value === 'string' && value.length < 40);
    if (at !== null) put(root, at, rng.pick([...pool, 'nowhere']));
  } else if (way < 0.78) {
    const at = somewhere(root, rng, (value) => typeof value === 'boolean' || value === null);
    if (at !== null) put(root, at, get(root, at) === null ? rng.pick([0, 1, 10]) : !get(root, at));
  } else if (way < 0.86) {
    const at = somewhere(root, rng, (value) => Array.isArray(value) && value.length > 0);
    if (at === null) return;
    const items = get(root, at);
    const k = rng.below(items.length);
    rng.pick([
      () => items.splice(k, 1),
      () => items.reverse(),
      () => items.push(structuredClone(items[k])),
      () => items.splice(1),
      () => items.splice(0),
      () =>
        items.push(
          typeof items[k] === 'object' && items[k] !== null
            ? { ...structuredClone(items[k]), id: `new${rng.below(99)}` }
            : items[k],
        ),
    ])();
  } else if (way < 0.93) root.mechanism = structuredClone(rng.pick(others).mechanism);
  else {
    const at = somewhere(root, rng);
    if (at !== null && !Array.isArray(get(root, at.slice(0, -1))))
      delete get(root, at.slice(0, -1))[/** @type {string} */ (at.at(-1))];
  }
}

/** JSON text with what was put in raw. @param {any} root */
export function written(root) {
  return JSON.stringify(root)
    .replaceAll(`${RAW}twice"`, '"')
    .replace(/"\ue000((?:[^"\\]|\\.)*)"/g, (_, text) => JSON.parse(`"${text}"`));
}

/**
 * @param {Random} rng @param {Map<string, any>} corpus scenarios by preset @param {boolean} tame plausible changes only
 * @returns {{ what: string, text: string }}
 */
export function mutant(rng, corpus, tame = false) {
  const name = rng.pick([...corpus.keys()]);
  const root = structuredClone(corpus.get(name));
  const others = [...corpus.values()];
  const isWild = !tame && rng.chance(0.4);
  for (let k = rng.pick([1, 1, 2, 3, 5]); k > 0; k -= 1)
    (isWild && rng.chance(0.8) ? wild : plausible)(root, rng, others);
  let text = written(root);
  if (!tame && rng.chance(0.03)) text = rng.pick([text.slice(0, rng.below(text.length)), `\ufeff${text}`, text + text]);
  return { what: `${isWild ? 'wild' : 'plausible'} ${name}`, text };
}
