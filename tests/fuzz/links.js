// Mutants of links. Every mutant says what may become of it: `same` opens as the scenario it was made from, `own` is
// refused or opens as that scenario, never as another; `any` is only to be read or refused.

import { deflateRawSync } from 'node:zlib';

import { FACTORS, NUMBERS, TEXTS } from './random.js';
import { get, mutant as scenarioMutant, nodes, path, somewhere } from './scenarios.js';

/** @typedef {import('./random.js').Random} Random */
/** @typedef {{ what: string, text: string, may: 'same' | 'own' | 'any', of?: string }} Link */

/** The form of 0.1.0, without a checksum. @param {string | Buffer} text */
export function pack(text, version = 1) {
  return `z=${Buffer.concat([Buffer.from([version]), deflateRawSync(Buffer.from(text), { level: 9 })]).toString('base64url')}`;
}

/** What mail, chats and editors do to a link without harm. @param {string} link @param {Random} rng */
function handedOn(link, rng) {
  const at = 3 + rng.below(link.length - 3);
  const wrapped = (/** @type {string} */ mark) => link.slice(0, at) + mark + link.slice(at);
  return rng.pick([
    () => `#${link}`,
    () => `https://example.org/tandem/#${link}`,
    () => `https://example.org/tandem/%23${link}`,
    () => `https://example.org/tandem/?${link}`,
    () => `  <https://example.org/#${link}>. `,
    () => `"https://example.org/#${link}",`,
    () => `#?${link}`,
    () => `#${encodeURIComponent(link)}`,
    () => `#${link.replaceAll('&', '&amp;')}`,
    () => `#${link.replaceAll('&', '&amp;amp;')}`,
    () => `#${link.replaceAll('&', '&amp%3B')}`,
    () => `#${link}&view=network&t=3`,
    () => `#${link}${rng.pick([')', ',', '>', '"', ').', '",', ';', '»', '\n'])}`,
    () => `#${wrapped('\n')}`,
    () => `#${wrapped('\r\n> ')}`,
    () => (link.startsWith('z=') ? `#${wrapped(rng.pick([' ', '%20', '%0D%0A', '\t']))}` : `#${link}`),
    () => (link.startsWith('z=') ? `#${link}${rng.pick(['=', '%3D', '=='])}` : `#${link}`),
    () => (link.startsWith('z=') ? `#z=${link.slice(2).replaceAll('-', '+').replaceAll('_', '/')}` : `#${link}`),
  ])();
}

/** A changed preset in the short form. @param {Random} rng @param {Map<string, any>} corpus */
function short(rng, corpus) {
  const name = rng.pick([...corpus.keys()]);
  const root = corpus.get(name);
  const parts = [
    `p=${rng.chance(0.95) ? name : rng.pick(['', 'nowhere', '__proto__', '<b>', name.toUpperCase(), `${name}%00`])}`,
  ];
  if (rng.chance(0.7)) parts.push(`v=${rng.chance(0.9) ? 1 : rng.pick(['0', '2', '-1', 'x', '', '9'.repeat(20)])}`);
  for (let k = rng.below(5); k >= 0; k -= 1) {
    const at = somewhere(root, rng) ?? ['title'];
    const words = path(root, at);
    if (rng.chance(0.1)) words[rng.below(words.length)] = rng.pick(['', 'x', '__proto__', '0', '-1', 'constructor']);
    const old = get(root, at);
    const value =
      typeof old === 'number' && rng.chance(0.6)
        ? String(old * rng.pick(FACTORS))
        : rng.pick(rng.chance(0.5) ? NUMBERS : TEXTS);
    parts.push(`${words.map(encodeURIComponent).join('.')}=${rng.chance(0.9) ? encodeURIComponent(value) : value}`);
  }
  if (rng.chance(0.2))
    parts.push(
      rng.pick([
        'title=%F0%9F%98%80',
        'title=%ff%fe',
        'z=',
        'z=AQ',
        't=1e999',
        '&&&',
        '=',
        '%',
        '%zz',
        'p=triangle',
        'x=y',
        'title=%E2%80%AE',
        '&'.repeat(100_000),
        'a=b&'.repeat(50_000),
        ')'.repeat(100_000),
      ]),
    );
  return `#${parts.join('&')}`;
}

/** Ids and titles that act where they are not escaped. @param {Random} rng @param {Map<string, any>} corpus */
function hostile(rng, corpus) {
  const root = structuredClone(corpus.get(rng.pick([...corpus.keys()])));
  let text = JSON.stringify(root);
  const ids = nodes(root).filter((at) => at.at(-1) === 'id');
  for (let k = rng.below(3); k >= 0 && ids.length > 0; k -= 1) {
    text = text.replaceAll(
      JSON.stringify(get(root, rng.pick(ids))),
      JSON.stringify(rng.pick(TEXTS.filter((one) => !/[.=&#]/.test(one) || rng.chance(0.3)))),
    );
  }
  const edited = JSON.parse(text);
  if (rng.chance(0.7)) edited.title = rng.pick(TEXTS);
  if (rng.chance(0.5)) edited.case.name = rng.pick(TEXTS);
  if (rng.chance(0.2)) edited.preset = rng.pick([...TEXTS, ...corpus.keys()]);
  return `#${pack(JSON.stringify(edited))}`;
}

const ODD = [
  '#',
  '##',
  '#file',
  '#p',
  '#p=',
  '#z',
  '#z=',
  '#/',
  'p=triangle#p=zuo-4node',
  '\u0001',
  '%',
  'mpc.bus = [\n',
  '{',
  '{}',
  '[]',
  'null',
  '{"buses":[]}',
  '{"buses":0}',
  '{"version":1e999}',
];

/**
 * @param {Random} rng @param {Map<string, any>} corpus @param {{ text: string, of: string }[]} sound links the program made
 * @returns {Link}
 */
export function linkMutant(rng, corpus, sound) {
  const way = rng.next();
  if (way < 0.25) {
    const { text, of } = rng.pick(sound);
    return { what: 'handed on', text: handedOn(text, rng), may: 'same', of };
  }
  if (way < 0.4) {
    const whole = sound.filter(({ text }) => text.startsWith('z='));
    const { text, of } = rng.pick(whole);
    const at = 2 + rng.below(text.length - 2);
    const changed = rng.pick([
      () => text.slice(0, at),
      () => text.slice(0, at) + rng.pick([...'!% AQgw-_é+']) + text.slice(at + 1),
      () => text.slice(0, at) + text.slice(at + 1),
      () => text + text.slice(at),
    ])();
    return { what: 'damaged', text: `#${changed}`, may: 'own', of };
  }
  if (way < 0.6) return { what: 'short', text: short(rng, corpus), may: 'any' };
  if (way < 0.75) return { what: 'hostile texts', text: hostile(rng, corpus), may: 'any' };
  if (way < 0.9) return { what: 'scenario', text: `#${pack(scenarioMutant(rng, corpus).text)}`, may: 'any' };
  return {
    what: 'odd',
    may: 'any',
    text: rng.pick([
      () => rng.pick(ODD),
      () => `#${pack('x', rng.pick([0, 2, 3, 255]))}`,
      () => `#${pack(Buffer.alloc(64 << 20, 32))}`,
      () => `#z=${'A'.repeat(rng.pick([1, 2, 3, 4, 5, 1000, (1 << 20) + 10]))}`,
      () => `#z=${Buffer.from(Array.from({ length: rng.below(3000) }, () => rng.below(256))).toString('base64url')}`,
      () => `#${pack('['.repeat(100_000))}`,
    ])(),
  };
}
