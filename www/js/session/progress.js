// Which lessons were begun and done on this device, and a short code that says so.

/** @typedef {'begun' | 'done'} Stage */

const KEY = 'tandem-progress';
/** Characters of a code: no 0, 1, I or O, which are read as each other. */
const LETTERS = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
const BITS = 5;

/**
 * What was begun and done on this device, by preset.
 * @returns {Map<string, Stage>}
 */
export function progress() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    const stages = Object.entries(kept ?? {}).filter(([, stage]) => stage === 'begun' || stage === 'done');
    return new Map(/** @type {[string, Stage][]} */ (stages));
  } catch {
    // Storage that is forbidden, or holds something else, is no progress.
    return new Map();
  }
}

/**
 * Notes how far a lesson is; what is done stays done.
 * @param {string} preset
 * @param {Stage} stage
 */
export function note(preset, stage) {
  const all = progress();
  const before = all.get(preset);
  if (preset === '' || before === 'done' || before === stage) return;
  try {
    localStorage.setItem(KEY, JSON.stringify(Object.fromEntries(all.set(preset, stage))));
  } catch {
    // Full or forbidden storage takes only this convenience away.
  }
}

const NAME = 'tandem-name';

/** The name that codes were made for last on this device. */
export function keptName() {
  try {
    return localStorage.getItem(NAME) ?? '';
  } catch {
    return '';
  }
}

/** @param {string} name */
export function keepName(name) {
  try {
    if (name.trim() === '') localStorage.removeItem(NAME);
    else localStorage.setItem(NAME, name);
  } catch {
    // As above.
  }
}

/**
 * A code for the lessons of a path that are done: the path, a bit for each lesson, and a check that depends on the
 * name, so that a mistyped or borrowed code is noticed. It proves no exam.
 * @param {string} path one letter
 * @param {boolean[]} done
 * @param {string} name of the student
 */
export function codeOf(path, done, name) {
  let digits = '';
  for (let at = 0; at < done.length; at += BITS) {
    const bits = done.slice(at, at + BITS).reduce((sum, one, k) => sum + (one ? 1 << k : 0), 0);
    digits += LETTERS[bits];
  }
  return `${path}-${digits}-${check(`${path}${digits}${tidy(name)}`)}`;
}

/**
 * What a code says, or why it says nothing.
 * @param {string} code
 * @param {string} name
 * @returns {{ path: string, done: boolean[] } | { message: string }}
 */
export function readCode(code, name) {
  const [path = '', digits = '', sum = '', ...more] = code.trim().toUpperCase().split('-');
  const values = [...digits].map((letter) => LETTERS.indexOf(letter));
  if (more.length > 0 || path.length !== 1 || digits === '' || values.includes(-1))
    return { message: 'This is no code; one looks like A-7K-4Q9.' };
  if (sum !== check(`${path}${digits}${tidy(name)}`))
    return { message: 'The code does not belong to this name, or is mistyped.' };
  const done = values.flatMap((value) => Array.from({ length: BITS }, (_, k) => ((value >> k) & 1) === 1));
  return { path, done };
}

/** @param {string} name */
function tidy(name) {
  return name.normalize('NFKC').trim().toLowerCase().replace(/\s+/g, ' ');
}

/** Three letters of a 32-bit FNV-1a hash. @param {string} text */
function check(text) {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return [0, 5, 10].map((shift) => LETTERS[(hash >>> shift) & 31]).join('');
}
