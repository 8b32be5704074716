// Lessons that are being written, kept in this browser until their writer deletes them.

/**
 * `scenario` as a lesson file names it; `about`: the title of the scenario; `at`: when it was changed last, ms; `words`:
 * what was written.
 * @typedef {{ id: string, at: number, about: string, scenario: unknown, words: any }} Draft
 */

const KEY = 'tandem:lessons';

/** @returns {Draft[]} the newest first */
export function drafts() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    const good = (/** @type {any} */ one) =>
      typeof one?.id === 'string' &&
      typeof one?.at === 'number' &&
      typeof one?.words === 'object' &&
      one.words !== null;
    return Array.isArray(kept) ? kept.filter(good).sort((a, b) => b.at - a.at) : [];
  } catch {
    return [];
  }
}

/**
 * @param {Draft} draft
 * @returns {boolean} whether this browser keeps it
 */
export function keepDraft(draft) {
  return write([draft, ...drafts().filter(({ id }) => id !== draft.id)]);
}

/** @param {string} gone */
export function dropDraft(gone) {
  write(drafts().filter(({ id }) => id !== gone));
}

/** @param {Draft[]} all */
function write(all) {
  try {
    localStorage.setItem(KEY, JSON.stringify(all));
    return true;
  } catch {
    return false;
  }
}
