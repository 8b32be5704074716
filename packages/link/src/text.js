// The text of a link, as mail, chat and web pages hand it on (`src/scenario/link/text.rs`, in JavaScript): what they add is
// taken off again, what cannot be told is refused by name.

/** Keys of the page, which say how a scenario is shown, not which one it is. */
const PAGE_KEYS = 'embed inputs lang lock play question run state step t theme ui view'.split(' ');
/** Longest link, bytes. */
const LONGEST = 1 << 20;
/** Most keys of a link; what changes more goes as a whole. */
export const MOST_KEYS = 1000;
/** No sentence puts more marks behind a link. */
const MOST_MARKS = 8;
/** Blanks and characters that are not seen. */
const HIDDEN = /[\p{Cc}\s\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu;
const AGAIN = 'Ask for it again, or start from a preset.';

/** A link that cannot be read or written; `code` is `newer` where a later version of Tandem made it. */
export class LinkError extends Error {
  /** @param {string} message @param {'link' | 'newer'} [code] */
  constructor(message, code = 'link') {
    super(message);
    this.name = 'LinkError';
    this.code = code;
  }
}

/** Refuses what is longer than any page reads. @param {string} link */
export function bounded(link) {
  const { length } = new TextEncoder().encode(link);
  if (length > LONGEST)
    throw new LinkError(
      `The link is ${length >> 10} kB long; a link may have up to ${LONGEST >> 10} kB. Open the scenario from a file instead.`,
    );
  return link;
}

/** Whether a text begins as the fragment of a scenario. @param {string} text */
const namesScenario = (text) => text.split('&').some((part) => /^[pz]=/.test(part));

/** What follows the `?` of an address, or all of it. @param {string} head */
const query = (head) => head.replace(/^[^?]*\?/, '');

/** `&amp;` and `&#38;`, which editors of pages write for `&`; again, where it went through two. @param {string} text */
function withoutEntities(text) {
  let plain = text;
  for (let k = 0; k < 4; k++) plain = plain.replace(/&amp;|&AMP;|&#38;|&#x26;/g, '&');
  return plain;
}

/** A fragment that was encoded as a whole (`p%3Dzuo-4node%26v%3D1`), as it was before. @param {string} text */
function encodedOnce(text) {
  let plain = text;
  for (let k = 0; k < 3 && !plain.includes('=') && /%(25)?3d/i.test(plain); k++)
    // `+` is no blank at this level: only `%` is read.
    plain = [...new URLSearchParams(plain.replaceAll('+', '%2B')).keys()].join('&');
  return withoutEntities(plain);
}

/** Where the fragment begins, and how long its mark is. @param {string} text @returns {[number, number] | undefined} */
function marked(text) {
  const marks = [text.indexOf('#'), text.indexOf('%23p'), text.indexOf('%23z')];
  const which = marks.findIndex((at) => at >= 0);
  return which < 0 ? undefined : [marks[which] ?? 0, which === 0 ? 1 : 3];
}

/**
 * The fragment of a link's text: what comes after `#` or `%23`, or the query where it names the scenario.
 * @param {string} link
 */
function fragment(link) {
  // Line breaks of mail, with the mark of a quotation, belong to no link.
  const lines = link.replace(/^[\s<"'`]+|[\s<"'`]+$/g, '').split(/[\n\r]/);
  const text = withoutEntities(
    lines
      .map((line) => line.replace(/^[> \t]+/, ''))
      .join('')
      .replaceAll('\t', ''),
  );
  const mark = marked(text);
  let [head, rest] = ['', namesScenario(text) ? text : query(text)];
  // `%23` within a value is a `#` of that value.
  if (mark && (mark[1] === 1 || !namesScenario(query(text.slice(0, mark[0])))))
    [head, rest] = [query(text.slice(0, mark[0])), text.slice(mark[0] + mark[1])];
  if (namesScenario(head)) throw new LinkError('The link names a scenario before and after its `#`. Send one of them.');
  rest = rest.replace(/^[#?/! &]+/, '');
  const second = /#[?/!]*(.*)/s.exec(rest)?.[1];
  if (second !== undefined && namesScenario(second))
    throw new LinkError('There are two links in one. Send one of them.');
  return encodedOnce(rest);
}

/**
 * The last value without the punctuation of the sentence around the link.
 * @param {string} key
 * @param {string} text
 */
function withoutPunctuation(key, text) {
  let value = text.trimEnd();
  const count = (/** @type {string} */ mark) => value.split(mark).length - 1;
  for (let k = 0; k < MOST_MARKS; k++) {
    const last = value.slice(-1);
    const before = value.slice(0, -1);
    const strip =
      (last === ')' && count(')') > count('(')) ||
      (last === ']' && count(']') > count('[')) ||
      (last === '}' && count('}') > count('{')) ||
      (last === '>' && !value.includes('<')) ||
      (/["'`]/.test(last) && count(last) % 2 === 1) ||
      /[,;:”’»\u200b]/.test(last) ||
      // Behind a bracket or quote of the sentence no title ends.
      (/[.!?…]/.test(last) &&
        (!/(^|\.)(title|name|source)$/.test(key) ||
          (before.endsWith(')') && count(')') > count('(')) ||
          /[>"”»]$/.test(before)));
    if (!strip) break;
    value = before.trimEnd();
  }
  return value;
}

/** A key or value without its `%` and `+`. @param {string} raw */
function decoded(raw) {
  const whole = raw.replaceAll('=', '%3D').replaceAll('&', '%26');
  const text = new URLSearchParams(`x=${whole}`).get('x') ?? '';
  if (text.includes('\ufffd') && !/\ufffd|%EF%BF%BD/i.test(raw))
    throw new LinkError(`The link holds bytes that are no text (UTF-8) behind a \`%\`. ${AGAIN}`);
  return text;
}

/**
 * A part of the fragment, or null for the punctuation behind it.
 * @param {string} part
 * @param {boolean} isLast
 * @returns {[string, string] | null}
 */
function pair(part, isLast) {
  const at = part.indexOf('=');
  // `&amp%3B`: the mark was encoded, its end was not seen.
  const key = decoded(at < 0 ? part : part.slice(0, at))
    .trim()
    .replace(/^((amp|#38);\s*)+/, '');
  if (at < 0) {
    if (withoutPunctuation('', key) === '') return null;
    throw new LinkError(`The link holds \`${key}\` without a value; it may have been cut. ${AGAIN}`);
  }
  const all = part.slice(at + 1);
  const raw = isLast ? withoutPunctuation(key, all) : all;
  // Blanks are of the mail it went through; `+` and `/` of another base64.
  if (key === 'z') return [key, decoded(raw.replaceAll('+', '-')).replace(HIDDEN, '').replaceAll('/', '_')];
  return [key, key === 'p' || key === 'v' ? decoded(raw).trim() : decoded(raw)];
}

/**
 * Whether a key is the path of a field.
 * @param {string} key
 */
export function isPath(key) {
  return key === 'title' || /^(case|mechanism|view)\./.test(key);
}

/**
 * What a link names.
 * @param {string} link
 * @returns {{ own: Map<string, string>, changes: [path: string, text: string][] }} own: `p`, `z`, `v`
 */
export function read(link) {
  const parts = fragment(bounded(link))
    .split('&')
    .filter((part) => part.trim() !== '');
  if (parts.length > MOST_KEYS)
    throw new LinkError(
      `The link holds ${parts.length} keys; at most ${MOST_KEYS} are read. Open the scenario from a file instead.`,
    );
  /** @type {Map<string, string>} */
  const seen = new Map();
  for (const [k, part] of parts.entries()) {
    const [key, value] = pair(part, k + 1 === parts.length) ?? ['', ''];
    if (key === '' && value === '') continue;
    if (seen.has(key) && seen.get(key) !== value)
      throw new LinkError(`The link names \`${key}\` twice, with different values. Remove one.`);
    if (!isPath(key) && !/^[pzv]$/.test(key) && !PAGE_KEYS.includes(key))
      throw new LinkError(
        `The link holds \`${key}\`, which is neither a field of a scenario (\`case.…\`, \`mechanism.…\`, \`view.…\`, \`title\`) nor a key of the page. Remove it or correct its name.`,
      );
    seen.set(key, value);
  }
  return { own: seen, changes: [...seen].filter(([key]) => isPath(key)) };
}
