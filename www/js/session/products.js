// What the parts of a number are products of: the table `parts` of its explanation.

import { itemOf } from './items.js';

/** @import { Explained } from './types.js' */

/**
 * The factors of a part; none where the explanation does not say. Of one line there may be several parts, as it is and
 * after outages: the name of the part ends as the row of its own begins.
 * @param {Pick<Explained, 'tables'>} explained
 * @param {Pick<Explained['parts'][number], 'subject' | 'name'>} part
 * @returns {number[]}
 */
export function factorsOf({ tables }, { subject, name }) {
  const table = tables.find(({ id }) => id === 'parts');
  const item = itemOf(subject);
  const subjects = table?.row_subjects ?? [];
  const rows = (table?.rows ?? []).filter((_, at) => item !== undefined && itemOf(subjects[at]) === item);
  const row = rows.find(([first]) => typeof first === 'string' && name.endsWith(` ${first}`)) ?? rows[0];
  // The last is the part itself.
  return (row ?? []).filter((cell) => typeof cell === 'number').slice(0, -1);
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
