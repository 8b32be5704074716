// What an explanation speaks of, on the one-line diagram: what it is about, the lines of its parts, who moves with the next
// unit and which way.

import { itemOf } from '../session/items.js';
import { factorNames, factorsOf } from '../session/products.js';
import { h, s } from '../ui/dom.js';
import { bareAmount, unitText } from '../ui/number.js';
import { around, beside, textWidth } from './labels.js';
import { ROOMY } from './sizes.js';

/** @import { Explained, Subject, Table } from '../session/types.js' */
/** @import { Diagram } from './diagram.js' */
/** @import { Box } from './labels.js' */
/** @import { Point } from './layout.js' */
/** Who is marked: units that move with the next MWh, and others that do with the last. @typedef {{ more: boolean, less: boolean, last: boolean, unit: string }} Ways */

const [MORE, LESS, LAST] = /** @type {const} */ (['more', 'less', 'last']);

/** Distances from a unit at which its mark is tried, px. */
const DISTANCES = [12, 20, 30, 42, 56];

/**
 * Marks a diagram, in the place of marks that it has.
 * @param {Diagram} diagram
 * @param {string | null} asked the item that is explained
 * @param {Explained | null} explained
 * @returns {HTMLElement[]} what the marks mean
 */
export function markExplained(diagram, asked, explained) {
  for (const element of diagram.svg.querySelectorAll('.is-explained, .is-part'))
    element.classList.remove('is-explained', 'is-part');
  diagram.svg.querySelector('.marks')?.remove();
  if (explained === null) return [];
  const layer = s('g', { class: 'marks', 'aria-hidden': 'true' });
  diagram.svg.append(layer);
  for (const part of diagram.parts) if (part.item === asked) part.element.classList.add('is-explained');
  /** Places taken by marks: they come and go, those of the diagram stay. @type {Box[]} */
  const taken = [];
  const put = (/** @type {Box[]} */ candidates) => {
    const free = candidates.filter((box) => taken.every((other) => !meets(box, other)));
    // One that covers nothing, else the one that covers least.
    const [best] = free
      .map((box) => ({ box, strokes: diagram.room.cost(box), area: diagram.room.covered(box) }))
      .sort((a, b) => a.area - b.area || a.strokes - b.strokes)
      .map(({ box }) => box);
    if (best !== undefined) taken.push(best);
    return best;
  };
  const lines = markParts(diagram, explained, layer, put);
  const ways = markMoves(diagram, explained, layer, put);
  return marksLegend(lines, ways, explained.unit);
}

/**
 * @param {Box} a
 * @param {Box} b
 */
function meets(a, b) {
  return Math.abs(a.x - b.x) * 2 < a.width + b.width && Math.abs(a.y - b.y) * 2 < a.height + b.height;
}

/**
 * The lines of the parts, each with its part, where there is room with what it is a product of.
 * @param {Diagram} diagram
 * @param {Explained} explained
 * @param {SVGGElement} layer
 * @param {(candidates: Box[]) => Box | undefined} put
 * @returns {string[] | null} the names of the factors that are shown; null where no line is marked
 */
function markParts(diagram, explained, layer, put) {
  const { parts, unit } = explained;
  const found = parts.flatMap((part) => {
    const line = diagram.lines.find(({ wire }) => wire.item === itemOf(part.subject));
    return line === undefined ? [] : [{ line, value: part.value, factors: factorsOf(explained, part) }];
  });
  let named = false;
  for (const { line, value, factors } of found) {
    const { wire, stroke, size } = line;
    for (const part of diagram.parts) if (part.item === wire.item) part.element.classList.add('is-part');
    const shown = size === ROOMY ? factors : [];
    named ||= shown.length > 0;
    const text = [shown.map((factor) => bareAmount(factor, '')).join(' × '), signed(value, unit)]
      .filter((part) => part !== '')
      .join(' = ');
    const font = size.small;
    const box = put(beside(stroke, textWidth(text, font) + 8, font + 5, size.wire / 2 + 3, 60));
    const middle = { x: (stroke.a.x + stroke.b.x) / 2, y: (stroke.a.y + stroke.b.y) / 2 };
    if (box !== undefined) stick(layer, box, middle, text, font, 'mark-part');
  }
  return found.length === 0 ? null : named ? factorNames(explained) : [];
}

/**
 * The units that move with the next MWh, each with how much; at a tie those of the last MWh as well, where they are others.
 * @param {Diagram} diagram
 * @param {Explained} explained
 * @param {SVGGElement} layer
 * @param {(candidates: Box[]) => Box | undefined} put
 * @returns {Ways}
 */
