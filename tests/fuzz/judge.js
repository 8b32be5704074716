// What is wrong with an answer: of the program in the terminal, and of a drawing.

/** @typedef {import('./program.js').Done} Done */

const FIELD = /^\S[^\n]{0,8100}?: \S/;
const NO_FIELD = /^(scenario|interval): /;
const NOT_FINITE = /(?<![\w.`"“-])[-+]?(?:nan|inf|NaN|Infinity)(?![\w.`"”])/;
// Tab and line ends are the program's own.
const UNSEEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;
const TAGS = new Set([
  'svg',
  'g',
  'path',
  'rect',
  'line',
  'text',
  'tspan',
  'circle',
  'ellipse',
  'polygon',
  'polyline',
  'title',
  'desc',
  'defs',
  'pattern',
  'clipPath',
  'linearGradient',
  'stop',
  'marker',
  'symbol',
  'use',
  'mask',
]);

/** @param {any} value @param {(at: string, value: any) => void} see @param {string} at */
function walk(value, see, at = '') {
  see(at, value);
  if (typeof value === 'object' && value !== null)
    for (const key of Object.keys(value)) walk(value[key], see, `${at}.${key}`);
}

/** @param {string} text @param {number | null} rc @returns {string[]} */
function ofReport(text, rc) {
  /** @type {any} */
  let report;
  try {
    report = JSON.parse(text);
  } catch (why) {
    return [`report is no JSON: ${why}`];
  }
  const odd = [];
  if (report.status !== (rc === 0 ? 'solved' : 'infeasible')) odd.push(`status ${report.status} with exit code ${rc}`);
  for (const { id, value, note } of report.summary ?? [])
    if (value === null && !note) odd.push(`summary without value or reason: ${id}`);
  for (const message of report.messages ?? [])
    if (NOT_FINITE.test(message.text)) odd.push(`not finite in a message: ${message.text.slice(0, 160)}`);
  if (report.status === 'solved')
    walk(
      report.ledger,
      (at, value) => value === null && odd.push(`nothing in the ledger at ${at.replace(/\d+/g, '#')}`),
    );
  return odd;
}

/** @param {Done} done @returns {string[]} */
export function judge({ args, rc, out, err, signal }) {
  const panic = /panicked at ([^\n]*)\n?([^\n]*)/.exec(err);
  if (panic !== null) return [`panic at ${panic[1]} ${panic[2]?.slice(0, 160)}`];
  if (signal === 'SIGXCPU' || signal === 'SIGKILL') return ['more processor time than it may take'];
  if (rc !== 0 && rc !== 1 && rc !== 2) return [`exit code ${rc} ${signal ?? ''} ${err.slice(-160)}`];
  const odd = [];
  if (rc === 2) {
    if (err.trim() === '') odd.push('exit code 2 without a word');
    for (const line of err.trim().split('\n'))
      if (!FIELD.test(line) || NO_FIELD.test(line)) odd.push(`message without a field: ${line.slice(0, 160)}`);
  } else if (args.includes('--json')) odd.push(...ofReport(out, rc));
  for (const [name, text] of [
    ['output', out],
    ['messages', err],
  ]) {
    const unseen = UNSEEN.exec(text ?? '');
    if (unseen !== null) odd.push(`raw U+${unseen[0].charCodeAt(0).toString(16)} in ${name}`);
  }
  if (args.includes('--csv')) odd.push(...formulas(out));
  if (args[0] === 'chart' && rc !== 2) odd.push(...drawing(out));
  return odd;
}

/** Cells that a spreadsheet would run. @param {string} csv @returns {string[]} */
export function formulas(csv) {
  for (const [, quoted, bare] of csv.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",\r\n]*))(?=,|\r?\n|$)/gm)) {
    const cell = quoted ?? bare ?? '';
    if (/^[=+\-@\t\r]./s.test(cell) && Number.isNaN(Number(cell))) return [`a formula in CSV: ${cell.slice(0, 60)}`];
  }
  return [];
}

/** @param {string} svg @returns {string[]} */
export function drawing(svg) {
  let depth = 0;
  for (const [, inside = ''] of svg.matchAll(/<([^>]*)>/g)) {
    const name = /^\/?([A-Za-z]*)/.exec(inside)?.[1] ?? '';
    if (!TAGS.has(name)) return [`a foreign tag <${inside.slice(0, 60)}>`];
    if (/\son\w+\s*=|href\s*=/i.test(inside.replace(/="[^"]*"/g, '=""')))
      return [`an attribute that acts <${inside.slice(0, 80)}>`];
    depth += inside.startsWith('/') ? -1 : inside.endsWith('/') ? 0 : 1;
  }
  if (depth !== 0) return ['tags of a drawing do not close'];
  if (/&(?!(amp|lt|gt|quot|apos|#\d+|#x[0-9a-f]+);)/i.test(svg)) return ['a bare & in a drawing'];
  const broken = /\s(?:x|y|x1|y1|x2|y2|width|height|points|d|cx|cy|r)="[^"]*(?:NaN|inf)[^"]*"/i.exec(svg);
  return broken === null ? [] : [`not finite in a drawing: ${broken[0].slice(0, 80)}`];
}
