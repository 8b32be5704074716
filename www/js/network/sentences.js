// What the one-line diagram shows at a step, in words.

import { isAtPoint } from '../session/at-point.js';
import { amount, plain } from '../ui/number.js';
import { busPrices } from './price.js';
import { power, writer } from '../session/read.js';
import { isSigned, unitPower, units } from './units.js';
import {
  boundaryWire,
  feederWire,
  isLimited,
  limitWire,
  loading,
  loadingClass,
  outside,
  percent,
  transmissionWires,
  voltageLimits,
  wireFlow,
} from './wires.js';

/** @import { FeederBus } from '../session/types.js' */
/** @import { Lab } from '../session/lab.js' */
/** @import { Unit } from './units.js' */
/** @import { Hanging, Wire } from './wires.js' */

/**
 * A power with its sign.
 * @param {Lab} lab
 * @param {number} value in the unit it is read in
 */
export function signed(lab, value) {
  return `${value > 0 ? '+' : ''}${amount(value, power(lab.report).unit)}`;
}

/**
 * @param {Lab} lab
 * @param {Wire} wire
 * @param {number} step
 */
export function wireSentence(lab, wire, step) {
  const { id, from, to, kind } = wire;
  if (wire.sentence !== undefined) return wire.sentence(lab, step);
  const limit = wire.limit(writer(lab.report));
  const name = kind === 'interface' ? `Interface ${id}` : wire.direct ? `DC line ${id}` : `Line ${id}`;
  if (!wire.in_service) return `${name}: out of service`;
  const flow = wireFlow(lab, wire, step);
  if (!Number.isFinite(flow))
    return `${name}: from ${from} to ${to}${kind === 'branch' || limit === '' ? '' : `, limit ${limit}`}`;
  const share = loading(lab, wire, step);
  const limits =
    limit === ''
      ? 'not limited'
      : Number.isFinite(share)
        ? share === 1 && (wire.most === 0 || wire.least !== -wire.most)
          ? `full, as its limit is ${limit}`
          : `${percent(share)} of its limit of ${limit}`
        : `limit ${limit}`;
  const over = loadingClass(share) === 'over' ? ', over the limit' : '';
  const mw = amount(Math.abs(flow), power(lab.report).unit);
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
  const parts = here.map((unit) => `${unitName(unit)} ${unitAmount(lab, unit, step)}`);
  if (feederBus !== null) {
    const voltage = lab.at(`v:${id}`, step);
    if (Number.isFinite(voltage)) parts.unshift(voltageWords(voltage, feederBus));
  }
  const [low, high] = [lab.at(`lmp_low:${id}`, step), lab.at(`lmp_high:${id}`, step)];
  if (price !== undefined && Number.isNaN(price.values[step]) && high > low) {
    parts.unshift(`any price from ${amount(low, '')} to ${amount(high, price.unit)} is right`);
  } else if (price !== undefined && (feederBus === null || Number.isFinite(price.values[step]))) {
    const tie = high - low > 1e-6 ? ` (anything from ${amount(low, '')} to ${amount(high, '')} is as right)` : '';
    parts.unshift(`price ${amount(price.values[step] ?? NaN, price.unit)}${tie}`);
  }
  return `Bus ${id}${parts.length === 0 ? '' : `: ${parts.join(', ')}`}`;
}

/**
 * @param {number} voltage p.u.
 * @param {FeederBus} bus
 */
function voltageWords(voltage, bus) {
  const { low, high } = voltageLimits(bus);
  const text = `voltage ${plain(voltage, 4)} p.u.`;
  const out = outside(voltage, bus);
  if (out === 'low') return `${text}, under its lower limit of ${plain(low)}`;
  if (out === 'high') return `${text}, over its upper limit of ${plain(high)}`;
  return `${text} (limits ${plain(low)} to ${plain(high)})`;
}

/** @param {Unit} unit */
function unitName({ id, kind, members }) {
  return kind === 'load' && members === undefined ? 'load' : id;
}

/**
 * @param {Lab} lab
 * @param {Unit} unit
 * @param {number} step
 */
function unitAmount(lab, unit, step) {
  const mw = unitPower(lab, unit, step);
  const { unit: of } = power(lab.report);
  if (unit.kind === 'community' && unit.members === undefined)
    return `${mw < 0 ? 'exports' : 'imports'} ${amount(Math.abs(mw), of)}`;
  return isSigned(unit) ? signed(lab, mw) : amount(mw, of);
}

/**
 * @param {Lab} lab
 * @param {Unit} unit
 * @param {number} step
 */
