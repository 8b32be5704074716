// Presets that are variants of one question: one card on the front page, a switch between them in the lab.

/**
 * What the variants differ in. `sets`: the fields of the scenario that a variant decides; the reader's own edits of other
 * fields stay when the variant changes. A field stands for all below it.
 * @typedef {{ name: string, options: string[], sets: string[] }} Dimension
 */

/**
 * @typedef {object} Variant
 * @property {string} preset
 * @property {string[]} at Its option in each dimension.
 */

/**
 * @typedef {object} Family
 * @property {string} head The preset that its card opens.
 * @property {string} title
 * @property {string} question
 * @property {Dimension[]} dimensions
 * @property {Variant[]} variants
 */

/**
 * Variants in one dimension.
 * @param {{ head: string, title: string, question: string, name: string, sets: string[], variants: [string, string][] }} family
 *   `variants`: preset and option
 * @returns {Family}
 */
function alongOne({ head, title, question, name, sets, variants }) {
  return {
    head,
    title,
    question,
    dimensions: [{ name, sets, options: variants.map(([, option]) => option) }],
    variants: variants.map(([preset, option]) => ({ preset, at: [option] })),
  };
}

const FACTORS = ['mechanism.method', 'mechanism.df', 'mechanism.equivalent', 'mechanism.rules_beside'];

