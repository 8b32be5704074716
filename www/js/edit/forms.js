// What is asked of each kind of item: the fields to add one and to change one, and what they make of a scenario.

import { added, attached, changed, find, freeId, grouped, listOf, placeNear } from './change.js';

/** @import { Case, Feeder, Scenario } from '../session/types.js' */
/** @import { Changed, Item, Kind } from './change.js' */
/** @import { Spec } from './fields.js' */

/** A line as good as any until its data are known. */
const X_PU = 0.1;
const R_OHM = 0.5;
const X_OHM = 0.3;
/** DERs up to which each has a box to tick. */
const MANY = 60;
/** A unit to begin with. */
const P_MW = 10;
const USD_PER_MWH = 20;

/**
 * `place`: the bus that is selected; `ready`: feeders that can be attached, by their names.
 * @typedef {{ place: string, ready: [string, Feeder][] }} At
 * @typedef {{ specs: Spec[], make: (document: Scenario, values: Record<string, any>) => Changed | null }} Form
 */

/** Kinds that may stand at a bus of a feeder, too. @type {Kind[]} */
const BELOW = ['der', 'bid', 'imbalance'];

/**
 * The kinds that can be added: what the mechanism of the scenario takes into account.
 * @param {Scenario} document
 * @returns {Kind[]}
 */
export function kindsOf({ case: system, mechanism: { kind } }) {
  /** @type {Kind[]} */
  const kinds = system.buses.length > 1 ? ['bus', 'branch'] : ['bus'];
  if (kind === 'rt_sced')
    kinds.push('generator', 'load', 'der', ...(system.ders.length > 0 ? /** @type {const} */ (['aggregator']) : []));
  if (kind === 'bargaining') kinds.push('generator', 'load');
  if (kind === 'residual_supply') kinds.push('bid', 'imbalance', 'load', 'feeder');
  if (kind === 'power_flow') kinds.push('feeder');
  return kinds;
}

/**
 * @param {Case} system
 * @param {boolean} below whether those of feeders, too
 * @returns {[string, string][]}
 */
function busOptions(system, below) {
  const feeders = below ? (system.feeders ?? []) : [];
  return [...system.buses, ...feeders.flatMap(({ buses }) => buses)].map(({ id }) => [id, id]);
}

/**
 * @param {string} key
 * @param {string} label
 * @param {any} value
 * @param {string} unit
 * @param {boolean} [optional]
 * @returns {Spec}
 */
function number(key, label, value, unit, optional = false) {
  return { key, label, kind: 'number', value, unit, optional };
}

/**
 * @param {string} key
 * @param {string} label
 * @param {string} value
 * @param {[string, string][]} options
 * @param {() => void} [onchange]
 * @returns {Spec}
 */
function choice(key, label, value, options, onchange) {
  return { key, label, kind: 'choice', value, options, ...(onchange && { onchange }) };
}

/** @param {string} value @returns {Spec} */
function name(value) {
  return { key: 'id', label: 'Name', kind: 'text', value };
}

/** @param {any[]} value @returns {Spec} */
function blocks(value) {
  return { key: 'offer', label: 'Offer in blocks, from cheap to dear', kind: 'blocks', value };
}

/**
 * The electrical data of a line.
 * @param {Partial<Item>} line
 * @param {boolean} ofFeeder
 * @returns {Spec[]}
 */
function lineSpecs(
  { x_pu = X_PU, r_pu = 0, max_p_mw = null, r_ohm = R_OHM, x_ohm = X_OHM, max_s_mva = null },
  ofFeeder,
) {
  if (ofFeeder)
    return [
      number('r_ohm', 'Resistance', r_ohm, 'Ω'),
      number('x_ohm', 'Reactance', x_ohm, 'Ω'),
      number('max_s_mva', 'Limit', max_s_mva, 'MVA', true),
    ];
  return [
    number('x_pu', 'Reactance', x_pu, 'p.u.'),
    number('r_pu', 'Resistance', r_pu, 'p.u.'),
    number('max_p_mw', 'Limit', max_p_mw, 'MW', true),
  ];
}

/**
 * The form that adds an item. Where a choice changes what else is asked or proposed, `again` is called with what is chosen.
 * @param {Scenario} document
 * @param {Kind} kind
 * @param {At} at
 * @param {Record<string, any>} given what was chosen already
 * @param {() => void} again
 * @returns {Form}
 */
