// Paths of lessons: presets in the order in which they tell a story, one path for each mechanism.

/**
 * `letter`: begins the code that says which lessons of the path were done; each lesson is a bit of it, in the order of
 * `presets`. Codes are out there: a letter stays, and a lesson may only be appended.
 * @typedef {{ id: string, letter: string, question: string, story: string, presets: string[] }} Path
 */

/** @type {Path[]} */
export const PATHS = [
  {
    id: 'oscillation',
    letter: 'A',
    question: 'Why does dispatch oscillate, and what cures it?',
    story: 'An ISO sees many small units as one and corrects itself by too much.',
    presets: [
      'triangle',
      'zuo-4node',
      'zuo-4node-se',
      'zuo-4node-unscheduled',
      'zuo-30bus-unscheduled',
      'zuo-4node-union-jack-m4',
      'zuo-4node-exact',
    ],
  },
  {
    id: 'coordination',
    letter: 'B',
    question: 'Who may use a local bid?',
    story: 'A cheap resource sits behind a full line of the DSO, and the TSO wants it.',
    presets: [
      'mezghani-s1',
      'mezghani-s2',
      'mezghani-s3a',
      'mezghani-s4',
      'mezghani-s5',
      'mezghani-s5-balancing-price',
      'baran-wu-33',
    ],
  },
  {
    id: 'cooperation',
    letter: 'C',
    question: 'Who gets the gain of cooperation?',
    story: 'A day comes out differently from its plan; one ISO and four DSOs share what settling it together saves.',
    presets: ['wang-day', 'wang-uncongested', 'wang-congested', 'wang-telescoping'],
  },
  {
    id: 'bidding',
    letter: 'D',
    question: 'Who keeps the saving of local balancing?',
    story: 'Local resources are a quarter cheaper than the TSO, and one owner knows it.',
    presets: [
      'khojasteh-k33-tso-only',
      'khojasteh-k33-truthful',
      'khojasteh-k33',
      'khojasteh-k33-two-bsps',
      'khojasteh-k33-stage2',
    ],
  },
  {
    id: 'neighbours',
    letter: 'E',
    question: 'What do neighbours save?',
    story: 'Three communities with solar and batteries buy from the LSE, or from one another.',
    presets: [
      'theisen-base',
      'theisen-tariff',
      'theisen-prices-to-devices',
      'theisen-week',
      'theisen-interval',
      'theisen-feeder-limit',
    ],
  },
];

/**
 * Where a preset stands among the lessons: its path, its place from 0, and the lesson after it.
 * @param {string} preset
 */
export function placeOf(preset) {
  const path = PATHS.find(({ presets }) => presets.includes(preset));
  if (path === undefined) return null;
  const at = path.presets.indexOf(preset);
  return { path, at, next: path.presets[at + 1] ?? null };
}
