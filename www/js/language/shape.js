// The shape of a sentence: its words, with holes where numbers and names stand. A catalogue knows a sentence by it.
//
//   "G1 and G2 sell 0.5 MW in hours 19 and 20." → "{} sell {} in hours {}."   with "G1 and G2", "0.5 MW", "19 and 20"

/** @typedef {{ key: string, holes: string[] }} Shape */
/** @typedef {{ text: string, kind: string }} Part `kind` is empty for words; holes of one kind make one list */

const UNIT = '%|°C?|p\\.u\\.|[$€¢](?:/[A-Za-z]+)*|[kMG]?(?:Wh|W|VA|var|V)(?:/[A-Za-z]+)?|kA|Ω|ms|min|s|h|kB|MB';
const NUMBER = '\\d{1,2}:\\d{2}|[±+−-]?\\d+(?:[,\\u202f]\\d{3})*(?:\\.\\d+)?(?:e[−+-]?\\d+)?';
/** A word of letters, digits and what joins them. */
const WORD = '[\\p{L}\\d_]+(?:[-′″./][\\p{L}\\d_]+)*[′″]*';
const TOKEN = new RegExp(
  `(?<![\\p{L}\\d_.])(?<amount>(?<number>${NUMBER})(?:[ \\u00a0](?<unit>${UNIT}))?)(?![\\p{L}\\d_]|[-/][\\p{L}\\d]|\\.\\d)|(?<word>${WORD})`,
  'gu',
);
/** What joins the items of a list: amounts with a unit are no enumeration, a comma between them parts two clauses. */
const JOINT = /^(?:,? | and | or |, and | to )$/;
const JOINT_OF_AMOUNTS = /^ (?:and|or|to) $/;
/** What follows the name A at the beginning of a sentence; else that is the article. */
const AFTER_NAME = /^(?:,| (?:and|or|to)\b|$|[^ \p{L}])/u;
const ABBREVIATED = /(?:\b(?:p\.u|e\.g|i\.e|vs|al|No|eq|Eq|Fig|Sec|cf|ca))\.$/;

/**
 * Whether a word is a name: it has a digit, or it is one capital letter and not the article that begins a sentence.
 * @param {string} word
 * @param {boolean} first
 * @param {string} after what follows it
 */
function isName(word, first, after) {
  if (/[a-z]{3}/.test(word)) return false;
  if (/\d/.test(word)) return true;
  if (!/^\p{Lu}[′″]?$/u.test(word)) return false;
  return !(first && word === 'A' && !AFTER_NAME.test(after));
}

/**
 * The shape of one sentence or label.
 * @param {string} text
 * @returns {Shape}
 */
export function shapeOf(text) {
  /** @type {Part[]} */
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    const { amount, unit, word } = match.groups ?? {};
    const after = text.slice(match.index + match[0].length);
    if (amount === undefined && !isName(word ?? '', match.index === 0, after)) continue;
    if (match.index > end) parts.push({ text: text.slice(end, match.index), kind: '' });
    parts.push({ text: match[0], kind: amount === undefined ? 'name' : `number ${unit ?? ''}` });
    end = match.index + match[0].length;
  }
  if (end < text.length) parts.push({ text: text.slice(end), kind: '' });
  const joined = lists(parts);
  return {
    key: joined.map((part) => (part.kind === '' ? part.text.replaceAll('\u00a0', ' ') : '{}')).join(''),
    holes: joined.filter(({ kind }) => kind !== '').map((part) => part.text),
  };
}

/**
 * Holes of one kind with nothing between them but commas and an "and" are one hole.
 * @param {Part[]} parts
 */
function lists(parts) {
  /** @type {Part[]} */
  const joined = [];
  for (const part of parts) {
    const [before, joint] = [joined.at(-2), joined.at(-1)];
    const joins = /^number ./.test(part.kind) ? JOINT_OF_AMOUNTS : JOINT;
    if (before && joint && part.kind !== '' && before.kind === part.kind && joins.test(joint.text)) {
      joined.splice(-2, 2, { text: before.text + joint.text + part.text, kind: part.kind });
    } else joined.push(part);
  }
  return joined;
}

/**
 * A template with its holes filled: `{}` one after another, `{2}` the second.
 * @param {string} template
 * @param {string[]} holes
 */
export function filled(template, holes) {
  let next = 0;
  return template.replace(/\{(\d*)\}/g, (_, number) => {
    const at = number === '' ? next : Number(number) - 1;
    next = at + 1;
    return holes[at] ?? '';
  });
}

/**
 * The sentences of a text, each with the space behind it.
 * @param {string} text
 */
export function sentences(text) {
  /** @type {string[]} */
  const found = [];
  let from = 0;
  for (const { index, 0: gap } of text.matchAll(/(?<=[.!?]["”)]?)\s+(?=[^a-z\s])/g)) {
    if (ABBREVIATED.test(text.slice(from, index))) continue;
    found.push(text.slice(from, index + gap.length));
    from = index + gap.length;
  }
  found.push(text.slice(from));
  return found;
}

/**
 * A text and what stands in brackets behind it, with the brackets in turn.
 * @param {string} text
 */
export function bracketed(text) {
  const [, head, inside] = /^(.+?) \(([^()]*(?:\([^()]*\)[^()]*)*)\)$/s.exec(text) ?? [];
  return head === undefined || inside === undefined ? [text] : [head, ' (', inside, ')', ''];
}

/**
 * The clauses of a sentence with what parts them, in turn: `the ISO keeps 4 $`, `; `, `the rest is shared`.
 * @param {string} text
 */
export function clauses(text) {
  return text.split(/(; |: )/);
}

/**
 * The parts of a label with what parts them, in turn: `payment`, `, `, `truthful`.
 * @param {string} text
 */
export function pieces(text) {
  return text.split(/(^· | · | – | → |, | \(|\)|\n| \| |✓ ?|≠ ?|▸ ?)/);
}

/**
 * A text that begins with a small letter, and whether it did not.
 * @param {string} text
 * @returns {{ small: string, capital: boolean }}
 */
export function uncapitalised(text) {
  const capital = /^\p{Lu}(?:\p{Ll}| )/u.test(text);
  return { small: capital ? text.charAt(0).toLowerCase() + text.slice(1) : text, capital };
}
