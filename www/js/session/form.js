// The form of a scenario as the module describes it.

/** @import { Field, FieldGroup } from './types.js' */

/** What was found of groups and forms, for as long as they are used. @type {WeakMap<FieldGroup, Field[]>} */
const ofGroups = new WeakMap();
/** @type {WeakMap<FieldGroup[], Field[]>} */
const ofForms = new WeakMap();
/** @type {WeakMap<FieldGroup[], Map<string, Field[]>>} */
const byPaths = new WeakMap();

/**
 * The fields of a group and its table.
 * @param {FieldGroup} group
 * @returns {Field[]}
 */
export function fieldsOf(group) {
  const known = ofGroups.get(group);
  if (known !== undefined) return known;
  const fields = [...group.fields];
  for (const { cells } of group.table?.rows ?? []) for (const cell of cells) if (cell != null) fields.push(cell);
  ofGroups.set(group, fields);
  return fields;
}

/**
 * The fields of all groups and tables.
 * @param {FieldGroup[]} form
 * @returns {Field[]}
 */
export function allFields(form) {
  const known = ofForms.get(form);
  if (known !== undefined) return known;
  const fields = form.flatMap(fieldsOf);
  ofForms.set(form, fields);
  return fields;
}

/**
 * The fields of a path: one may stand in several groups.
 * @param {FieldGroup[]} form
 * @param {string} path
 * @returns {Field[]}
 */
export function fieldsAt(form, path) {
  let places = byPaths.get(form);
  if (places === undefined) {
    places = new Map();
    for (const field of allFields(form)) {
      const here = places.get(field.path);
      if (here === undefined) places.set(field.path, [field]);
      else here.push(field);
    }
    byPaths.set(form, places);
  }
  return places.get(path) ?? [];
}

/**
 * The field of a path, the one with the slider where it stands in several places.
 * @param {FieldGroup[]} form
 * @param {string} path
 */
export function fieldOf(form, path) {
  const here = fieldsAt(form, path);
  return here.find(({ slider }) => slider) ?? here[0];
}

/**
 * Whether two forms ask for the same: their controls are the same, only values differ.
 * @param {FieldGroup[]} one
 * @param {FieldGroup[]} other
 */
export function isSameForm(one, other) {
  return one.length === other.length && one.every((group, k) => isSameGroup(group, other[k]));
}

/**
 * @param {FieldGroup} one
 * @param {FieldGroup | undefined} other
 */
function isSameGroup(one, other) {
  if (one === other) return true;
  if (other === undefined || one.title !== other.title || one.note !== other.note) return false;
  if (one.fields.length !== other.fields.length) return false;
  if (!one.fields.every((field, k) => isSameField(field, other.fields[k]))) return false;
  const [mine, its] = [one.table ?? null, other.table ?? null];
  if (mine === its) return true;
  if (mine === null || its === null || mine.rows.length !== its.rows.length) return false;
  if (mine.columns !== its.columns && JSON.stringify(mine.columns) !== JSON.stringify(its.columns)) return false;
  return mine.rows.every((row, k) => {
    const as = its.rows[k];
    if (row === as) return true;
    if (as === undefined || row.label !== as.label || row.cells.length !== as.cells.length) return false;
    return row.cells.every((cell, column) => cell?.path === as.cells[column]?.path);
  });
}

/**
 * @param {Field} one
 * @param {Field | undefined} other
 */
function isSameField(one, other) {
  if (one === other) return true;
  if (other === undefined || one.path !== other.path || one.kind !== other.kind || one.label !== other.label)
    return false;
  return one.options === other.options || JSON.stringify(one.options) === JSON.stringify(other.options);
}

/** What a form was opened with: values by their paths, and the sliders for parts of the case. @typedef {{ values: Map<string, unknown>, levers: Field[] }} Opened */

/**
 * @param {FieldGroup[]} form
 * @returns {Opened}
 */
export function openedWith(form) {
  const fields = allFields(form);
  return { values: new Map(fields.map(({ path, value }) => [path, value])), levers: fields.filter(isLever) };
}

/** A slider beside the picture for a part of the case. @param {Field} field */
function isLever({ lever, of_case }) {
  return lever === true && of_case;
}

/**
 * The form with the values that its fields were opened with, where those are known, and with the sliders of then: which line is
 * the tightest, and how far its slider goes, does not follow the slider.
 * @param {FieldGroup[]} form
 * @param {Opened | null} opened
 */
export function markOpened(form, opened) {
  if (opened === null) return form;
  const { values, levers } = opened;
  for (const field of allFields(form)) if (values.has(field.path)) field.initial = values.get(field.path);
  const now = levers.flatMap((lever) => {
    const field = fieldsAt(form, lever.path)[0];
    return field === undefined ? [] : [{ ...lever, value: field.value, initial: field.initial }];
  });
  if (now.length === 0) return form;
  const isOfLevers = (/** @type {FieldGroup} */ { fields }) => fields.length > 0 && fields.every(isLever);
  return form.map((group) => (isOfLevers(group) ? { ...group, fields: now } : group));
}