export function unitSentence(lab, unit, step) {
  if (unit.members !== undefined) return manySentence(lab, unit, unit.members, step);
  const kind = {
    ...{ generator: 'Generator', der: 'DER', storage: 'Battery', load: 'Load', community: 'Community' },
    ...{ bid: 'Bid', imbalance: 'Imbalance' },
  }[unit.kind];
  const text = `${unit.base ? 'Load' : `${kind} ${unit.id}`} at bus ${unit.bus}: ${unitAmount(lab, unit, step)}`;
  if (unit.kind !== 'bid') return text;
  const bid = lab.scenario.case.balancing?.bids?.find(({ id }) => id === unit.id);
  const offered = (bid?.offers ?? [])
    .filter(({ period = 1 }) => period === step + 1)
    .flatMap(({ segments }) => segments);
  if (offered.length === 0) return text;
  const { times } = power(lab.report);
  const write = writer(lab.report);
  const words = offered.slice(0, 4).map(({ min_p_mw = 0, max_p_mw, usd_per_mwh }) => {
    const range =
      min_p_mw < 0 && max_p_mw > 0
        ? `${plain(min_p_mw * times)} to ${signed(lab, max_p_mw * times)}`
        : signed(lab, (max_p_mw === 0 ? min_p_mw : max_p_mw) * times);
    return `${range} at ${write(usd_per_mwh, '$/MWh')}`;
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
    .map((member) => ({ id: member.id, mw: unitPower(lab, member, step) }))
    .filter(({ mw }) => Math.abs(mw) >= 1e-6);
  const sum = unitPower(lab, unit, step);
  const text = (/** @type {number} */ mw) => (isSigned(unit) ? signed(lab, mw) : amount(mw, power(lab.report).unit));
  const head = `${unit.id} ${unit.area ? 'in the area of' : 'at'} bus ${unit.bus}: ${text(sum)} together`;
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
  const flow = wireFlow(lab, boundaryWire(hanging), step);
  const course = Number.isFinite(flow)
    ? `, ${flow < 0 ? 'imports' : 'exports'} ${amount(Math.abs(flow), power(lab.report).unit)}`
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
    ...transmissionWires(system),
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
  const asked = isAtPoint(lab.report);
  if (asked && !wires.some(({ loading: share }) => Number.isFinite(lab.at(share, step))))
    return 'At the point asked about; what it leaves open is not shown.';
  if (!wires.some(({ flow }) => Number.isFinite(lab.at(flow, step)))) {
    return `${buses} and ${count(system.branches.length, 'line')}${below}; there is no dispatch to show.`;
  }
  const limited = wires
    .map((wire) => ({ wire, share: loading(lab, wire, step) }))
    .filter(({ share }) => !Number.isNaN(share))
    .sort((a, b) => b.share - a.share);
  const over = limited.filter(({ share }) => loadingClass(share) === 'over');
  const named = (over.length > 0 ? over : limited).slice(0, 3);
  const timed = lab.report.clock == null || lab.steps < 2 ? '' : `${lab.report.clock.name} ${step + 1}: `;
  const when = asked ? 'at the point asked about: ' : timed;
  const lines =
    limited.length === 0
      ? wires.some(isLimited)
        ? 'no line over its limit'
        : `${buses}${below}, no limited line`
      : over.length > 0
        ? `over the limit: ${named.map(({ wire, share }) => `line ${wire.id} at ${percent(share)}`).join(', ')}${over.length > 3 ? ` and ${over.length - 3} more` : ''}`
        : `no line over its limit; the fullest is ${named[0]?.wire.id} at ${percent(named[0]?.share ?? NaN)}`;
  const voltages = voltageSentence(lab, step) + loadSentence(lab, step);
  const priced = busPrices(lab.report);
  const prices = priced.map(({ values }) => values[step] ?? NaN).filter(Number.isFinite);
  const said = (/** @type {string} */ text) => text.charAt(0).toUpperCase() + text.slice(1);
  if (prices.length === 0) return said(`${when}${lines}${voltages}${voltages.endsWith('.') ? '' : '.'}`);
  const [low, high] = [Math.min(...prices), Math.max(...prices)];
  const unit = priced[0]?.unit ?? '';
  const alike = amount(low, unit) === amount(high, unit);
  const several = alike
    ? `prices about ${amount(low, unit)}`
    : `prices from ${amount(low, '')} to ${amount(high, unit)}`;
  const price = high - low < 1e-6 ? `one price, ${amount(low, unit)}` : several;
  return said(`${when}${lines}${voltages}; ${price}${unpriced(priced, step)}.`);
}

/**
 * Buses at which no price is determined, where others have one.
 * @param {ReturnType<typeof busPrices>} priced
 * @param {number} step
 */
function unpriced(priced, step) {
  const names = priced.filter(({ values }) => !Number.isFinite(values[step])).map(({ subject }) => subject?.id);
  if (names.length === 0) return '';
  const buses = names.length > FEW_UNPRICED ? `${names.length} buses` : `bus ${names.join(' and bus ')}`;
  return `, and none is determined at ${buses}`;
}

/** Buses without a price up to which each is named. */
const FEW_UNPRICED = 3;

/** Feeder buses with a load up to which each is drawn with its number. */
const FEW_LOADS = 9;

/**
 * The loads of feeders' buses, where they are too many to be drawn one by one.
 * @param {Lab} lab
 * @param {number} step
 */
function loadSentence(lab, step) {
  const loads = units(lab.scenario.case).filter(({ base }) => base);
  const sum = loads.reduce((all, unit) => all + unitPower(lab, unit, step), 0);
  return loads.length > FEW_LOADS ? `; loads of ${amount(sum, power(lab.report).unit)} at ${loads.length} buses` : '';
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
