// Which module of the program a page needs first: that of one mechanism is less than half of the whole.

/** The module of everything. */
export const WHOLE = 'tandem';

/** Modules, each with the presets that it solves; the build writes them. @type {Record<string, string[]>} */
const MODULES = {};

/** What the front page and an embedded view without a scenario show. */
const FIRST = 'zuo-4node';

/**
 * The module for what a hash names. What is not known is the whole's to say.
 * @param {string} hash
 * @param {Record<string, string[]>} [modules]
 * @returns {Promise<string>}
 */
export async function moduleFor(hash, modules = MODULES) {
  const fields = new URLSearchParams(hash.slice(1));
  const packed = fields.get('z');
  if (packed !== null) {
    return built(await kindOf(packed).catch(() => ''), modules);
  }
  const preset = fields.get('p') ?? FIRST;
  return Object.keys(modules).find((name) => modules[name]?.includes(preset)) ?? WHOLE;
}

/**
 * A module where the build has it, else the whole.
 * @param {string} name
 * @param {Record<string, string[]>} [modules]
 */
export function built(name, modules = MODULES) {
  return name in modules ? name : WHOLE;
}

/**
 * Whether the build knows a preset.
 * @param {string} preset
 */
export function isKnown(preset) {
  const modules = Object.values(MODULES);
  return modules.length === 0 || modules.some((presets) => presets.includes(preset));
}

/**
 * The mechanism of a packed scenario: base64url of a version, from version 2 on four bytes of a checksum, and the raw
 * deflate of its JSON.
 * @param {string} packed
 */
async function kindOf(packed) {
  const bytes = Uint8Array.from(atob(packed.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
  const data = bytes.subarray(bytes[0] === 1 ? 1 : 5);
  const stream = new Blob([data]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  const { mechanism } = JSON.parse(await new Response(stream).text());
  return String(mechanism.kind);
}

/** Presets that have a lesson. @type {Record<string, boolean>} */
const LESSONS = {};

/**
 * Whether there is a lesson of a preset to ask for.
 * @param {string} preset
 */
export function isTaught(preset) {
  return Object.keys(LESSONS).length === 0 || LESSONS[preset] === true;
}

/** Presets whose answer ships with the page, with the seconds that solving one takes here, about. @type {Record<string, number>} */
const AHEAD = {};

/**
 * The preset of a hash that names one as it is, at whatever point of its lesson, where its answer ships with the page.
 * @param {string} hash
 * @param {Record<string, number>} [ahead]
 * @returns {{ id: string, seconds: number } | null}
 */
export function aheadOf(hash, ahead = AHEAD) {
  const id = /^#p=([\w-]+)(?:&v=1&view\.lesson=[\w-]+)?$/.exec(hash)?.[1] ?? '';
  const seconds = ahead[id];
  return seconds === undefined ? null : { id, seconds };
}
