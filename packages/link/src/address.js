// The address of an embedded figure (docs/EMBEDDING.md): its options, checked.

import { LinkError } from './text.js';

/**
 * An input that the reader may change, with a range of its own in the units of the page.
 * @typedef {{ path: string, from?: number, to?: number, step?: number }} OfferedInput
 */
/**
 * Options of an embedded figure, by the names of the address.
 * @typedef {object} EmbedOptions
 * @property {readonly string[]} [view] What is shown, in this order: `network`, `answer`, `task`, `lesson`, `compare`, a chart
 *   by its id, `sweep:PATH:FROM:TO`, `why:KIND:ID`. Without it the network.
 * @property {readonly (string | OfferedInput)[]} [inputs] Inputs that the reader may change, up to six.
 * @property {'inputs' | 'all'} [lock] `inputs`: only these can be changed, within their ranges, by messages too, and no other
 *   scenario is opened. `all`: nothing can be changed, by the reader neither.
 * @property {'min'} [ui] No heading, one small bar.
 * @property {boolean} [run] `false`: a picture and a button; the program loads when it is pressed.
 * @property {boolean} [play] Plays the intervals once it is there.
 * @property {'light' | 'dark'} [theme] Without it as the reader's system.
 * @property {string} [lang] Language tag, as `de`. Without it as the reader's browser.
 * @property {string} [state] Goes on where a `score` message of an earlier visit left a lesson.
 * @property {string} [question] A question of yours above the figure.
 */

/** Inputs at most. */
const MOST_INPUTS = 6;
/** Characters at most. */
const LONGEST = { question: 500, state: 4000 };

/** @param {boolean} right @param {string} message */
function check(right, message) {
  if (!right) throw new LinkError(message);
}

/** @param {unknown} list @param {string} name @returns {readonly any[]} */
function listOf(list, name) {
  check(Array.isArray(list) && list.length > 0, `\`${name}\` is a list of at least one.`);
  return /** @type {any[]} */ (list);
}

/** @param {unknown} view */
function viewText(view) {
  check(
    typeof view === 'string' && /^[^,\s]+$/.test(view),
    `“${view}” is no view: it is an id without blanks and commas.`,
  );
  const text = /** @type {string} */ (view);
  if (/^sweep(:|$)/.test(text)) {
    const [, path = '', from, to] = /^sweep:(.+):([^:]+):([^:]+)$/.exec(text) ?? [];
    check(path !== '', `“${text}” is no sweep: it is \`sweep:PATH:FROM:TO\`.`);
    return `sweep:${inputText({ path, from: Number(from), to: Number(to) })}`;
  }
  check(
    !/^why(:|$)/.test(text) || /^why:[a-z_]+:.+$/.test(text),
    `“${text}” is no explanation: it is \`why:KIND:ID\`.`,
  );
  return text;
}

/** @param {string | OfferedInput} input */
function inputText(input) {
  const { path, from, to, step } = typeof input === 'string' ? { path: input } : input;
  check(
    /^((case|mechanism|view)\.[^,:\s]+|title)$/.test(path),
    `“${path}” is no path of an input: it begins with \`case.\`, \`mechanism.\` or \`view.\`, and a range goes beside it.`,
  );
  if (from === undefined && to === undefined && step === undefined) return path;
  check(
    Number.isFinite(from) && Number.isFinite(to) && Number(from) < Number(to),
    `The range of \`${path}\` goes from a number to a greater one.`,
  );
  check(
    step === undefined || (step > 0 && step <= Number(to) - Number(from)),
    `The step of \`${path}\` is a number above 0 that fits into its range.`,
  );
  return [path, from, to, step].filter((part) => part !== undefined).join(':');
}

/** @param {unknown} value @param {string} name */
function flag(value, name) {
  check(typeof value === 'boolean', `\`${name}\` is true or false.`);
  return value === true;
}

/** @param {any} value @param {string} name @param {string[]} values @returns {string} */
function oneOf(value, name, values) {
  check(values.includes(value), `\`${name}\` is ${values.map((one) => `\`${one}\``).join(' or ')}.`);
  return value;
}

/** @param {unknown} value @param {'question' | 'state'} name */
function text(value, name) {
  const longest = LONGEST[name];
  check(typeof value === 'string' && value.length <= longest, `\`${name}\` is a text of up to ${longest} characters.`);
  return String(value);
}

/** How each option is written; nothing where it says what holds without it. @type {Record<string, (value: any) => string>} */
const WRITTEN = {
  view: (list) => listOf(list, 'view').map(viewText).join(','),
  inputs(list) {
    const offered = listOf(list, 'inputs').map(inputText);
    check(offered.length <= MOST_INPUTS, `${offered.length} inputs; up to ${MOST_INPUTS} are offered.`);
    return offered.join(',');
  },
  lock: (value) => oneOf(value, 'lock', ['inputs', 'all']),
  ui: (value) => oneOf(value, 'ui', ['min']),
  run: (value) => (flag(value, 'run') ? '' : '0'),
  play: (value) => (flag(value, 'play') ? '1' : ''),
  theme: (value) => oneOf(value, 'theme', ['light', 'dark']),
  lang(value) {
    check(/^[A-Za-z]{2,3}(-[A-Za-z0-9]+)*$/.test(value), '`lang` is the tag of a language, as `de`.');
    return value;
  },
  state: (value) => text(value, 'state'),
  question: (value) => text(value, 'question'),
};

/**
 * The address of a frame.
 * @param {string | URL} page where Tandem is served, absolute
 * @param {string} fragment
 * @param {EmbedOptions} options
 */
export function address(page, fragment, options) {
  check(/^https?:\/\/[^/]/.test(String(page)), `“${page}” is no address of Tandem: it begins with https://.`);
  const url = new URL(page);
  const query = new URLSearchParams({ embed: '1' });
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    const written = Object.hasOwn(WRITTEN, name) ? WRITTEN[name]?.(value) : undefined;
    if (written === undefined)
      throw new LinkError(`There is no option \`${name}\`; there are ${Object.keys(WRITTEN).join(', ')}.`);
    if (written !== '') query.set(name, written);
  }
  // Commas and colons are read as well as they stand, and better by people.
  url.search = String(query).replace(/%2C/g, ',').replace(/%3A/g, ':');
  url.hash = fragment;
  return url.href;
}
