// What the parts of a number are products of: the table `parts` of its explanation.

import { itemOf } from './items.js';

/** @import { Explained, Subject } from './types.js' */

/**
 * The factors of the part that comes from a subject; none where the explanation does not say.
 * @param {Pick<Explained, 'tables'>} explained
 * @param {Subject | null | undefined} subject
 * @returns {number[]}
 */
export function factorsOf({ tables }, subject) {
  const table = tables.find(({ id }) => id === 'parts');
  const item = itemOf(subject);
  const at = item === undefined ? -1 : (table?.row_subjects ?? []).findIndex((own) => itemOf(own) === item);
  // The last is the part itself.
  return (table?.rows[at] ?? []).filter((cell) => typeof cell === 'number').slice(0, -1);
}

/**
 * The names of the factors.
 * @param {Pick<Explained, 'tables'>} explained
 * @returns {string[]}
 */
export function factorNames({ tables }) {
  const table = tables.find(({ id }) => id === 'parts');
  const numeric = (table?.columns ?? []).filter((_, at) => table?.rows.some((row) => typeof row[at] === 'number'));
  return numeric.slice(0, -1).map(({ name }) => name);
}
