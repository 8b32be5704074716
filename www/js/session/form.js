// The form of a scenario as the module describes it.

/** @import { Field, FieldGroup } from './types.js' */

/**
 * The fields of all groups and tables.
 * @param {FieldGroup[]} form
 * @returns {Field[]}
 */
export function allFields(form) {
  return form.flatMap((group) => [
    ...group.fields,
    ...(group.table?.rows ?? []).flatMap((row) => row.cells.filter((cell) => cell != null)),
  ]);
}
