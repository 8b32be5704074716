// The dispatch of one interval by angles, as LP text for HiGHS: written from the case alone.

/** @import { Case } from '../../www/js/session/types.js' */

/** @param {number} value */
const number = (value) => (value === Infinity ? 'inf' : value === -Infinity ? '-inf' : String(value));

/**
 * > minimise Σ c_k p_k + ½ (s_k / w_k) p_k², Σ p_k − Σ b (θ_f − θ_t − φ) = load at each bus, |flow| ≤ limit
 * @param {Case} system
 */
export function angles(system) {
  const place = new Map(system.buses.map((bus, k) => [bus.id, k]));
  /** @type {string[][]} */
  const balance = system.buses.map(() => []);
  const fixed = new Float64Array(system.buses.length);
  /** @type {Record<'cost' | 'square' | 'limits' | 'bounds', string[]>} */
  const { cost, square, limits, bounds } = { cost: [], square: [], limits: [], bounds: [] };
  let constant = 0;
  for (const load of system.loads) fixed[place.get(load.bus) ?? 0] += load.p_mw;
  for (const [g, unit] of system.generators.entries()) {
    const at = balance[place.get(unit.bus) ?? 0] ?? [];
    constant += unit.no_load_usd_per_h ?? 0;
    const parts = unit.offer.map((block, k) => {
      const name = `p${g}_${k}`;
      const end = block.end_usd_per_mwh ?? block.usd_per_mwh;
      cost.push(`+ ${block.usd_per_mwh} ${name}`);
      if (end !== block.usd_per_mwh && block.p_mw > 0)
        square.push(`+ ${(end - block.usd_per_mwh) / block.p_mw} ${name} ^ 2`);
      bounds.push(`0 <= ${name} <= ${block.p_mw}`);
      return name;
    });
    const least = unit.min_p_mw ?? 0;
    if (least < 0) {
      bounds.push(`${least} <= p${g}_d <= 0`);
      cost.push(`+ ${unit.offer[0]?.usd_per_mwh ?? 0} p${g}_d`);
      parts.push(`p${g}_d`);
    }
    if (least > 0) limits.push(`m${g}: ${parts.map((name) => `+ ${name}`).join(' ')} >= ${least}`);
    at.push(...parts.map((name) => `+ ${name}`));
  }
  for (const [l, branch] of system.branches.entries()) {
    if (branch.in_service === false) continue;
    const b = system.base_mva / (branch.x_pu * (branch.tap ?? 1));
    const shift = (b * (branch.shift_deg ?? 0) * Math.PI) / 180;
    const [from, to] = [place.get(branch.from) ?? 0, place.get(branch.to) ?? 0];
    const most = branch.max_p_mw ?? Infinity;
    bounds.push(`${number(-most)} <= f${l} <= ${number(most)}`);
    limits.push(
      `a${l}: f${l} - ${b} t${from} + ${b} t${to} = ${-shift}`.replaceAll('- -', '+ ').replaceAll('+ -', '- '),
    );
    balance[from]?.push(`- f${l}`);
    balance[to]?.push(`+ f${l}`);
  }
  for (const [k] of system.buses.entries()) bounds.push(k === 0 ? 't0 = 0' : `t${k} free`);
  const rows = balance.map((terms, k) => (terms.length > 0 ? `b${k}: ${terms.join(' ')} = ${fixed[k]}` : ''));
  const quadratic = square.length > 0 ? ` + [ ${square.join('\n')} ] / 2` : '';
  return [
    `minimize\n${cost.join('\n')}${quadratic} + ${constant}`,
    `subject to\n${[...rows, ...limits].filter((row) => row !== '').join('\n')}`,
    `bounds\n${bounds.join('\n')}`,
    'end',
  ]
    .join('\n')
    .replaceAll('+ -', '- ');
}
