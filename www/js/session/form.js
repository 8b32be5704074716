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

/**
 * The form with the values that its fields were opened with, where those are known.
 * @param {FieldGroup[]} form
 * @param {Map<string, unknown>} opened by their paths
 */
export function markOpened(form, opened) {
  for (const field of allFields(form)) {
    if (opened.has(field.path)) field.initial = opened.get(field.path);
  }
  return form;
}
