// Bids as short signed codes, and the link of a seat: a keyed hash over room, seat, round and bid, whose key stands in the
// seat's link and is derived from a secret that only the room's page keeps. No server is asked.

/** Letters of a code: no 0, 1, I or O, which are read as each other. */
const LETTERS = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
/** What stands before every code. */
const MARK = 'TB';
/** Letters of each part, in order; together three groups of seven. */
const PARTS = /** @type {const} */ ({ room: 2, seat: 2, round: 1, price: 4, quantity: 4 });
const SIGNED = 8;
const GROUP = 7;
const LENGTH = 13 + SIGNED;
/** Bytes of a secret and of the key of a seat. */
const KEY_BYTES = 16;

/** A bid: `price` in cents per MWh, `quantity` in hundredths of a MW, `seat` and `round` from 1. @typedef {{ room: string, seat: number, round: number, price: number, quantity: number }} Bid */

/** The largest price and quantity that a code holds, in its own units. */
export const MOST = 32 ** 4 - 1;
export const MOST_ROUNDS = 31;
export const MOST_SEATS = 200;

/** Whether this page may sign: browsers give the means to pages by https and of this machine alone. */
export function canSign() {
  return globalThis.crypto?.subtle !== undefined;
}

/** @param {number} value @param {number} length */
function digits(value, length) {
  let text = '';
  for (let k = length - 1; k >= 0; k -= 1) text += LETTERS[Math.floor(value / 32 ** k) % 32];
  return text;
}

/** @param {string} text */
function numberOf(text) {
  return [...text].reduce((sum, letter) => sum * 32 + LETTERS.indexOf(letter), 0);
}

/** @param {Uint8Array} bytes */
export function base64url(bytes) {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

/** @param {string} text */
export function bytesOf(text) {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (sign) => sign.charCodeAt(0));
}

/** A secret for a new room. */
export function newSecret() {
  return base64url(crypto.getRandomValues(new Uint8Array(KEY_BYTES)));
}

/** A name for a new room: two letters, so that a code of another room is told apart. */
export function newRoom() {
  const [a = 0, b = 0] = crypto.getRandomValues(new Uint8Array(2));
  return digits((a % 32) * 32 + (b % 32), PARTS.room);
}

/**
 * @param {string} key base64url
 * @param {string} text
 */
