// Scenarios of Tandem as links, without its program: what a link says, a link to what is said, the address of a figure.

import { address } from './address.js';
import { LinkError, MOST_KEYS, bounded, isPath, read } from './text.js';

export { LinkError };

/** @typedef {import('./address.js').EmbedOptions} EmbedOptions */
/** @typedef {import('./address.js').OfferedInput} OfferedInput */
/**
 * A JSON value.
 * @typedef {string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json }} Json
 */
/**
 * A changed field of a preset, in the units of the document.
 * @typedef {{ path: string, value: Json }} Change
 */
/**
 * A scenario as its document, the JSON that Tandem saves.
 * @typedef {{ version: number, title: string, preset: string, case: object, mechanism: object, view: object, lesson?: object }} ScenarioDocument
 */
/**
 * What a link says: a preset with changed fields, or a whole document.
 * @typedef {{ preset: string, changes: Change[], document?: undefined } | { document: ScenarioDocument, preset?: undefined, changes?: undefined }} Decoded
 */

/** Of documents and of the fields in a link. */
const SCENARIO_VERSION = 1;
/** The first byte of a packed document; 1 had no checksum. */
const [PLAIN_VERSION, LINK_VERSION] = [1, 2];
/** Most text of a document, bytes. */
const MOST_TEXT = 32 << 20;
const CUT = 'It was probably cut or changed when it was copied. Ask for it again, or start from a preset.';

/**
 * What a link says, whole or its fragment, with or without `#`. Options of an embedded figure in it are no part of it.
 * @param {string | URL} link
 * @returns {Promise<Decoded>}
 */
export async function decode(link) {
  const { own, changes } = read(String(link));
  const [preset, packed, version] = ['p', 'z', 'v'].map((key) => own.get(key));
  if (
    version !== undefined &&
    !(/^\+?\d+$/.test(version) && Number(version) >= 1 && Number(version) <= SCENARIO_VERSION)
  )
    throw new LinkError(
      `The link was made by a newer Tandem (version ${version}; this one reads up to ${SCENARIO_VERSION}). Open it with a newer page, or start from a preset.`,
      'newer',
    );
  if (packed !== undefined && preset !== undefined)
    throw new LinkError(
      `The link holds a whole scenario (\`z=\`) and names the preset ${preset} (\`p=\`). Remove one.`,
    );
  if (preset !== undefined)
    return { preset, changes: changes.map(([path, text]) => ({ path, value: valueIn(path, text) })) };
  if (packed === undefined)
    throw new LinkError(
      'The link names no scenario (`p=` or `z=`); it may have been cut. Ask for it again, or start from a preset.',
    );
  const [change] = changes;
  if (change)
    throw new LinkError(
      `The link holds a whole scenario (\`z=\`) and a change of \`${change[0]}\`, which only a preset (\`p=\`) takes. Remove the change, and make it on the page.`,
    );
  return { document: documentOf(await unpack(packed)) };
}

/**
 * The fragment of a link, without `#`, to a preset with changed fields or to a document.
 * @param {{ preset: string, changes?: readonly Change[] } | ScenarioDocument} scenario
 * @returns {Promise<string>}
 */
export async function encode(scenario) {
  if (isPreset(scenario)) return short(scenario);
  const json = jsonOf(scenario) ?? '';
  const packed = await through(new TextEncoder().encode(json), new CompressionStream('deflate-raw'), Infinity);
  const bytes = new Uint8Array(5 + packed.length);
  bytes[0] = LINK_VERSION;
  new DataView(bytes.buffer).setUint32(1, checksum(packed));
  bytes.set(packed, 5);
  return bounded(`z=${base64(bytes)}`);
}

/**
 * The address of a frame that shows a scenario; unknown options and values are refused.
 * @param {string | URL} page where Tandem is served, absolute
 * @param {string | { preset: string, changes?: readonly Change[] }} scenario a link or its fragment, or a preset
 * @param {EmbedOptions} [options]
 */