export function addForm(document, kind, at, given, again) {
  const { case: system } = document;
  const last = system.buses.at(-1)?.id ?? '';
  const isBus = find(system, 'bus', at.place) !== null;
  const isTransmission = system.buses.some(({ id }) => id === at.place);
  const bus = given['bus'] ?? (isTransmission || (isBus && BELOW.includes(kind)) ? at.place : last);
  if (kind === 'bus') return busForm(system, given['near'] ?? (isBus ? at.place : last), again);
  if (kind === 'branch')
    return branchForm(system, given, isTransmission ? at.place : (system.buses[0]?.id ?? ''), again);
  if (kind === 'aggregator') return groupForm(system, freeId(system, 'aggregator'), []);
  if (kind === 'feeder') return feederForm(system, bus, given, at.ready, again);
  const offer = given['offer'] ?? [{ p_mw: P_MW, usd_per_mwh: USD_PER_MWH }];
  const place = choice('bus', 'Bus', bus, busOptions(system, BELOW.includes(kind)), again);
  const specs = [name(freeId(system, kind, { bus })), place];
  if (kind === 'bid' || kind === 'imbalance') return tradeForm(kind, specs, given);
  if (kind === 'load') specs.push(number('p_mw', 'Load', P_MW, 'MW'));
  else specs.push(number('max_p_mw', 'Capacity', P_MW, 'MW'), blocks(offer));
  return { specs, make: (whole, values) => added(whole, kind, { ...blank(kind), .../** @type {Item} */ (values) }) };
}

/** What a new unit has beside what is asked. @param {Kind} kind */
function blank(kind) {
  return kind === 'generator' ? { min_p_mw: 0, ramp_mw_per_min: null } : {};
}

/**
 * A bid or an imbalance of a balancing market, the same in every period.
 * @param {Kind} kind
 * @param {Spec[]} place
 * @param {Record<string, any>} given
 * @returns {Form}
 */
function tradeForm(kind, place, given) {
  const first = given['segments'] ?? [{ min_p_mw: 0, max_p_mw: 1, usd_per_mwh: USD_PER_MWH }];
  return {
    specs: [...place, kind === 'bid' ? segments(first) : off(-1)],
    make(document, values) {
      const periods = Array.from({ length: document.case.balancing?.periods ?? 1 }, (_, k) => ({ period: k + 1 }));
      return document.case.balancing === undefined
        ? null
        : added(document, kind, /** @type {Item} */ (traded(kind, values, periods)));
    },
  };
}

/**
 * Values of a form as a bid or an imbalance has them.
 * @param {Kind} kind
 * @param {Record<string, any>} values
 * @param {Record<string, any>[]} offers of the periods
 */
function traded(kind, { segments: own, ...values }, offers) {
  if (own !== undefined) return { ...values, offers: offers.map((offer) => ({ ...offer, segments: own })) };
  return kind === 'imbalance' && values['p_mw'] !== undefined ? { ...values, p_mw: [values['p_mw']] } : values;
}

/** @param {any[]} value @returns {Spec} */
function segments(value) {
  return { key: 'segments', label: 'Offer in blocks, upwards + and downwards −', kind: 'blocks', ends: true, value };
}

/** @param {number} value @returns {Spec} */
function off(value) {
  return number('p_mw', 'Surplus + or shortage −', value, 'MW');
}

/**
 * The blocks of a bid, where they are the same in every period.
 * @param {Item} bid
 */
function segmentsOf({ offers }) {
  const [first, ...others] = offers;
  const text = JSON.stringify(first?.segments);
  const one =
    first !== undefined && others.every((/** @type {any} */ other) => JSON.stringify(other.segments) === text);
  return one ? [segments(first.segments)] : [];
}

/**
 * A bus, with the line that connects it.
 * @param {Case} system
 * @param {string} near
 * @param {() => void} again
 * @returns {Form}
 */
function busForm(system, near, again) {
  const feeder = find(system, 'bus', near)?.feeder ?? null;
  const specs = [
    name(freeId(system, 'bus', { feeder })),
    choice('near', 'Connected to bus', near, busOptions(system, true), again),
    ...lineSpecs({}, feeder !== null),
    ...(feeder === null
      ? []
      : [number('p_load_mw', 'Load', 0, 'MW'), number('q_load_mvar', 'Reactive load', 0, 'Mvar')]),
  ];
  return {
    specs,
    make(document, { id, near: from, p_load_mw, q_load_mvar, ...data }) {
      const own = find(document.case, 'bus', from)?.feeder ?? null;
      const line = { id: freeId(document.case, 'branch', { from, to: id, feeder: own }), from, to: id, ...data };
      const item = own === null ? { id, ...placeNear(document.case, from) } : { id, p_load_mw, q_load_mvar };
      return added(document, 'bus', item, line);
    },
  };
}

