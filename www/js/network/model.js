// The one-line diagram's content: buses, lines and units of the case with their numbers at one step, and in words.

import { lineId } from '../session/items.js';
import { plain, withUnit } from '../ui/number.js';

/** @import { Boundary, Branch, Case, Feeder, FeederBus, FeederLine, Zone } from '../session/types.js' */
/** @import { Lab } from '../session/lab.js' */

/** @typedef {{ feeder: Feeder, boundary: Boundary }} Hanging a feeder with the place where it meets transmission */
/** @typedef {'generator' | 'der' | 'load' | 'bid' | 'imbalance'} UnitKind */
/** @typedef {{ id: string, kind: UnitKind, bus: string, members?: Unit[] }} Unit `members`: one symbol for many of a kind */
/**
 * Anything that carries MW from one bus to another. `flow` and `loading` name its series; `limit` is its limit in words.
 * @typedef {{
 *   id: string, item: string, kind: 'branch' | 'feeder' | 'interface', from: string, to: string,
 *   flow: string, loading: string, limit: string, most: number, least: number, in_service: boolean
 * }} Wire
 */

/**
 * Generators, DERs, loads, bids and imbalances with their buses, transmission's or a feeder's; renewables and flexible
 * loads of a day among the DERs and loads, communities among the loads, resources of a feeder's own market among the bids.
 * @param {Case} system
 * @returns {Unit[]}
 */
export function units(system) {
  const { bids, imbalances } = system.balancing ?? {};
  const { renewables, adjustable, deferrable } = system.day ?? {};
  const of = (/** @type {UnitKind} */ kind, /** @type {{ id: string, bus: string }[] | undefined} */ list) =>
    (list ?? []).map(({ id, bus }) => ({ id, kind, bus }));
  return [
    ...of('generator', system.generators),
    ...of('der', system.ders),
    ...of('der', renewables),
    ...of('bid', bids),
    ...of('bid', system.local_market?.resources),
    ...of('imbalance', imbalances),
    ...of('load', system.loads),
    ...of('load', adjustable),
    ...of('load', deferrable),
    ...of('load', system.communities?.members),
  ];
}

/** @type {WeakMap<Case, Map<string, Unit[]>>} */
const byBus = new WeakMap();

/**
 * The units of every bus that has any.
 * @param {Case} system
 */
export function unitsByBus(system) {
  const known = byBus.get(system);
  if (known !== undefined) return known;
  /** @type {Map<string, Unit[]>} */
  const map = new Map();
  for (const unit of units(system)) {
    const here = map.get(unit.bus);
    if (here === undefined) map.set(unit.bus, [unit]);
    else here.push(unit);
  }
  byBus.set(system, map);
  return map;
}

/** Units of a kind up to which a bus has a symbol for each. */
const HANDFUL = 4;

const PLURALS = { generator: 'generators', der: 'DERs', load: 'loads', bid: 'bids', imbalance: 'imbalances' };

/**
 * The units of a bus, more than a handful of a kind as one.
 * @param {Unit[]} here
 * @returns {Unit[]}
 */
export function gathered(here) {
  if (here.length <= HANDFUL) return here;
  const kinds = [...new Set(here.map(({ kind }) => kind))];
  return kinds.flatMap((kind) => {
    const members = here.filter((unit) => unit.kind === kind);
    return members.length <= HANDFUL
      ? members
      : [{ id: `${members.length} ${PLURALS[kind]}`, kind, bus: members[0]?.bus ?? '', members }];
  });
}

/**
 * @param {Unit} unit
 */
export function unitItem({ id, bus, members }) {
  return members === undefined ? `party:${id}` : `units:${bus}:${id}`;
}

/**
 * Whether a unit does nothing.
 * @param {Lab} lab
 * @param {Unit} unit
 * @param {number} step
 * @returns {boolean}
 */
export function isIdle(lab, unit, step) {
  if (unit.members !== undefined) return unit.members.every((member) => isIdle(lab, member, step));
  return unit.kind !== 'load' && Math.abs(unitMw(lab, unit, step)) < 1e-6;
}

/**
 * MW of a unit at a step; a load or an imbalance without a series of its own has the case's value.
 * @param {Lab} lab
 * @param {Unit} unit
 * @param {number} step
 * @returns {number}
 */