export function embedUrl(page, scenario, options = {}) {
  const fragment = typeof scenario === 'string' ? scenario.replace(/^[^#]*#/, '') : short(scenario);
  const { own } = read(fragment);
  if (!own.has('p') && !own.has('z')) throw new LinkError('The link names no scenario (`p=` or `z=`).');
  return address(page, fragment, options);
}

/** @param {object} scenario @returns {scenario is { preset: string, changes?: readonly Change[] }} */
function isPreset(scenario) {
  return Object.keys(scenario).every((key) => key === 'preset' || key === 'changes');
}

/** @param {{ preset: string, changes?: readonly Change[] }} scenario */
function short({ preset, changes = [] }) {
  if (typeof preset !== 'string' || preset.trim() !== preset || preset === '')
    throw new LinkError('A preset is named by its id.');
  const query = new URLSearchParams({ p: preset });
  if (changes.length > 0) query.set('v', String(SCENARIO_VERSION));
  for (const { path, value } of changes) {
    if (!isPath(path))
      throw new LinkError(
        `\`${path}\` is no field of a scenario (\`case.…\`, \`mechanism.…\`, \`view.…\`, \`title\`).`,
      );
    if (query.has(path)) throw new LinkError(`\`${path}\` is changed twice. Remove one.`);
    const json = jsonOf(value);
    if (json === undefined) throw new LinkError(`\`${path}\` has no value.`);
    // A text is written bare unless that would read back as something else.
    query.set(path, typeof value === 'string' && valueIn(path, value) === value ? value : json);
  }
  if ([...query].length > MOST_KEYS) throw new LinkError('So many changes go with the whole document.');
  return bounded(String(query));
}

/**
 * A value as it stands in a link: JSON, or a text. Where a text belongs, a number is one.
 * @param {string} path
 * @param {string} text
 * @returns {Json}
 */
function valueIn(path, text) {
  try {
    const value = JSON.parse(text);
    const isText = typeof value !== 'object' && /(^|\.)(title|name|source)$/.test(path) && typeof value !== 'string';
    return isText || (typeof value === 'number' && !Number.isFinite(value)) ? text : value;
  } catch {
    return text;
  }
}

/** JSON text; refused are numbers that JSON has not and would write as nothing. @param {unknown} value */
function jsonOf(value) {
  try {
    return JSON.stringify(value, (key, one) => {
      if (typeof one !== 'number' || Number.isFinite(one)) return one;
      throw new LinkError(`\`${key}\` is ${one}, which is no number.`);
    });
  } catch (fault) {
    throw fault instanceof LinkError
      ? fault
      : new LinkError(`This is no JSON: ${/** @type {Error} */ (fault).message}.`);
  }
}

/** @param {string} text @returns {ScenarioDocument} */
function documentOf(text) {
  /** @type {any} */
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    throw new LinkError(`The link does not hold a scenario. ${CUT}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new LinkError(`The link does not hold a scenario. ${CUT}`);
  if (value.version > SCENARIO_VERSION)
    throw new LinkError(
      `Version ${value.version} was made by a newer Tandem; this one reads up to version ${SCENARIO_VERSION}. Open it with the newer page, or start from a preset.`,
      'newer',
    );
  return value;
}

/** @param {string} packed */
async function unpack(packed) {
  const text = packed.replace(/=+$/, '');
  /** @type {Uint8Array<ArrayBuffer>} */
  let bytes;
  try {
    bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (sign) => sign.charCodeAt(0));
  } catch {
    bytes = new Uint8Array();
  }
  // What another program would read as other bytes is refused.
  if (base64(bytes) !== text) throw new LinkError(`The link holds characters that do not belong to it. ${CUT}`);
  const [version] = bytes;
  if (version === undefined) throw new LinkError(`The link is empty. ${CUT}`);
  if (version === 0) throw new LinkError(`The link is not one of Tandem's. ${CUT}`);
  if (version > LINK_VERSION)
    throw new LinkError(
      `The link was made by a newer Tandem (version ${version}; this one reads up to ${LINK_VERSION}), or it is damaged. Open it with a newer page, or start from a preset.`,
      'newer',
    );
  const data = bytes.subarray(version === PLAIN_VERSION ? 1 : 5);
  if (version === LINK_VERSION && (bytes.length < 5 || new DataView(bytes.buffer).getUint32(1) !== checksum(data)))
    throw new LinkError(`The link is damaged: its checksum does not fit. ${CUT}`);
  const json = await through(data, new DecompressionStream('deflate-raw'), MOST_TEXT).catch(() => {
    throw new LinkError(`The link does not unpack. ${CUT}`);
  });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(json);
  } catch {
    throw new LinkError(`The link does not hold text. ${CUT}`);
  }
}

/**
 * Bytes through a stream. Bounded, so that a short link cannot unpack into more than a scenario may hold.
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {CompressionStream | DecompressionStream} stream
 * @param {number} most
 */
async function through(bytes, stream, most) {
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const parts = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > most) {
      await reader.cancel();
      throw new LinkError(`The scenario is larger than ${most >> 20} MB.`);
    }
    parts.push(value);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/** URL-safe, without padding. @param {Uint8Array} bytes */
function base64(bytes) {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** CRC-32 (IEEE 802.3, as in zip and PNG). @param {Uint8Array} bytes */
function checksum(bytes) {
  let sum = ~0;
  for (const byte of bytes) {
    sum ^= byte;
    for (let k = 0; k < 8; k++) sum = (sum >>> 1) ^ (0xedb88320 & -(sum & 1));
  }
  return ~sum >>> 0;
}
