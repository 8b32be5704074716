// Words that people look for and the presets do not say themselves: each with the presets that it leads to.

/**
 * @typedef {object} Concept
 * @property {string[]} words What may be typed, abbreviations with what they stand for.
 * @property {string[]} presets Ids, what fits best first; a star at the end stands for every id that begins so.
 */

/** @type {Concept[]} */
export const CONCEPTS = [
  { words: ['negative price', 'price below zero'], presets: ['lind-5bus'] },
  { words: ['Nash bargaining solution', 'bargaining power'], presets: ['wang-day', 'wang-table2', 'wang-telescoping'] },
  {
    words: ['Nash equilibrium', 'game', 'strategic', 'market power', 'best response', 'withholding'],
    presets: ['khojasteh-k33', 'khojasteh-k33-two-bsps', 'khojasteh-k33-both-levels'],
  },
  {
    words: ['gaming', 'inc-dec', 'underbidding', 'strategic'],
    presets: ['mezghani-s5', 'mezghani-s5-balancing-price'],
  },
  {
    words: ['Shapley value', 'core', 'coalition', 'cooperative game', 'fairness', 'fair', 'Jain index'],
    presets: ['wang-day', 'wang-telescoping', 'wang-table2'],
  },
  {
    words: ['DER', 'distributed energy resource', 'aggregation', 'aggregator', 'virtual power plant', 'VPP'],
    presets: ['zuo-4node', 'zuo-*'],
  },
  {
    words: ['LMP', 'locational marginal price', 'nodal price', 'marginal pricing'],
    presets: [
      'triangle',
      'triangle-losses',
      'wang-congested',
      'zuo-4node-optimal',
      'lind-5bus',
      'chao-peck',
      'mezghani-s1',
    ],
  },
  { words: ['distribution LMP', 'DLMP'], presets: ['baran-wu-33', 'khojasteh-k33-cone', 'theisen-feeder-limit'] },
  {
    words: ['congestion', 'congested', 'line limit', 'bottleneck', 'overload'],
    presets: [
      'triangle',
      'zuo-4node',
      'mezghani-s1',
      'mezghani-s2',
      'mezghani-s4',
      'wang-congested',
      'lind-5bus',
      'theisen-feeder-limit',
      'khojasteh-k33-tso-only',
    ],
  },
  {
    words: ['congestion rent', 'merchandising surplus', 'FTR', 'financial transmission right'],
    presets: ['theisen-feeder-limit', 'theisen-two-feeders', 'wang-congested', 'triangle', 'mezghani-s1'],
  },
  {
    words: ['oscillation', 'oscillate', 'swing', 'instability', 'stability', 'limit cycle', 'divergence'],
    presets: [
      'zuo-4node',
      'zuo-4node-se',
      'zuo-4node-average',
      'zuo-4node-weighted',
      'zuo-4node-smoothing',
      'zuo-30bus',
      'zuo-30bus-unscheduled',
    ],
  },
  {
    words: ['distribution factor', 'PTDF', 'shift factor', 'GSF'],
    presets: ['zuo-4node', 'zuo-4node-se', 'zuo-4node-block', 'zuo-30bus', 'triangle'],
  },
  {
    words: [
      'real-time market',
      'SCED',
      'RTD',
      'five-minute',
      'security-constrained economic dispatch',
      'unit dispatch',
      'economic dispatch',
      'DC OPF',
      'optimal power flow',
    ],
    presets: ['zuo-4node', 'zuo-4node-optimal', 'zuo-30bus', 'zuo-30bus-optimal', 'triangle'],
  },
  {
    words: ['look-ahead', 'multi-interval', 'ramp', 'ramping', 'rolling horizon'],
    presets: ['zuo-4node-look-ahead', 'wang-day'],
  },
  {
    words: [
      'mixed integer',
      'MILP',
      'binary',
      'piecewise linear',
      'network equivalent',
      'feasible region',
      'flexibility region',
    ],
    presets: ['zuo-4node-union-jack-*', 'zuo-30bus-proposed', 'zuo-4node-exact'],
  },
  {
    words: ['battery', 'storage', 'BESS', 'state of charge'],
    presets: [
      'theisen-week',
      'theisen-tariff',
      'theisen-prices-to-devices',
      'theisen-reserve',
      'wang-storage',
      'khojasteh-k33-storage',
    ],
  },
  { words: ['solar', 'PV', 'photovoltaic', 'rooftop'], presets: ['theisen-*'] },
  { words: ['wind', 'renewables', 'forecast error'], presets: ['wang-day', 'wang-risk', 'theisen-noise'] },
  {
    words: ['voltage', 'volt-var', 'reactive power', 'undervoltage', 'overvoltage', 'inverter'],
    presets: [
      'baran-wu-33-flow',
      'baran-wu-69-flow',
      'baran-wu-33',
      'theisen-voltages',
      'khojasteh-k33-cone',
      'mezghani-3node',
    ],
  },
  {
    words: [
      'losses',
      'branch-flow',
      'DistFlow',
      'second-order cone',
      'SOCP',
      'AC power flow',
      'radial feeder',
      'distribution grid',
    ],
    presets: [
      'baran-wu-33-flow',
      'baran-wu-69-flow',
      'baran-wu-33',
      'mezghani-3node',
      'khojasteh-k33-cone',
      'triangle-losses',
    ],
  },
  {
    words: ['balancing market', 'mFRR', 'MARI', 'reserve activation', 'balancing energy', 'platform'],
    presets: ['mezghani-s1', 'chao-peck', 'chao-peck-export', 'khojasteh-k33', 'smartnet-mediumit'],
  },
  {
    words: [
      'TSO-DSO coordination',
      'TSO',
      'DSO',
      'coordination scheme',
      'local market',
      'hierarchical',
      'flexibility market',
    ],
    presets: ['mezghani-*', 'khojasteh-k33', 'wang-day', 'lind-5bus'],
  },
  {
    words: ['Italy', 'Italian', 'SmartNet', 'large scale', 'country'],
    presets: ['smartnet-italy1', 'smartnet-italy2', 'smartnet-mediumit', 'smartnet-mediumit-nested'],
  },
  { words: ['Denmark', 'Danish', 'SmartNet', 'large scale', 'country'], presets: ['smartnet-denmark'] },
  {
    words: [
      'block bid',
      'indivisible',
      'nonconvex',
      'integer',
      'uplift',
      'lost opportunity cost',
      'convex hull price',
      'duality gap',
    ],
    presets: ['mezghani-block', 'smartnet-denmark', 'smartnet-mediumit'],
  },
  {
    words: [
      'decomposition',
      'distributed optimisation',
      'distributed optimization',
      'ADMM',
      'dual decomposition',
      'privacy',
      'cutting plane',
      'Benders',
    ],
    presets: ['wang-exchange', 'smartnet-mediumit-nested', 'rsf-periods'],
  },
  { words: ['risk', 'CVaR', 'uncertainty', 'stochastic'], presets: ['wang-risk', 'theisen-noise'] },
  {
    words: [
      'transactive energy',
      'peer-to-peer',
      'P2P',
      'energy community',
      'local energy market',
      'prosumer',
      'district',
    ],
    presets: ['theisen-week', 'theisen-interval', 'theisen-two-feeders', 'theisen-thread'],
  },
  {
    words: ['tariff', 'demand charge', 'time of use', 'retail', 'bill', 'peak shaving', 'demand response'],
    presets: ['theisen-tariff', 'theisen-base', 'theisen-prices-to-devices', 'theisen-week'],
  },
  { words: ['heat pump', 'thermal', 'building', 'HVAC'], presets: ['theisen-thermal'] },
  { words: ['spinning reserve', 'ancillary services', 'reserve'], presets: ['theisen-reserve'] },
  { words: ['marginal losses', 'loss factor', 'transmission losses'], presets: ['triangle-losses'] },
  { words: ['Kirchhoff', 'loop flow', 'three buses', 'shadow price', 'hand calculation'], presets: ['triangle'] },
  {
    words: ['bilevel', 'MPEC', 'KKT', 'Stackelberg', 'optimal bidding', 'BSP'],
    presets: [
      'khojasteh-k33',
      'khojasteh-k33-two-bsps',
      'khojasteh-k33-both-levels',
      'khojasteh-k33-storage',
      'khojasteh-k33-cone',
    ],
  },
  {
    words: ['safe bids', 'forwarding', 'traffic light', 'prequalification', 'dynamic operating envelope'],
    presets: ['khojasteh-k33-stage2'],
  },
  {
    words: ['settlement', 'payment', 'who pays', 'pay-as-bid'],
    presets: [
      'wang-day',
      'wang-telescoping',
      'wang-uncongested',
      'mezghani-s3a',
      'mezghani-s3b',
      'mezghani-s5-balancing-price',
    ],
  },
  { words: ['IEEE 14-bus system'], presets: ['wang-*'] },
  { words: ['IEEE 30-bus system', 'meshed'], presets: ['zuo-30bus*'] },
  { words: ['IEEE 33-bus feeder', 'Baran Wu'], presets: ['baran-wu-33', 'baran-wu-33-flow', 'khojasteh-k33'] },
];
