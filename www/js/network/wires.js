// What carries power from one bus to another, with its limits, and whether they and those of voltages are kept.

import { lineId } from '../session/items.js';
import { plain } from '../ui/number.js';
import { power } from '../session/read.js';

/** @import { Boundary, Branch, Case, DcLine, Feeder, FeederBus, FeederLine, Zone } from '../session/types.js' */
/** @import { Lab } from '../session/lab.js' */

/** Writes a value of the case with its unit. @typedef {(value: number, unit: string) => string} Write */
/** @typedef {{ feeder: Feeder, boundary: Boundary }} Hanging a feeder with the place where it meets transmission */
/**
 * Anything that carries power from one bus to another. `flow` and `loading` name its series; `limit` puts its limit in
 * words, with what writes a value and its unit; `most` and `least` are in the unit of the case. Where one line stands for
 * several, these are its members, with −1 for one that runs the other way, and it has a sentence of its own. `direct`: of
 * direct current.
 * @typedef {{
 *   id: string, item: string, kind: 'branch' | 'feeder' | 'interface', from: string, to: string,
 *   flow: string, loading: string, limit: (write: Write) => string, most: number, least: number, in_service: boolean,
 *   direct?: boolean, members?: { wire: Wire, sign: number }[], sentence?: (lab: Lab, step: number) => string
 * }} Wire
 */

/**
 * @param {Branch} branch
 * @returns {Wire}
 */
export function branchWire({ id, from, to, max_p_mw, in_service }) {
  return {
    ...{ id, from, to, kind: 'branch', item: `branch:${id}`, flow: `flow:${id}`, loading: `loading:${id}` },
    ...{
      limit: (write) => (max_p_mw == null ? '' : write(max_p_mw, 'MW')),
      most: max_p_mw ?? NaN,
      least: -(max_p_mw ?? NaN),
    },
    in_service: in_service !== false,
  };
}

/**
 * @param {DcLine} line
 * @returns {Wire}
 */
function dcWire({ id, from, to, min_p_mw = 0, max_p_mw }) {
  return {
    ...{ id, from, to, kind: 'branch', item: `branch:${id}`, flow: `flow:${id}`, loading: `loading:${id}` },
    limit: (write) => (min_p_mw === 0 ? write(max_p_mw, 'MW') : `${write(min_p_mw, 'MW')} to ${write(max_p_mw, 'MW')}`),
    ...{ most: max_p_mw, least: min_p_mw, in_service: true, direct: true },
  };
}

/**
 * The lines of transmission, those of direct current last.
 * @param {Case} system
 */
export function transmissionWires({ branches, dc_lines = [] }) {
  return [...branches.map(branchWire), ...dc_lines.map(dcWire)];
}

/** The lines of feeders seen: a system may have thousands, and each step looks at all of them. @type {WeakMap<FeederLine, Wire>} */
const seen = new WeakMap();

/**
 * @param {Feeder} feeder
 * @param {FeederLine} line
 * @returns {Wire}
 */
export function feederWire(feeder, line) {
  const wire = seen.get(line) ?? makeFeederWire(feeder, line);
  seen.set(line, wire);
  return wire;
}

/**
 * @param {Feeder} feeder
 * @param {FeederLine} line
 * @returns {Wire}
 */
function makeFeederWire(feeder, { id: own, from, to, max_s_mva, min_p_mw, max_p_mw }) {
  const id = lineId(feeder.id, own);
  /** @param {Write} write */
  const range = (write) => {
    if (min_p_mw != null && max_p_mw != null) return `${write(min_p_mw, 'MW')} to ${write(max_p_mw, 'MW')}`;
    if (max_p_mw != null) return `at most ${write(max_p_mw, 'MW')}`;
    return min_p_mw == null ? '' : `at least ${write(min_p_mw, 'MW')}`;
  };
  return {
    ...{ id, from, to, kind: 'feeder', item: `branch:${id}`, flow: `flow:${id}`, loading: `loading:${id}` },
    ...{
      limit: (write) =>
        [max_s_mva == null ? '' : write(max_s_mva, 'MVA'), range(write)].filter((text) => text !== '').join(' and '),
      most: max_p_mw ?? max_s_mva ?? NaN,
      least: min_p_mw ?? -(max_s_mva ?? NaN),
    },
    in_service: true,
  };
}

/**
 * A limit of a zone, whose lines are not drawn one by one.
 * @param {Zone} zone
 * @param {{ id: string, max_p_mw: number }} limit
 * @returns {Wire}
 */
export function limitWire(zone, { id: own, max_p_mw }) {
  const id = lineId(zone.id, own);
  return {
    ...{ id, from: '', to: '', kind: 'branch', item: `branch:${id}`, flow: `flow:${id}`, loading: '' },
    ...{ limit: (write) => write(max_p_mw, 'MW'), most: max_p_mw, least: -max_p_mw, in_service: true },
  };
}

/**
 * Where a feeder meets transmission; its flow is the feeder's export.
 * @param {Hanging} hanging
 * @returns {Wire}
 */
export function boundaryWire({ feeder, boundary: { id, bus, max_p_mw } }) {
  return {
    ...{ id, from: feeder.root, to: bus, kind: 'interface', item: `boundary:${id}`, flow: `export:${id}`, loading: '' },
    ...{
      limit: (write) => (max_p_mw == null ? '' : write(max_p_mw, 'MW')),
      most: max_p_mw ?? NaN,
      least: -(max_p_mw ?? NaN),
    },
    in_service: true,
  };
}

