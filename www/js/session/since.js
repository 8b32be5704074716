// What the program leaves out of an answer because it was in the one before: tables, marks of charts and rows of the form, which
// are compared there more quickly than they could be handed over.

/** @import { Field, FieldGroup, Report } from './types.js' */

/**
 * A report with what was left out.
 * @param {any} told as `Sheet.packed_since` tells it: null stands for what is that of the report before
 * @param {Report} before
 * @returns {Report}
 */
export function reportSince(told, before) {
  told.tables = told.tables.map((/** @type {unknown} */ table, /** @type {number} */ k) => table ?? before.tables[k]);
  told.charts.forEach((/** @type {{ marks: unknown }} */ chart, /** @type {number} */ k) => {
    chart.marks ??= before.charts[k]?.marks;
  });
  if (told.parties === null) told.parties = before.parties;
  if (told.explains_parties === null) told.explains_parties = before.explains_parties;
  return told;
}

/**
 * A form with the rows and choices that were left out.
 * @param {FieldGroup[]} told as `Session.form_changes` tells it
 * @param {FieldGroup[]} before
 * @returns {FieldGroup[] | null} null where it was told of another form
 */
export function formSince(told, before) {
  const groups = told.map((group) => {
    const old = before.find(({ title }) => title === group.title);
    const fields = group.fields.map((field) => withOptions(field, old));
    const { table } = group;
    if (table?.places == null) return fields.includes(null) ? null : { ...group, fields };
    if (old?.table == null || fields.includes(null)) return null;
    const rows = [...old.table.rows];
    table.rows.forEach((row, k) => {
      rows[table.places?.[k] ?? rows.length] = row;
    });
    return { ...group, fields, table: { columns: table.columns, rows } };
  });
  return groups.includes(null) ? null : /** @type {FieldGroup[]} */ (groups);
}

/**
 * @param {Field} field
 * @param {FieldGroup | undefined} old
 * @returns {Field | null}
 */
function withOptions(field, old) {
  if (field.options_known !== true) return field;
  const known = old?.fields.find(({ path }) => path === field.path);
  if (known === undefined) return null;
  const { options_known: _, ...rest } = field;
  return { ...rest, options: known.options };
}
