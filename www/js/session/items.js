// What a person can select: a bus, a branch or a party, named the same in every view.

/** @import { Scenario, Subject } from './types.js' */

/**
 * The item that a subject is, as elements of the page carry it.
 * @param {Subject | null | undefined} subject
 * @returns {string | undefined} undefined where there is nothing to select
 */
export function itemOf(subject) {
  return subject == null ? undefined : `${subject.kind}:${subject.id}`;
}

const KINDS = new Set(['bus', 'branch', 'party', 'boundary', 'zone']);

/**
 * The subject that an item of the page is of.
 * @param {string | null | undefined} item
 * @returns {Subject | null} null where it is of none
 */
export function subjectOf(item) {
  const [, kind = '', id = ''] = /^([a-z]+):(.*)$/s.exec(item ?? '') ?? [];
  return KINDS.has(kind) ? { kind: /** @type {Subject['kind']} */ (kind), id } : null;
}

/**
 * A feeder line among the lines of all feeders, as reports name it.
 * @param {string} feeder
 * @param {string} line
 */
export function lineId(feeder, line) {
  return `${feeder}/${line}`;
}

/**
 * Whether a line, or a feeder's by its [id]{@link lineId}, has a limit.
 * @param {Scenario['case']} of
 * @param {string} line
 */
export function isLimitedLine({ branches, feeders = [] }, line) {
  const ofFeeders = feeders.flatMap((feeder) => feeder.lines.filter(({ id }) => lineId(feeder.id, id) === line));
  return (
    ofFeeders.some(({ max_p_mw, min_p_mw, max_s_mva }) => (max_p_mw ?? min_p_mw ?? max_s_mva) != null) ||
    branches.some(({ id, max_p_mw }) => id === line && max_p_mw != null)
  );
}

/**
 * Marks every element of the page that shows the selected item.
 * @param {ParentNode} root
 * @param {string | null} selected
 */
export function markSelected(root, selected) {
  for (const element of root.querySelectorAll('[data-item]')) {
    element.classList.toggle('is-selected', selected !== null && element.getAttribute('data-item') === selected);
  }
}