/** Whether a wire has a limit. @param {Wire} wire @returns {boolean} */
export function isLimited({ limit, members }) {
  return members === undefined ? limit(String) !== '' : members.some(({ wire }) => isLimited(wire));
}

/**
 * What a wire carries, in the unit power is read in.
 * @param {Lab} lab
 * @param {Wire} wire
 * @param {number} step
 * @returns {number}
 */
export function wireFlow(lab, wire, step) {
  const { flow, members } = wire;
  if (members === undefined) {
    const drawn = importOf(lab, wire);
    return drawn === undefined ? lab.at(flow, step) : -(drawn[step] ?? NaN);
  }
  return members.reduce((sum, { wire, sign }) => sum + sign * lab.at(wire.flow, step), 0);
}

/**
 * What a feeder takes, where an answer tells that in the place of what it exports.
 * @param {Lab} lab
 * @param {Wire} wire
 */
function importOf(lab, { id, kind, flow }) {
  if (kind !== 'interface' || lab.series(flow) !== undefined) return undefined;
  return lab.series(`import:${id}`)?.values;
}

/**
 * The same at every step; none where there is nothing to show.
 * @param {Lab} lab
 * @param {Wire} wire
 * @returns {ArrayLike<number>}
 */
export function wireFlows(lab, wire) {
  if (wire.members === undefined)
    return lab.series(wire.flow)?.values ?? importOf(lab, wire)?.map((value) => -value) ?? [];
  return Array.from({ length: Math.max(1, lab.steps) }, (_, step) => wireFlow(lab, wire, step));
}

/**
 * Loading of a line as a share of its limit; NaN when it has none. Of several lines it is that of the fullest.
 * @param {Lab} lab
 * @param {Wire} wire
 * @param {number} step
 * @returns {number}
 */
export function loading(lab, wire, step) {
  if (wire.members !== undefined) {
    const shares = wire.members
      .map((member) => loading(lab, member.wire, step))
      .filter((share) => !Number.isNaN(share));
    return shares.length === 0 ? NaN : Math.max(...shares);
  }
  const reported = kept(wire.loading === '' ? NaN : lab.at(wire.loading, step), wire);
  const own = shareOf(wireFlow(lab, wire, step) / power(lab.report).times, wire);
  if (Number.isNaN(own)) return reported;
  return Number.isFinite(reported) ? Math.max(reported, own) : own;
}

/**
 * A flow as a share of the limit in its direction. One on a limit fills the line, also where that limit is nothing at all
 * or the least that must flow; beyond it, against its direction, there is no share that is large enough.
 * @param {number} flow in the unit of the limits
 * @param {{ most: number, least: number }} limits NaN for none
 * @returns {number} NaN where no limit is in its way
 */
function shareOf(flow, { most, least }) {
  if (flow > most + UNREAD) return most > 0 ? flow / most : Infinity;
  if (flow < least - UNREAD) return least < 0 ? flow / least : Infinity;
  if (Math.abs(flow - most) <= UNREAD || Math.abs(flow - least) <= UNREAD) return 1;
  const end = flow < 0 ? least : most;
  return flow * end > 0 || (flow === 0 && Number.isFinite(end)) ? flow / end : NaN;
}

/**
 * A loading that is over the limit by no more than tables show is that of a full line.
 * @param {number} share
 * @param {{ most: number, least: number }} limits
 */
function kept(share, { most, least }) {
  const size = Math.max(Math.abs(most), Math.abs(least));
  return share > 1 && (share - 1) * size <= UNREAD ? 1 : share;
}

/** Power that tables show as none, MW: no overload is counted below it. */
const UNREAD = 5e-5;

/** Bits of the solver do not make a line overloaded. */
const TOLERANCE = 1e-6;

/**
 * @param {number} share of the limit
 * @returns {'open' | 'low' | 'middle' | 'high' | 'over'}
 */
export function loadingClass(share) {
  if (Number.isNaN(share)) return 'open';
  if (share > 1 + TOLERANCE) return 'over';
  if (share >= 0.9) return 'high';
  return share >= 0.5 ? 'middle' : 'low';
}

/** @param {number} share */
export function percent(share) {
  if (share === Infinity) return '∞\u00a0%';
  // Just above the limit must not read as 100 %.
  const places = Math.abs(share - 1) < 0.005 && Math.abs(share - 1) > TOLERANCE ? 1 : 0;
  return `${plain(Math.round(share * 100 * 10 ** places) / 10 ** places, places)}\u00a0%`;
}

/** A voltage this far beyond its limit, p.u., is the solver's. */
const VOLTAGE_TOLERANCE = 1e-5;

/**
 * The limits of a bus's voltage, those that hold where the case states none among them, p.u.
 * @param {FeederBus} bus
 */
export function voltageLimits({ min_v_pu = 0.9, max_v_pu = 1.1 }) {
  return { low: min_v_pu, high: max_v_pu };
}

/**
 * @param {number} voltage p.u.
 * @param {FeederBus} bus
 * @returns {'low' | 'high' | null} which limit is violated
 */
export function outside(voltage, bus) {
  const { low, high } = voltageLimits(bus);
  if (voltage < low - VOLTAGE_TOLERANCE) return 'low';
  return voltage > high + VOLTAGE_TOLERANCE ? 'high' : null;
}
