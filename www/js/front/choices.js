// What the front page offers beside the lessons: questions that a comparison answers, and systems to start from.

/** @typedef {{ question: string, how: string, preset: string, drawer: string }} Comparison `drawer`: what of the lab stands open */

/** @type {Comparison[]} */
export const COMPARISONS = [
  {
    question: 'What does security cost on a feeder?',
    how: 'Eight schemes of TSO and DSO on one feeder',
    preset: 'mezghani-s1',
    drawer: 'compare',
  },
  {
    question: 'Which rule of factors calms the dispatch?',
    how: 'Every rule on thirty buses in one figure',
    preset: 'zuo-30bus',
    drawer: 'flows',
  },
  {
    question: 'Who gets what of one day?',
    how: 'One day, three settlements',
    preset: 'wang-day',
    drawer: 'compare',
  },
  {
    question: "What does one owner's market power cost?",
    how: 'The TSO alone, everyone at cost, one owner at its best',
    preset: 'khojasteh-k33',
    drawer: 'compare',
  },
  {
    question: 'Tariff, price signal or market?',
    how: 'Four ways to buy, three communities',
    preset: 'theisen-week',
    drawer: 'compare',
  },
];

/** @typedef {{ buses: number, name: string, preset: string }} Grid */

/** Built-in networks by their size. @type {Grid[]} */
export const GRIDS = [
  { buses: 3, name: '3 buses', preset: 'triangle' },
  { buses: 4, name: '4 nodes', preset: 'zuo-4node-optimal' },
  { buses: 14, name: '14 buses', preset: 'wang-day' },
  { buses: 30, name: '30 buses', preset: 'zuo-30bus-optimal' },
  { buses: 33, name: '33-bus feeder', preset: 'baran-wu-33-flow' },
  { buses: 69, name: '69-bus feeder', preset: 'baran-wu-69-flow' },
];