async function hmac(key, text) {
  const made = await crypto.subtle.importKey('raw', bytesOf(key), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return new Uint8Array(await crypto.subtle.sign('HMAC', made, new TextEncoder().encode(text)));
}

/**
 * The key of a seat, which its link holds.
 * @param {string} secret of the room
 * @param {string} room
 * @param {number} seat
 */
export async function seatKey(secret, room, seat) {
  return base64url((await hmac(secret, `tandem seat 1|${room}|${seat}`)).subarray(0, KEY_BYTES));
}

/**
 * The first 40 bits of the keyed hash.
 * @param {string} key of the seat
 * @param {Bid} bid
 */
async function signature(key, { room, seat, round, price, quantity }) {
  const bytes = await hmac(key, `tandem bid 1|${room}|${seat}|${round}|${price}|${quantity}`);
  return digits(
    bytes.subarray(0, 5).reduce((sum, byte) => sum * 256 + byte, 0),
    SIGNED,
  );
}

/**
 * @param {string} key of the seat
 * @param {Bid} bid
 */
export async function codeOf(key, bid) {
  const body =
    bid.room +
    digits(bid.seat, PARTS.seat) +
    digits(bid.round, PARTS.round) +
    digits(bid.price, PARTS.price) +
    digits(bid.quantity, PARTS.quantity);
  const all = body + (await signature(key, bid));
  return [MARK, ...[0, 1, 2].map((k) => all.slice(k * GROUP, (k + 1) * GROUP))].join('-');
}

/** What chat programs put between groups: any dash, blanks, marks of bold text, signs without width. */
const BETWEEN = '[\\s\\p{Pd}\\u2212_*\\u00ad\\u200b\\u2060]{1,4}';
const SEVEN = `([A-Z0-9]{${GROUP}})`;
/** A code, or what is left of one. */
const FOUND = new RegExp(
  `(?<![A-Z0-9])${MARK}(?:${BETWEEN}${SEVEN}${BETWEEN}${SEVEN}${BETWEEN}${SEVEN}(?![A-Z0-9])|[\\p{Pd}\\u2212]([A-Z0-9][A-Z0-9\\p{Pd}]{4,40}))`,
  'giu',
);

/**
 * The codes of a text, however they were pasted: 21 letters and digits each, or what is left of one.
 * @param {string} text
 * @returns {string[]}
 */
export function codesIn(text) {
  return [...text.matchAll(FOUND)].map(lettersOf);
}

/** @param {RegExpExecArray} match */
function lettersOf([, ...groups]) {
  return groups
    .join('')
    .replaceAll(/[^A-Za-z0-9]/g, '')
    .toUpperCase();
}

/** What a mail client puts into a code where it breaks a line, marks of quoted text and of quoted-printable among it. */
const BROKEN = '[\\s\\p{Pd}\\u2212_*\\u00ad\\u200b\\u2060>|=]{0,8}';
const PIECES = new RegExp(`(?<![A-Z0-9])${[...MARK].join(BROKEN)}((?:${BROKEN}[A-Z0-9]){${LENGTH}})`, 'giuy');

/**
 * The codes of a text, in order, and what may be one that was broken: 21 letters and digits with anything between them that a
 * mail client puts there. Only its signature tells whether it is one.
 * @param {string} text
 * @returns {{ code: string, joined: string }[]} `code` as `codesIn` finds it, or nothing; `joined` or nothing
 */
export function piecesIn(text) {
  const found = new Map([...text.matchAll(FOUND)].map((match) => [match.index, lettersOf(match)]));
  const starts = [...text.matchAll(/(?<![A-Z0-9])T/giu)].map(({ index }) => index);
  return starts.flatMap((index) => {
    const code = found.get(index) ?? '';
    PIECES.lastIndex = index;
    const match = code.length === LENGTH ? null : PIECES.exec(text);
    const joined = match === null ? '' : lettersOf(match);
    return code === '' && joined === '' ? [] : [{ code, joined }];
  });
}

/**
 * As it is written.
 * @param {string} code its letters
 */
export function spelled(code) {
  return [MARK, ...(code.match(new RegExp(`.{1,${GROUP}}`, 'g')) ?? [])].join('-');
}

/**
 * What a code says, before its signature is looked at.
 * @param {string} code its letters
 * @returns {{ bid: Bid | null, room: string, seat: number, signed: string }} `bid` is null where letters are missing or are none
 */
export function spell(code) {
  const good = (/** @type {string} */ text) => [...text].every((letter) => LETTERS.includes(letter));
  let at = 0;
  /** @type {Record<string, string>} */
  const part = {};
  for (const [name, length] of Object.entries(PARTS)) {
    part[name] = code.slice(at, at + length);
    at += length;
  }
  const { room = '', seat = '', round = '', price = '', quantity = '' } = part;
  const owner = seat.length === PARTS.seat && good(seat) ? numberOf(seat) : 0;
  if (code.length !== LENGTH || !good(code)) return { bid: null, room, seat: owner, signed: '' };
  const bid = { room, seat: owner, round: numberOf(round), price: numberOf(price), quantity: numberOf(quantity) };
  return { bid, room, seat: owner, signed: code.slice(at) };
}

/**
 * Whether a bid was signed with a key.
 * @param {string} key
 * @param {Bid} bid
 * @param {string} signed
 */
export async function isSigned(key, bid, signed) {
  return (await signature(key, bid)) === signed;
}

/**
 * What a seat knows: its own data and what all are told. Costs in $/MWh, quantities in MW.
 * @typedef {{ id: string, bus: string, count: number, low: number, high: number, least: number, most: number }} Kind units of
 *   one kind at one bus: how many, the range of their costs, the range of their capacities
 * @typedef {{ rule: import('./rules.js').Rule, load: number }} Told what a round is about
 * @typedef {{
 *   room: string, title: string, seat: number, name: string, key: string, kind: string, cost: number, capacity: number,
 *   cap: number, grid: string, preset: string, rounds: Told[], kinds: Kind[]
 * }} SeatCard
 */

/** @param {SeatCard} card the part of a link behind `#seat=` */
export function cardText(card) {
  const { room, title, seat, name, key, kind, cost, capacity, cap, grid, preset, rounds, kinds } = card;
  const list = [
    ...[1, room, title, seat, name, key, kind, cost, capacity, cap, grid, preset],
    rounds.map(({ rule, load }) => [rule, load]),
    kinds.map(({ id, bus, count, low, high, least, most }) => [id, bus, count, low, high, least, most]),
  ];
  return base64url(new TextEncoder().encode(JSON.stringify(list)));
}

/**
 * @param {string} text
 * @returns {SeatCard | null} null where it is none, or cut off
 */
export function readCard(text) {
  try {
    const list = JSON.parse(new TextDecoder().decode(bytesOf(text.replaceAll(/[^\w-]/g, ''))));
    const [version, room, title, seat, name, key, kind, cost, capacity, cap, grid, preset, rounds, kinds] = list;
    const numbers = [seat, cost, capacity, cap].every((one) => Number.isFinite(one));
    const texts = [room, title, name, key, kind, grid, preset].every((one) => typeof one === 'string');
    if (version !== 1 || !numbers || !texts || bytesOf(key).length !== KEY_BYTES || rounds.length === 0) return null;
    return {
      ...{ room, title, seat, name, key, kind, cost, capacity, cap, grid, preset },
      rounds: rounds.map((/** @type {any} */ [rule, load]) => ({ rule, load })),
      kinds: kinds.map((/** @type {any} */ [id, bus, count, low, high, least, most]) => ({
        ...{ id, bus, count, low, high, least, most },
      })),
    };
  } catch {
    return null;
  }
}
