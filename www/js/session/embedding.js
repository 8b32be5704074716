// What the address of an embedded view says (docs/EMBEDDING.md), read and written.

import { raw, unitText } from '../ui/number.js';

/** @import { Field } from './types.js' */

/**
 * An input that the reader may change, with a range of its own in the units of the page where it has one.
 * @typedef {{ path: string, from?: number, to?: number, step?: number }} Offered
 */
/**
 * `lock`: `none` lets messages set any input, `inputs` those that are offered, `all` nothing at all, in the view neither.
 * @typedef {{
 *   views: string[], minimal: boolean, inputs: Offered[], lock: 'none' | 'inputs' | 'all', run: boolean, play: boolean,
 *   question: string, state: string
 * }} EmbedOptions
 */

/** Inputs of an embedded view at most. */
export const MOST_INPUTS = 6;
/** Characters of an author's question at most. */
export const LONGEST_QUESTION = 500;
const NUMBER = '-?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?';
const RANGED = new RegExp(`^(.+?):(${NUMBER}):(${NUMBER})(?::(${NUMBER}))?$`);

/**
 * Options of an embedded view, or null on the full page.
 * @param {string} search
 * @returns {EmbedOptions | null}
 */
export function embedOptions(search) {
  const query = new URLSearchParams(search);
  if (query.get('embed') !== '1') return null;
  const list = (/** @type {string} */ name) => (query.get(name) ?? '').split(',').filter((item) => item !== '');
  const views = list('view');
  const lock = query.get('lock') ?? '';
  return {
    views: views.length > 0 ? views : ['network'],
    minimal: query.get('ui') === 'min',
    inputs: list('inputs').slice(0, MOST_INPUTS).map(offered),
    // A lock of another name locks all the same.
    lock: lock === 'inputs' ? 'inputs' : ['', '0', 'none'].includes(lock) ? 'none' : 'all',
    run: query.get('run') !== '0',
    play: query.get('play') === '1',
    question: (query.get('question') ?? '').slice(0, LONGEST_QUESTION),
    state: query.get('state') ?? '',
  };
}

/** `PATH`, `PATH:FROM:TO` or `PATH:FROM:TO:STEP`. @param {string} text @returns {Offered} */
function offered(text) {
  const [, path, from, to, step] = RANGED.exec(text) ?? [];
  // What is no range stands for an input that there is not.
  if (path === undefined || Number(from) >= Number(to)) return { path: text };
  const own = { path, from: Number(from), to: Number(to) };
  if (step === undefined) return own;
  return Number(step) > 0 && Number(step) <= own.to - own.from ? { ...own, step: Number(step) } : { path: text };
}

/** The same as the address has it. @param {Offered} input */
export function offeredText({ path, from, to, step }) {
  return [path, from, to, step].filter((part) => part !== undefined).join(':');
}

/**
 * A field with the range that the author gave it.
 * @param {Field} field
 * @param {Offered | undefined} offered
 * @returns {Field}
 */
export function ranged(field, offered) {
  if (offered?.from === undefined || field.kind !== 'number') return field;
  const { from, to = from, step } = offered;
  return { ...field, min: from, max: to, step: step ?? field.step ?? null, slider: true };
}

/**
 * Why a value is outside the range that the author gave, or null.
 * @param {Field | undefined} field
 * @param {Offered | undefined} offered
 * @param {unknown} value in the unit of the field
 */
export function outside(field, offered, value) {
  const { from, to } = offered ?? {};
  if (from === undefined || to === undefined) return null;
  if (typeof value === 'number' && value >= from && value <= to) return null;
  const unit = unitText(field?.unit ?? '');
  return `Here it can be from ${raw(from)} to ${raw(to)}${unit === '' ? '' : `\u00a0${unit}`}.`;
}

/**
 * What is looked at beside charts: `sweep:PATH:FROM:TO` and `why:KIND:ID`.
 * @param {string} view
 * @returns {{ kind: 'sweep', ask: Offered } | { kind: 'why', subject: { kind: string, id: string } } | { kind: 'plain' }}
 */
export function viewOf(view) {
  if (view.startsWith('sweep:')) return { kind: 'sweep', ask: offered(view.slice('sweep:'.length)) };
  const [, kind, id] = /^why:([a-z_]+):(.+)$/.exec(view) ?? [];
  return kind === undefined || id === undefined ? { kind: 'plain' } : { kind: 'why', subject: { kind, id } };
}
