// Which presets stand for a question, and which of them show a picture. The build draws just these.

import { familyOf } from '../session/families.js';

/** @import { Preset } from '../session/types.js' */

/** Questions whose card shows a picture; the others are lines. */
const PICTURED = new Set([
  ...['zuo-4node', 'zuo-4node-exact', 'zuo-30bus', 'triangle'],
  ...['mezghani-s1', 'lind-5bus', 'chao-peck', 'baran-wu-33'],
  ...['wang-day', 'wang-congested', 'wang-storage', 'wang-exchange'],
  ...['khojasteh-k33', 'khojasteh-k33-both-levels', 'khojasteh-k33-storage', 'khojasteh-k33-cone'],
  ...['theisen-week', 'theisen-interval', 'theisen-thermal', 'theisen-reserve'],
  'baran-wu-33-flow',
]);

/** @typedef {{ mechanism: string, pictured: Preset[], lines: Preset[] }} Part */

/**
 * The presets that stand for their question, a part for each mechanism, in the order of the menu.
 * @param {Preset[]} presets
 * @returns {Part[]}
 */
export function parts(presets) {
  const heads = presets.filter(({ id }) => (familyOf(id)?.head ?? id) === id);
  const mechanisms = [...new Set(heads.map(({ mechanism }) => mechanism))];
  return mechanisms.map((mechanism) => {
    const those = heads.filter((preset) => preset.mechanism === mechanism);
    const isPictured = (/** @type {Preset} */ { id }) => PICTURED.has(id);
    return {
      mechanism,
      pictured: those.filter(isPictured),
      lines: those.filter((preset) => !isPictured(preset)),
    };
  });
}