export function unitMw(lab, unit, step) {
  const { kind, id, members } = unit;
  if (members !== undefined) return members.reduce((sum, member) => sum + (unitMw(lab, member, step) || 0), 0);
  const series = unitSeries(lab, unit);
  if (series !== undefined || (kind !== 'load' && kind !== 'imbalance')) return series?.values[step] ?? NaN;
  const system = lab.scenario.case;
  if (kind === 'load') return system.loads?.find((load) => load.id === id)?.p_mw ?? NaN;
  const values = system.balancing?.imbalances?.find((injection) => injection.id === id)?.p_mw ?? [];
  return (values.length === 1 ? values[0] : values[step]) ?? NaN;
}

/**
 * @param {Lab} lab
 * @param {Unit} unit
 */
export function unitSeries(lab, { kind, id }) {
  const own = kind === 'load' || kind === 'imbalance' ? lab.series(`${kind}:${id}`) : undefined;
  return own ?? lab.series(`p:${id}`);
}

/**
 * Whether a unit's MW have a direction that its sign tells.
 * @param {Unit} unit
 */
export function isSigned({ kind }) {
  return kind === 'bid' || kind === 'imbalance';
}

/**
 * @param {Branch} branch
 * @returns {Wire}
 */
export function branchWire({ id, from, to, max_p_mw, in_service }) {
  return {
    ...{ id, from, to, kind: 'branch', item: `branch:${id}`, flow: `flow:${id}`, loading: `loading:${id}` },
    ...{ limit: max_p_mw == null ? '' : withUnit(max_p_mw, 'MW'), most: max_p_mw ?? NaN, least: -(max_p_mw ?? NaN) },
    in_service: in_service !== false,
  };
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
  const limits = [
    max_s_mva == null ? '' : withUnit(max_s_mva, 'MVA'),
    min_p_mw != null && max_p_mw != null
      ? `${plain(min_p_mw)} to ${withUnit(max_p_mw, 'MW')}`
      : max_p_mw != null
        ? `at most ${withUnit(max_p_mw, 'MW')}`
        : min_p_mw != null
          ? `at least ${withUnit(min_p_mw, 'MW')}`
          : '',
  ];
  return {
    ...{ id, from, to, kind: 'feeder', item: `branch:${id}`, flow: `flow:${id}`, loading: `loading:${id}` },
    ...{
      limit: limits.filter((text) => text !== '').join(' and '),
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
function limitWire(zone, { id: own, max_p_mw }) {
  const id = lineId(zone.id, own);
  return {
    ...{ id, from: '', to: '', kind: 'branch', item: `branch:${id}`, flow: `flow:${id}`, loading: '' },
    ...{ limit: withUnit(max_p_mw, 'MW'), most: max_p_mw, least: -max_p_mw, in_service: true },
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
    ...{ limit: max_p_mw == null ? '' : withUnit(max_p_mw, 'MW'), most: max_p_mw ?? NaN, least: -(max_p_mw ?? NaN) },
    in_service: true,
  };
}

/**
 * Loading of a line as a share of its limit; NaN when it has none.
 * @param {Lab} lab
 * @param {Wire} wire
 * @param {number} step
 */
export function loading(lab, wire, step) {
  const reported = wire.loading === '' ? NaN : lab.at(wire.loading, step);
  if (Number.isFinite(reported)) return reported;
  const flow = lab.at(wire.flow, step);
  const end = flow < 0 ? wire.least : wire.most;
  // Where a limit leaves nothing in this direction, there is no share of it.
  if (flow * end > 0) return flow / end;
  if (end === 0) return Math.abs(flow) > TOLERANCE ? Infinity : 0;
  return flow === 0 && Number.isFinite(end) && wire.most > 0 ? 0 : NaN;
}

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
  if (share === Infinity) return '∞ %';
  // Just above the limit must not read as 100 %.
  const places = Math.abs(share - 1) < 0.005 && Math.abs(share - 1) > TOLERANCE ? 1 : 0;
  return `${plain(Math.round(share * 100 * 10 ** places) / 10 ** places, places)} %`;
}

/** A voltage this far beyond its limit, p.u., is the solver's. */
const VOLTAGE_TOLERANCE = 1e-5;

/**
 * @param {number} voltage p.u.
 * @param {FeederBus} bus
 * @returns {'low' | 'high' | null} which limit is violated
 */
export function outside(voltage, { min_v_pu = 0.9, max_v_pu = 1.1 }) {
  if (voltage < min_v_pu - VOLTAGE_TOLERANCE) return 'low';
  return voltage > max_v_pu + VOLTAGE_TOLERANCE ? 'high' : null;
}

/**
 * @param {number} value
 * @param {number} [most]
 */
export function signed(value, most = 5) {
  return `${value > 0 ? '+' : ''}${withUnit(value, 'MW', most)}`;
}

/**
 * @param {Lab} lab
 * @param {Wire} wire
 * @param {number} step
 */
export function wireSentence(lab, wire, step) {
  const { id, from, to, kind, limit } = wire;
  const name = kind === 'interface' ? `Interface ${id}` : `Line ${id}`;
  if (!wire.in_service) return `${name}: out of service`;
  const flow = lab.at(wire.flow, step);
  if (!Number.isFinite(flow))
    return `${name}: from ${from} to ${to}${kind === 'branch' || limit === '' ? '' : `, limit ${limit}`}`;
  const share = loading(lab, wire, step);
  const limits =
    limit === ''
      ? 'not limited'
      : Number.isFinite(share)
        ? `${percent(share)} of its limit of ${limit}`
        : `limit ${limit}`;
  const over = loadingClass(share) === 'over' ? ', over the limit' : '';
  const mw = withUnit(Math.abs(flow), 'MW', 5);
  const course =
    kind === 'interface'
      ? `feeder ${flow < 0 ? 'imports' : 'exports'} ${mw} ${flow < 0 ? 'from' : 'to'} bus ${to}`
      : `${mw} from ${flow < 0 ? to : from} to ${flow < 0 ? from : to}`;
  return `${name}: ${course}, ${limits}${over}`;
}

/**
 * @param {Lab} lab
 * @param {string} id
 * @param {FeederBus | null} feederBus
 * @param {Unit[]} here
 * @param {number} step
 */
export function busSentence(lab, id, feederBus, here, step) {
  const price = lab.series(`lmp:${id}`);
  const parts = gathered(here).map((unit) => {
    const mw = unitMw(lab, unit, step);
    return `${unit.kind === 'load' && unit.members === undefined ? 'load' : unit.id} ${isSigned(unit) ? signed(mw) : withUnit(mw, 'MW', 5)}`;
  });
  if (feederBus !== null) {
    if ((feederBus.p_load_mw ?? 0) !== 0) parts.unshift(`load ${withUnit(feederBus.p_load_mw, 'MW', 5)}`);
    const voltage = lab.at(`v:${id}`, step);
    if (Number.isFinite(voltage)) parts.unshift(voltageWords(voltage, feederBus));
  }
  const [low, high] = [lab.at(`lmp_low:${id}`, step), lab.at(`lmp_high:${id}`, step)];
  if (price !== undefined && Number.isNaN(price.values[step]) && high > low) {
    parts.unshift(`any price from ${plain(low)} to ${withUnit(high, price.unit)} is right`);
  } else if (price !== undefined && (feederBus === null || Number.isFinite(price.values[step]))) {
    const tie = high - low > 1e-6 ? ` (anything from ${plain(low)} to ${plain(high)} is as right)` : '';
    parts.unshift(`price ${withUnit(price.values[step] ?? NaN, price.unit, 5)}${tie}`);
  }
  return `Bus ${id}${parts.length === 0 ? '' : `: ${parts.join(', ')}`}`;
}

/**
 * @param {number} voltage p.u.
 * @param {FeederBus} bus
 */
function voltageWords(voltage, bus) {
  const { min_v_pu = 0.9, max_v_pu = 1.1 } = bus;
  const text = `voltage ${plain(voltage, 4)} p.u.`;
  const out = outside(voltage, bus);
  if (out === 'low') return `${text}, under its lower limit of ${plain(min_v_pu)}`;
  if (out === 'high') return `${text}, over its upper limit of ${plain(max_v_pu)}`;
  return `${text} (limits ${plain(min_v_pu)} to ${plain(max_v_pu)})`;
}

/**
 * @param {Lab} lab
 * @param {Unit} unit
 * @param {number} step
 */
export function unitSentence(lab, unit, step) {
  if (unit.members !== undefined) return manySentence(lab, unit, unit.members, step);
  const kind = { generator: 'Generator', der: 'DER', load: 'Load', bid: 'Bid', imbalance: 'Imbalance' }[unit.kind];
  const mw = unitMw(lab, unit, step);
  const text = `${kind} ${unit.id} at bus ${unit.bus}: ${isSigned(unit) ? signed(mw) : withUnit(mw, 'MW', 5)}`;
  if (unit.kind !== 'bid') return text;
  const bid = lab.scenario.case.balancing?.bids?.find(({ id }) => id === unit.id);
  const offered = (bid?.offers ?? [])
    .filter(({ period = 1 }) => period === step + 1)
    .flatMap(({ segments }) => segments);
  if (offered.length === 0) return text;
  const words = offered.slice(0, 4).map(({ min_p_mw = 0, max_p_mw, usd_per_mwh }) => {
    const range =
      min_p_mw < 0 && max_p_mw > 0
        ? `${plain(min_p_mw)} to ${signed(max_p_mw)}`
        : signed(max_p_mw === 0 ? min_p_mw : max_p_mw);
    return `${range} at ${plain(usd_per_mwh)} $/MWh`;
  });
  return `${text} of ${words.join(', ')}${offered.length > words.length ? ' and more' : ''}`;
}

/**
 * @param {Lab} lab
 * @param {Unit} unit
 * @param {Unit[]} members
 * @param {number} step
 */
function manySentence(lab, unit, members, step) {
  const all = members
    .map((member) => ({ id: member.id, mw: unitMw(lab, member, step) }))
    .filter(({ mw }) => Math.abs(mw) >= 1e-6);
  const sum = unitMw(lab, unit, step);
  const text = (/** @type {number} */ mw) => (isSigned(unit) ? signed(mw, 4) : withUnit(mw, 'MW', 4));
  const head = `${unit.id} at bus ${unit.bus}: ${text(sum)} together`;
  if (all.length === 0) return `${head}, none in use`;
  const largest = all.sort((a, b) => Math.abs(b.mw) - Math.abs(a.mw)).slice(0, 3);
  return `${head}, ${all.length} in use; the largest: ${largest.map(({ id, mw }) => `${id} ${text(mw)}`).join(', ')}`;
}

/**
 * What one symbol stands for.
 * @param {Lab} lab
 * @param {Hanging} hanging
 * @param {number} step
 * @param {boolean} shown whether its one-line is drawn
 */
export function symbolSentence(lab, hanging, step, shown) {
  const { feeder, boundary } = hanging;
  const flow = lab.at(`export:${boundary.id}`, step);
  const course = Number.isFinite(flow)
    ? `, ${flow < 0 ? 'imports' : 'exports'} ${withUnit(Math.abs(flow), 'MW', 5)}`
    : '';
  const faults = troubles(lab, hanging, step);
  return `Feeder ${feeder.id} at bus ${boundary.bus}: ${feeder.buses.length} buses${course}${faults === '' ? '' : `, ${faults}`}; press to ${shown ? 'hide' : 'show'} it`;
}

/**
 * What is out of its limits inside a feeder, in words.
 * @param {Lab} lab
 * @param {Hanging} hanging
 * @param {number} step
 */
export function troubles(lab, { feeder }, step) {
  const lines = feeder.lines.filter(
    (line) => loadingClass(loading(lab, feederWire(feeder, line), step)) === 'over',
  ).length;
  const buses = feeder.buses.filter((bus) => outside(lab.at(`v:${bus.id}`, step), bus) !== null).length;
  const count = (/** @type {number} */ n, /** @type {string} */ one, /** @type {string} */ more) =>
    n === 0 ? [] : [`${n} ${n === 1 ? one : more}`];
  return [
    ...count(lines, 'line over its limit', 'lines over their limits'),
    ...count(buses, 'voltage out of its limits', 'voltages out of their limits'),
  ].join(' and ');
}

/**
 * What the whole diagram shows at a step.
 * @param {Lab} lab
 * @param {number} step
 */
export function networkSentence(lab, step) {
  const system = lab.scenario.case;
  const feeders = system.feeders ?? [];
  const zones = system.balancing?.zones ?? [];
  const wires = [
    ...system.branches.map(branchWire),
    ...feeders.flatMap((feeder) => feeder.lines.map((line) => feederWire(feeder, line))),
    ...zones.flatMap((zone) => (zone.limits ?? []).map((limit) => limitWire(zone, limit))),
  ];
  const count = (/** @type {number} */ many, /** @type {string} */ one, some = `${one}s`) =>
    `${many} ${many === 1 ? one : some}`;
  const buses = count(system.buses.length, 'bus', 'buses');
  const below =
    feeders.length === 0
      ? ''
      : ` and ${count(feeders.length, 'feeder')} of ${count(
          feeders.reduce((sum, { buses: own }) => sum + own.length, 0),
          'bus',
          'buses',
        )}`;
  if (!wires.some(({ flow }) => Number.isFinite(lab.at(flow, step)))) {
    return `${buses} and ${count(system.branches.length, 'line')}${below}; there is no dispatch to show.`;
  }
  const limited = wires
    .map((wire) => ({ wire, share: loading(lab, wire, step) }))
    .filter(({ share }) => !Number.isNaN(share))
    .sort((a, b) => b.share - a.share);
  const over = limited.filter(({ share }) => loadingClass(share) === 'over');
  const named = (over.length > 0 ? over : limited).slice(0, 3);
  const when = lab.report.clock == null || lab.steps < 2 ? '' : `${lab.report.clock.name} ${step + 1}: `;
  const lines =
    limited.length === 0
      ? wires.some(({ limit }) => limit !== '')
        ? 'no line over its limit'
        : `${buses}${below}, no limited line`
      : over.length > 0
        ? `over the limit: ${named.map(({ wire, share }) => `line ${wire.id} at ${percent(share)}`).join(', ')}${over.length > 3 ? ` and ${over.length - 3} more` : ''}`
        : `no line over its limit; the fullest is ${named[0]?.wire.id} at ${percent(named[0]?.share ?? NaN)}`;
  const voltages = voltageSentence(lab, step);
  const prices = lab.report.series
    .filter(({ id }) => id.startsWith('lmp:'))
    .map(({ values }) => values[step] ?? NaN)
    .filter(Number.isFinite);
  const said = (/** @type {string} */ text) =>
    feeders.length > 0 || zones.length > 0 ? text.charAt(0).toUpperCase() + text.slice(1) : text;
  if (prices.length === 0) return said(`${when}${lines}${voltages}${voltages.endsWith('.') ? '' : '.'}`);
  const [low, high] = [Math.min(...prices), Math.max(...prices)];
  const unit = lab.report.series.find(({ id }) => id.startsWith('lmp:'))?.unit ?? '';
  const price =
    high - low < 1e-6
      ? `one price, ${withUnit(low, unit, 2)}`
      : `prices from ${plain(low, 2)} to ${withUnit(high, unit, 2)}`;
  return said(`${when}${lines}${voltages}; ${price}.`);
}

/**
 * @param {Lab} lab
 * @param {number} step
 */
function voltageSentence(lab, step) {
  const all = (lab.scenario.case.feeders ?? [])
    .flatMap(({ buses }) => buses)
    .map((bus) => ({ bus, voltage: lab.at(`v:${bus.id}`, step) }))
    .filter(({ voltage }) => Number.isFinite(voltage))
    .sort((a, b) => a.voltage - b.voltage);
  const [lowest, highest] = [all[0], all[all.length - 1]];
  if (lowest === undefined || highest === undefined) return '';
  const out = all.filter(({ bus, voltage }) => outside(voltage, bus) !== null);
  const range = `${plain(lowest.voltage, 3)} to ${plain(highest.voltage, 3)} p.u.`;
  if (out.length === 0) return `; voltages from ${range}`;
  return `; voltages from ${range}, out of limits at ${out.length === 1 ? `bus ${out[0]?.bus.id}` : `${out.length} buses`}`;
}
