// The rules under which a round is cleared, in words.

/** @typedef {'nodal' | 'bid' | 'zonal'} Rule */

/** @type {Rule[]} */
export const RULES = ['nodal', 'bid', 'zonal'];

/** @type {Record<Rule, { name: string, seat: string, room: string }>} */
const WORDS = {
  nodal: {
    name: 'Nodal prices',
    seat: 'Every unit that runs is paid the price at its bus, whatever it bid. A bid decides only whether it runs.',
    room: 'The cheapest offers that the lines allow run; each is paid the price at its bus.',
  },
  bid: {
    name: 'Pay as bid',
    seat: 'Every unit that runs is paid its own bid.',
    room: 'The same offers run; each is paid its own bid, and the load pays what they cost.',
  },
  zonal: {
    name: 'One price, then redispatch',
    seat: 'First the cheapest offers are sold at one price, as if lines had no limits. Then, where a line would be too full, some units produce less and pay their own bid for what they leave; others produce more and are paid their own bid for it.',
    room: 'One price as if no line had a limit; then redispatch: who produces less pays its bid back, who produces more is paid its bid, and the load pays for it.',
  },
};

/** @param {Rule} rule */
export function ruleName(rule) {
  return WORDS[rule].name;
}

/** The rule as a student is told. @param {Rule} rule */
export function ruleForSeat(rule) {
  return WORDS[rule].seat;
}

/** The rule as the class is told. @param {Rule} rule */
export function ruleForRoom(rule) {
  return WORDS[rule].room;
}

/** Whether a text names a rule. @param {unknown} text @returns {text is Rule} */
export function isRule(text) {
  return RULES.includes(/** @type {Rule} */ (text));
}