/**
 * @param {Case} system
 * @param {Record<string, any>} given
 * @param {string} place
 * @param {() => void} again
 * @returns {Form}
 */
function branchForm(system, given, place, again) {
  const from = given['from'] ?? place;
  const to = given['to'] ?? farFrom(system, from);
  const specs = [
    name(freeId(system, 'branch', { from, to })),
    choice('from', 'From bus', from, busOptions(system, false), again),
    choice('to', 'To bus', to, busOptions(system, false), again),
    ...lineSpecs({}, false),
  ];
  return { specs, make: (document, values) => added(document, 'branch', /** @type {Item} */ (values)) };
}

/**
 * A bus that a new line may lead to: the first that none leads to yet.
 * @param {Case} system
 * @param {string} from
 */
function farFrom({ buses, branches }, from) {
  const near = new Set(
    branches.filter((line) => line.from === from || line.to === from).flatMap((line) => [line.from, line.to]),
  );
  const others = buses.filter(({ id }) => id !== from);
  return (others.find(({ id }) => !near.has(id)) ?? others[0])?.id ?? from;
}

/**
 * @param {Case} system
 * @param {string} id
 * @param {string[]} ders
 * @param {boolean} [known] whether there is one of that name
 * @returns {Form}
 */
function groupForm(system, id, ders, known = false) {
  /** @type {[string, string][]} */
  const options = system.ders.map((der) => [der.id, der.id]);
  /** @type {Spec} */
  const list = {
    key: 'ders',
    label: 'Names of the DERs that bid as one',
    kind: 'text',
    value: ders.join(', '),
    long: true,
  };
  /** @type {Spec} */
  const ticks = { key: 'ders', label: 'DERs that bid as one', kind: 'ticks', value: ders, options };
  const named = (/** @type {string | string[]} */ typed) =>
    typeof typed === 'string'
      ? typed
          .split(/[,;]/)
          .map((one) => one.trim())
          .filter((one) => one !== '')
      : typed;
  return {
    specs: [...(known ? [] : [name(id)]), options.length > MANY ? list : ticks],
    make: (document, values) => grouped(document, known ? id : values['id'], named(values['ders'])),
  };
}

/**
 * @param {Case} system
 * @param {string} bus
 * @param {Record<string, any>} given
 * @param {[string, Feeder][]} ready
 * @param {() => void} again
 * @returns {Form}
 */
function feederForm(system, bus, given, ready, again) {
  const which = given['which'] ?? ready[0]?.[0] ?? '';
  /** @type {[string, string][]} */
  const options = ready.map(([title]) => [title, title]);
  return {
    specs: [
      name(freeId(system, 'feeder')),
      choice('which', 'Feeder', which, options, again),
      choice('bus', 'At bus', bus, busOptions(system, false)),
      number('max_p_mw', 'Limit of the exchange', null, 'MW', true),
    ],
    make(document, { which: title, ...place }) {
      const feeder = ready.find(([one]) => one === title)?.[1];
      return feeder === undefined ? null : attached(document, feeder, /** @type {any} */ (place));
    },
  };
}

/**
 * The form that changes an item.
 * @param {Scenario} document
 * @param {Kind} kind
 * @param {string} id
 * @returns {Form | null} null where there is no such item
 */
export function changeForm(document, kind, id) {
  const { case: system } = document;
  const found = find(system, kind, id);
  if (found === null) return null;
  const { item, feeder } = found;
  if (kind === 'aggregator') return groupForm(system, id, item['ders'], true);
  const own = specsOf(system, kind, item, feeder !== null);
  return {
    specs: [name(item.id), ...own],
    make: (whole, values) => changed(whole, kind, id, traded(kind, values, item['offers'] ?? [])),
  };
}

/**
 * @param {Case} system
 * @param {Kind} kind
 * @param {Item} item
 * @param {boolean} ofFeeder
 * @returns {Spec[]}
 */