/** @type {Family[]} */
export const FAMILIES = [
  alongOne({
    head: 'zuo-4node',
    title: 'Why dispatch oscillates',
    question:
      "The ISO thinks two thirds of an aggregator's output crosses line 2-3. What if it does not, and does another rule help?",
    name: 'The ISO sees the aggregator by',
    sets: FACTORS,
    variants: [
      ['zuo-4node', 'shares of capacity'],
      ['zuo-4node-se', 'the latest measurement'],
      ['zuo-4node-unscheduled', 'unscheduled capacity'],
      ['zuo-4node-average', 'the mean of three factors'],
      ['zuo-4node-weighted', 'a weighted mean'],
      ['zuo-4node-smoothing', 'exponential smoothing'],
      ['zuo-4node-merit-order', 'the next bid block'],
      ['zuo-4node-block', 'a factor for each bid block'],
      ['zuo-4node-optimal', 'every DER at its bus: the optimum'],
    ],
  }),
  {
    head: 'zuo-4node-union-jack-m4',
    title: 'The published cure: Union Jack',
    question: 'What does the published cure cost, and is a finer grid always better?',
    dimensions: [
      { name: 'Grid, M', options: ['3', '4', '5'], sets: ['mechanism.equivalent.m'] },
      {
        name: 'Rectangle of the grid',
        options: ['natural', 'calibrated'],
        sets: ['mechanism.equivalent.rectangle', 'mechanism.equivalent.own'],
      },
    ],
    variants: ['3', '4', '5'].flatMap((m) => [
      { preset: `zuo-4node-union-jack-m${m}`, at: [m, 'natural'] },
      { preset: `zuo-4node-union-jack-calibrated-m${m}`, at: [m, 'calibrated'] },
    ]),
  },
  alongOne({
    head: 'zuo-30bus',
    title: 'Thirty buses, three aggregators',
    question: 'Does it happen on a meshed network with several aggregators, and which cure works there?',
    name: 'The ISO sees the aggregators by',
    sets: FACTORS,
    variants: [
      ['zuo-30bus', 'shares of capacity'],
      ['zuo-30bus-se', 'the latest measurement'],
      ['zuo-30bus-average', 'the mean of three factors'],
      ['zuo-30bus-unscheduled', 'unscheduled capacity'],
      ['zuo-30bus-proposed', 'the published cure, on a grid'],
      ['zuo-30bus-exact', 'exact curves'],
      ['zuo-30bus-optimal', 'every DER at its bus: the optimum'],
    ],
  }),
  alongOne({
    head: 'mezghani-s3a',
    title: 'Shared benefit',
    question: 'One activation cures two problems. Who pays?',
    name: 'Transmission is short of',
    sets: ['case.balancing.imbalances'],
    variants: [
      ['mezghani-s3a', '0.6 MW, above the overload'],
      ['mezghani-s3b', '0.4 MW, below the overload'],
    ],
  }),
  alongOne({
    head: 'mezghani-s4',
    title: 'Self-healing',
    question: 'Can a feeder cure its own congestion without the TSO?',
    name: 'The line to transmission is',
    sets: ['case.feeders.D-net.lines.I-D.max_s_mva'],
    variants: [
      ['mezghani-s4', 'with room'],
      ['mezghani-s4-closed', 'blocked'],
    ],
  }),
  alongOne({
    head: 'mezghani-s5',
    title: 'Gaming',
    question: 'Why bid low behind a full line?',
    name: 'Everyone is paid',
    sets: ['mechanism.settlement'],
    variants: [
      ['mezghani-s5', 'the price of its own bus'],
      ['mezghani-s5-balancing-price', 'the transmission price above it'],
    ],
  }),
  alongOne({
    head: 'chao-peck',
    title: 'A country below a platform',
    question: 'Can a nation hand its grid to Europe in one curve, and what does it ask for 40 MW?',
    name: '40 MW are missing',
    sets: ['case.balancing.imbalances'],
    variants: [
      ['chao-peck', 'in the nation'],
      ['chao-peck-export', 'outside'],
    ],
  }),
  alongOne({
    head: 'smartnet-mediumit',
    title: 'A region of Italy, synthetic',
    question: 'How far does one round with functions stay from the optimum, and what do functions by period save?',
    name: 'A feeder hands over',
    sets: ['mechanism.rsf'],
    variants: [
      ['smartnet-mediumit', 'one function for all periods'],
      ['smartnet-mediumit-nested', 'cuts for each period'],
    ],
  }),
  alongOne({
    head: 'smartnet-italy1',
    title: 'Countries, synthetic',
    question: 'Does it scale to a country?',
    name: 'Country',
    sets: ['case', 'mechanism.physics'],
    variants: [
      ['smartnet-italy1', 'Italy'],
      ['smartnet-italy2', 'Italy with twice the bids'],
      ['smartnet-denmark', 'Denmark'],
    ],
  }),
  alongOne({
    head: 'wang-day',
    title: 'A day of one ISO and four DSOs',
    question: 'A day comes out differently from the plan: what is it worth to settle it together, and who gets what?',
    name: 'The gain is shared by',
    sets: ['mechanism.settlement'],
    variants: [
      ['wang-day', 'Nash bargain in every slot'],
      ['wang-telescoping', 'telescoping Nash bargain'],
      ['wang-uncongested', 'prices at the boundary'],
    ],
  }),
  alongOne({
    head: 'khojasteh-k33',
    title: 'Bids in the balancing market of a feeder',
    question: 'Local resources make balancing a quarter cheaper: who keeps the saving?',
    name: 'Who bids',
    sets: ['mechanism.strategic', 'mechanism.hour', 'view.outcome', 'view.step'],
    variants: [
      ['khojasteh-k33-tso-only', 'the TSO alone'],
      ['khojasteh-k33-truthful', 'everyone at cost'],
      ['khojasteh-k33', 'owner S at its best'],
      ['khojasteh-k33-two-bsps', 'owners S and R1 at their best'],
    ],
  }),
  alongOne({
    head: 'theisen-week',
    title: 'Five days of three communities',
    question: 'What does trading among neighbours save, against every other way to buy?',
    name: 'Way to buy',
    sets: ['view.outcome'],
    variants: [
      ['theisen-base', 'batteries idle'],
      ['theisen-tariff', 'flat tariff'],
      ['theisen-prices-to-devices', 'prices to devices'],
      ['theisen-week', 'community market'],
    ],
  }),
  alongOne({
    head: 'baran-wu-33-flow',
    title: 'Power flow of a feeder',
    question: 'How far does the voltage sag along a feeder, and what do its lines lose?',
    name: 'Feeder',
    sets: ['case'],
    variants: [
      ['baran-wu-33-flow', '33 buses'],
      ['baran-wu-69-flow', '69 buses'],
    ],
  }),
];

/**
 * The family of a preset.
 * @param {string} preset
 */
export function familyOf(preset) {
  return FAMILIES.find(({ variants }) => variants.some((variant) => variant.preset === preset)) ?? null;
}

/**
 * The variant with an option of one dimension that is otherwise most like another.
 * @param {Family} family
 * @param {string} preset from here
 * @param {number} dimension
 * @param {string} option
 */
export function sibling(family, preset, dimension, option) {
  const from = family.variants.find((variant) => variant.preset === preset);
  const alike = (/** @type {Variant} */ { at }) => at.filter((value, k) => value === from?.at[k]).length;
  const those = family.variants.filter(({ at }) => at[dimension] === option);
  return those.reduce((best, one) => (alike(one) > alike(best) ? one : best), those[0] ?? family.variants[0]);
}
