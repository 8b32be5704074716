// The numbers of the one-line diagram at a step, as tables.

import { plain } from '../ui/number.js';
import { power, writer } from '../session/read.js';
import { feederBusesOf, unitsAt } from './scene.js';
import { unitPower } from './units.js';
import { loading, voltageLimits, wireFlow } from './wires.js';

/** @import { Cell, OwnTable, Subject } from '../session/types.js' */
/** @import { Lab } from '../session/lab.js' */
/** @import { Scene } from './scene.js' */
/** @import { Wire } from './wires.js' */

/**
 * @param {Lab} lab
 * @param {Scene} scene
 * @param {string} priceUnit
 * @returns {OwnTable[]} those that have rows
 */
export function networkTables(lab, scene, priceUnit) {
  const tables = [
    linesTable(lab, scene),
    busesTable(lab, scene, priceUnit),
    feederLinesTable(lab, scene),
    feederBusesTable(lab, scene, priceUnit),
  ];
  return tables.filter(({ rows }) => rows.length > 0);
}

/**
 * @param {string} name
 * @param {string} [unit]
 */
function column(name, unit = '') {
  return { name, unit };
}

/** @param {number} value */
function number(value) {
  return Number.isFinite(value) ? value : null;
}

/** @param {string} id @returns {Subject} */
function busSubject(id) {
  return { kind: 'bus', id };
}

/** @param {Wire} wire @returns {Subject} */
function wireSubject({ id, kind }) {
  return { kind: kind === 'interface' ? 'boundary' : 'branch', id };
}

/** @param {Lab} lab */
function when({ report, steps, cursor }) {
  return report.clock == null || steps < 2 ? 'result' : `${report.clock.name} ${cursor + 1}`;
}

/**
 * The units of a bus with their power.
 * @param {Lab} lab
 * @param {Scene} scene
 * @param {string} bus
 */
function connected(lab, scene, bus) {
  return unitsAt(lab, scene, bus)
    .map((unit) => `${unit.base ? 'load' : unit.id} ${plain(unitPower(lab, unit, lab.cursor))}`)
    .join(', ');
}

/**
 * @param {Lab} lab
 * @param {Scene} scene
 * @returns {OwnTable}
 */
function linesTable(lab, { branches }) {
  return {
    id: 'network-lines',
    title: `Lines, ${when(lab)}`,
    columns: wireColumns(lab, power(lab.report).unit),
    rows: branches.map((wire) => wireRow(lab, wire, wire.id, number(wire.most * power(lab.report).times))),
    row_subjects: branches.map(wireSubject),
  };
}

/**
 * @param {Lab} lab
 * @param {Scene} scene
 * @returns {OwnTable}
 */
function feederLinesTable(lab, { interfaces, lines }) {
  return {
    id: 'network-feeder-lines',
    title: `Feeder lines and interfaces, ${when(lab)}`,
    columns: wireColumns(lab, ''),
    rows: [...interfaces, ...lines].map((wire) =>
      wireRow(lab, wire, wire.kind === 'interface' ? `interface ${wire.id}` : wire.id, wire.limit(writer(lab.report))),
    ),
    row_subjects: [...interfaces, ...lines].map(wireSubject),
  };
}

/**
 * @param {Lab} lab
 * @param {string} limitUnit
 */
function wireColumns(lab, limitUnit) {
  return [
    ...['Line', 'From', 'To'].map((name) => column(name)),
    column('Flow', power(lab.report).unit),
    column('Limit', limitUnit),
    column('Loading', '%'),
  ];
}

/**
 * @param {Lab} lab
 * @param {Wire} wire
 * @param {string} name
 * @param {Cell} limit
 * @returns {Cell[]}
 */
function wireRow(lab, wire, name, limit) {
  const share = loading(lab, wire, lab.cursor);
  return [name, wire.from, wire.to, number(wireFlow(lab, wire, lab.cursor)), limit, number(share * 100)];
}

/**
 * @param {Lab} lab
 * @param {Scene} scene
 * @param {string} priceUnit
 * @returns {OwnTable}
 */
function busesTable(lab, scene, priceUnit) {
  const { buses, areas } = scene;
  return {
    id: 'network-buses',
    title: `Buses, ${when(lab)}`,
    columns: [column('Bus'), column('Price', priceUnit), column('Connected', power(lab.report).unit)],
    rows: buses.map((id) => {
      const price = areas.get(id)?.price(lab, lab.cursor) ?? lab.at(`lmp:${id}`);
      return [`${areas.has(id) ? 'area of ' : ''}bus ${id}`, number(price), connected(lab, scene, id)];
    }),
    row_subjects: buses.map(busSubject),
  };
}

/**
 * @param {Lab} lab
 * @param {Scene} scene
 * @param {string} priceUnit
 * @returns {OwnTable}
 */
function feederBusesTable(lab, scene, priceUnit) {
  return {
    id: 'network-feeder-buses',
    title: `Feeder buses, ${when(lab)}`,
    columns: [
      column('Bus'),
      column('Price', priceUnit),
      column('Voltage', 'p.u.'),
      column('Lower limit', 'p.u.'),
      column('Upper limit', 'p.u.'),
      column('Connected', power(lab.report).unit),
    ],
    rows: feederBusesOf(scene).map((bus) => {
      const { low, high } = voltageLimits(bus);
      const [price, voltage] = [number(lab.at(`lmp:${bus.id}`)), number(lab.at(`v:${bus.id}`))];
      return [`bus ${bus.id}`, price, voltage, low, high, connected(lab, scene, bus.id)];
    }),
    row_subjects: feederBusesOf(scene).map(({ id }) => busSubject(id)),
  };
}