function specsOf(system, kind, item, ofFeeder) {
  const place = () => choice('bus', 'Bus', item['bus'], busOptions(system, BELOW.includes(kind)));
  if (kind === 'bus' && ofFeeder)
    return [
      number('p_load_mw', 'Load', item['p_load_mw'] ?? 0, 'MW'),
      number('q_load_mvar', 'Reactive load', item['q_load_mvar'] ?? 0, 'Mvar'),
      number('min_v_pu', 'Least voltage', item['min_v_pu'], 'p.u.'),
      number('max_v_pu', 'Greatest voltage', item['max_v_pu'], 'p.u.'),
    ];
  if (kind === 'bus') {
    const voltage = number('base_kv', 'Nominal voltage', item['base_kv'] ?? null, 'kV', true);
    return item['x'] == null
      ? [voltage]
      : [voltage, number('x', 'Place to the right', item['x'], ''), number('y', 'Place downwards', item['y'], '')];
  }
  if (kind === 'branch') {
    const ends = ofFeeder
      ? []
      : ['from', 'to'].map((end) =>
          choice(end, end === 'from' ? 'From bus' : 'To bus', item[end], busOptions(system, false)),
        );
    const on = /** @type {Spec} */ ({
      key: 'in_service',
      label: 'In service',
      kind: 'tick',
      value: item['in_service'] !== false,
    });
    return [...ends, ...lineSpecs(item, ofFeeder), ...(ofFeeder ? [] : [on])];
  }
  if (kind === 'bid') return [place(), ...segmentsOf(item)];
  if (kind === 'imbalance') return [place(), ...(item['p_mw'].length === 1 ? [off(item['p_mw'][0])] : [])];
  if (kind === 'load') return [place(), number('p_mw', 'Load', item['p_mw'], 'MW')];
  if (kind === 'feeder') return [];
  const specs = [
    place(),
    number('max_p_mw', 'Capacity', item['max_p_mw'], 'MW'),
    number('min_p_mw', 'Least output', item['min_p_mw'] ?? 0, 'MW'),
  ];
  if (kind === 'generator')
    specs.push(number('ramp_mw_per_min', 'Ramp limit', item['ramp_mw_per_min'] ?? null, 'MW/min', true));
  return [...specs, blocks(item['offer'])];
}

/**
 * What an item is connected with, for whoever wants to go there: kinds and ids.
 * @param {Case} system
 * @param {Kind} kind
 * @param {string} id
 * @returns {{ kind: Kind, id: string }[]}
 */
export function around(system, kind, id) {
  const of = (/** @type {Kind} */ one, /** @type {string[]} */ ids) => ids.map((own) => ({ kind: one, id: own }));
  const own = /** @type {Item} */ (find(system, kind, id)?.item ?? { id });
  if (kind === 'bus') return atBus(system, id);
  if (kind === 'branch') return of('bus', [own['from'], own['to']]);
  if (kind === 'aggregator') return of('der', own['ders']);
  const places = kind === 'feeder' ? (system.boundaries ?? []).filter(({ feeder }) => feeder === id) : [own];
  const groups = kind === 'der' ? (system.aggregators ?? []).filter(({ ders }) => ders.includes(id)) : [];
  return [
    ...of(
      'bus',
      places.map((place) => /** @type {any} */ (place).bus),
    ),
    ...of(
      'aggregator',
      groups.map((group) => group.id),
    ),
  ];
}

/**
 * What stands at a bus or leads to it.
 * @param {Case} system
 * @param {string} bus
 * @returns {{ kind: Kind, id: string }[]}
 */
function atBus(system, bus) {
  const kinds = /** @type {Kind[]} */ (['generator', 'der', 'bid', 'load', 'imbalance']);
  const units = kinds.flatMap((kind) =>
    listOf(system, kind).flatMap((one) => (one['bus'] === bus ? [{ kind, id: one.id }] : [])),
  );
  const touches = (/** @type {{ from: string, to: string }} */ { from, to }) => from === bus || to === bus;
  const line = (/** @type {string} */ id) => ({ kind: /** @type {Kind} */ ('branch'), id });
  const lines = system.branches.filter(touches).map(({ id }) => line(id));
  const below = (system.feeders ?? []).flatMap((feeder) =>
    feeder.lines.filter(touches).map(({ id }) => line(`${feeder.id}/${id}`)),
  );
  const hanging = (system.boundaries ?? []).filter((one) => one.bus === bus);
  return [
    ...units,
    ...lines,
    ...below,
    ...hanging.map(({ feeder }) => ({ kind: /** @type {Kind} */ ('feeder'), id: feeder })),
  ];
}
