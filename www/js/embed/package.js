// A lesson as a package for learning platforms (SCORM 1.2): the files of the zip. `tandem scorm` makes the same of the same
// templates, which lie in `www/scorm/`.

import { aheadOf, moduleFor, WHOLE } from '../session/modules.js';
import { Stopped } from '../session/problem.js';
import { crc32, zipped } from '../ui/zipped.js';

/** @import { NamedFile } from '../ui/folder.js' */

/**
 * `hash`: of the scenario, with `#`; `mastery`: the score to pass, 0 to 100; `page`: the
 * address of a hosted Tandem, or null where the program goes into the package.
 * @typedef {{ title: string, hash: string, views: string[], inputs: string[], lang: string, mastery: number, page: string | null }} Course
 */

/** The folder of the program in a package. */
const FOLDER = 'tandem/';
// Bundled, this code lies in another folder of the same depth.
const SITE = new URL('../../', import.meta.url);
/** Files that are asked for at once. */
const SIDE_BY_SIDE = 8;

/** Text in XML, without the signs that XML has no place for. @param {string} text */
const escaped = (text) =>
  text
    .replace(/\p{Cc}/gu, ' ')
    .replace(/[\ufffe\uffff]/g, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

/**
 * A template with its places filled.
 * @param {string} template
 * @param {Record<string, string>} values as the file has them
 */
const filled = (template, values) => template.replace(/\{\{(\w+)\}\}/g, (_, name) => values[name] ?? '');

/** @param {string} part of the query */
const spelled = (part) =>
  encodeURIComponent(part)
    .replace(/[!~'()]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%2C', ',')
    .replaceAll('%3A', ':');

/**
 * The address of the frame, from the package's own page.
 * @param {Course} course
 */
export function addressOf({ page, hash, views, inputs, lang }) {
  const offered = inputs.length === 0 ? '' : `&inputs=${spelled(inputs.join(','))}`;
  return `${page ?? `${FOLDER}index.html`}?embed=1&view=${spelled(views.join(','))}${offered}&lang=${lang}${hash}`;
}

/**
 * @param {Course} course
 * @param {(done: number, count: number) => void} [progress]
 * @returns {Promise<Blob>} the zip
 */
export async function packageOf(course, progress = () => {}) {
  const { title, page, mastery } = course;
  const read = async (/** @type {string} */ name) => new TextDecoder().decode(await load(`scorm/${name}`));
  const [manifest, sco, script, sheet] = await Promise.all(
    ['imsmanifest.xml', 'sco.html', 'scorm.js', 'scorm.css'].map(read),
  );
  const frame = addressOf(course);
  const shared = { title: escaped(title), mastery: String(mastery) };
  const frames = page === null ? "'self'" : new URL(page).origin;
  /** @type {NamedFile[]} */
  const files = [
    file('index.html', filled(sco ?? '', { ...shared, frame: escaped(frame), frames })),
    file('scorm.js', script ?? ''),
    file('scorm.css', sheet ?? ''),
    ...(page === null ? await program(course, progress) : []),
  ];
  // The same lesson, made again, takes the place of the first.
  const id = `tandem-${crc32(new TextEncoder().encode(frame)).toString(16).padStart(8, '0')}`;
  const list = files.map(({ name }) => `      <file href="${escaped(name)}"/>`).join('\n');
  files.unshift(file('imsmanifest.xml', filled(manifest ?? '', { ...shared, id, files: list })));
  return zipped(files);
}

/** @param {string} name @param {string} text @returns {NamedFile} */
const file = (name, text) => ({ name, bytes: new TextEncoder().encode(text) });

/**
 * A file of the page.
 * @param {string} name
 * @param {string} [integrity] its digest
 */
async function load(name, integrity) {
  // The front page is listed as the folder it lies in.
  const address = new URL(name === 'index.html' ? './' : name, SITE);
  const response = await fetch(address, { credentials: 'same-origin', ...(integrity ? { integrity } : {}) }).catch(
    () => null,
  );
  if (!response?.ok)
    throw new Stopped(
      'A file of the package did not load. Check the connection; if the page is open for long, reload it.',
    );
  return new Uint8Array(await response.arrayBuffer());
}

/**
 * The program, as far as lessons need it, with the modules and the answer of this one.
 * @param {Course} course
 * @param {(done: number, count: number) => void} progress
 * @returns {Promise<NamedFile[]>}
 */
async function program({ hash }, progress) {
  const text = async (/** @type {string} */ name) => new TextDecoder().decode(await load(name));
  // The list of the page's files is written by its build.
  const [list, worker, front, module] = await Promise.all([
    ...['scorm/files.json', 'sw.js', 'index.html'].map(text),
    moduleFor(hash),
  ]);
  /** @type {string[]} */
  const takes = JSON.parse(list ?? '');
  const taken = (/** @type {string} */ name) =>
    takes.some((one) => name === one || (one.endsWith('/') && name.startsWith(one))) ||
    // Pictures that stand in the front page itself.
    (name.startsWith('pictures/') && front?.includes(`"${name}"`));
  /** @type {{ name: string, digest?: string | undefined }[]} */
  const wanted = [...(worker ?? '').matchAll(/^ +\['([^']+)', '(sha256-[^']+)'\]/gm)]
    .map(([, name = '', digest]) => ({ name: name === './' ? 'index.html' : name, digest }))
    .filter(({ name }) => taken(name));
  if (wanted.length === 0) throw new Stopped('This page was not built, so that there is no program to pack.');
  if (module !== undefined && module !== WHOLE) wanted.push({ name: `pkg/${module}_bg.wasm` });
  const ahead = aheadOf(hash);
  if (ahead !== null) wanted.push({ name: `ahead/${ahead.id}.json` });

  /** @type {NamedFile[]} */
  const files = [];
  for (let at = 0; at < wanted.length; at += SIDE_BY_SIDE) {
    const some = wanted.slice(at, at + SIDE_BY_SIDE);
    const bytes = await Promise.all(some.map(({ name, digest }) => load(name, digest)));
    files.push(...some.map(({ name }, k) => ({ name: `${FOLDER}${name}`, bytes: bytes[k] ?? new Uint8Array() })));
    progress(files.length, wanted.length);
  }
  return files;
}