function markMoves(diagram, { tables }, layer, put) {
  const ways = { more: false, less: false, last: false, unit: '' };
  for (const { subject, by, unit, way } of whoMoves(tables)) {
    const own = itemOf(subject);
    const part = diagram.parts.find(
      ({ item, members }) => item === own || (own !== undefined && members?.includes(own)),
    );
    if (part === undefined) continue;
    ways[way] = true;
    ways.unit = unit;
    // Where one symbol stands for many, which of them moves.
    const name = part.item === own ? '' : ` ${subject.id}`;
    const text = `${by > 0 ? '▲' : '▼'}${name} ${signed(by, unit)}`;
    const font = diagram.lines[0]?.size.small ?? ROOMY.small;
    const width = textWidth(text, font) + 12;
    const box = put(DISTANCES.flatMap((distance) => around(part.centre, distance, width, font + 5)));
    if (box !== undefined) stick(layer, box, part.centre, text, font, `mark-${way}`);
  }
  return ways;
}

/**
 * The parties that move with the next unit, and those that do with the last alone: of a price a MWh, of a line a MW of its
 * limit.
 * @param {Table[]} tables of an explanation
 * @returns {{ subject: Subject, by: number, unit: string, way: 'more' | 'less' | 'last' }[]}
 */
export function whoMoves(tables) {
  const of = (/** @type {string[]} */ ...names) =>
    tables
      .filter(({ id }) => names.includes(id))
      .flatMap(movesOf)
      .filter(({ subject, by }) => subject.kind === 'party' && by !== 0);
  const next = of('next', 'more');
  const last = of('last', 'less').filter(({ subject }) => !next.some((move) => move.subject.id === subject.id));
  return [
    ...next.map((move) => ({ ...move, way: move.by > 0 ? MORE : LESS })),
    ...last.map((move) => ({ ...move, way: LAST })),
  ];
}

/**
 * What moves, row by row, by the first number of the row.
 * @param {Table} table
 * @returns {{ subject: Subject, by: number, unit: string }[]}
 */
export function movesOf({ rows, row_subjects = [], columns }) {
  return rows.flatMap((row, at) => {
    const subject = row_subjects[at];
    const column = row.findIndex((cell) => typeof cell === 'number');
    const by = row[column];
    return subject == null || typeof by !== 'number' ? [] : [{ subject, by, unit: columns[column]?.unit ?? '' }];
  });
}

/**
 * @param {number} value
 * @param {string} unit
 */
export function signed(value, unit) {
  const text = bareAmount(value, unit);
  return value > 0 && text !== '0' ? `+${text}` : text;
}

/**
 * Puts a text on a ground of its own, with a thread to what it is of, which lies under all marks.
 * @param {SVGGElement} layer
 * @param {Box} box
 * @param {Point} of
 * @param {string} text
 * @param {number} font px
 * @param {string} kind
 */
function stick(layer, { x, y, width, height }, of, text, font, kind) {
  layer.prepend(s('line', { class: 'mark-thread', x1: of.x, y1: of.y, x2: x, y2: y }));
  layer.append(
    s('rect', { class: `mark ${kind}`, x: x - width / 2, y: y - height / 2, width, height, rx: 4 }),
    s('text', { class: `mark-text ${kind}`, x, y, 'font-size': font }, text),
  );
}

/**
 * @param {string[] | null} factors the names of what parts are products of; null where no line of a part is marked
 * @param {Ways} ways
 * @param {string} unit of the number explained
 */
export function marksLegend(factors, { more, less, last, unit: power }, unit) {
  const key = (/** @type {string} */ kind, /** @type {string} */ sign, /** @type {string[]} */ ...texts) =>
    h(
      'li',
      {},
      h('span', { class: `mark-key ${kind}`, 'aria-hidden': 'true' }, sign),
      ...texts.map((text) => h('span', {}, text)),
    );
  const items = [
    factors === null
      ? null
      : key(
          'mark-part',
          '±',
          ...factors.flatMap((name, at) => (at === 0 ? [name] : ['×', name])),
          ...(factors.length > 0 ? ['='] : []),
          `part, ${unitText(unit)}`,
        ),
    more ? key('mark-more', '▲', `gives more with the next ${power}`) : null,
    less ? key('mark-less', '▼', `gives less with the next ${power}`) : null,
    last ? key('mark-last', '▼', `moves with one ${power} less`) : null,
  ].filter((item) => item !== null);
  return items.length === 0 ? [] : [h('ul', { 'aria-label': 'Marks of the explanation' }, ...items)];
}
