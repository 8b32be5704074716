// docs/GLOSSARY.md from www/glossary.json, the one place where terms are explained.
//
//   node scripts/glossary.js [--check]
//
// With `--check` nothing is written: it fails where the document is another one.

import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

import { root } from './setup.js';

const HEAD = `# Glossary

Terms as the field uses them, with the sign and unit they have here. Written by \`node scripts/glossary.js\` from \`www/glossary.json\`, which the page reads, too: edit that file. Inside the program power is in MW, energy in MWh, money in $ and prices in $/MWh; communities, whose world is kW and kWh, are the exception. What is read in other units says so in \`units\` of its report. Money that a source prints in euros is shown in dollars, number for number: nothing is converted. Types are Rust paths below the crate \`tandem\`.

Signs, once for all: an injection is positive, a withdrawal negative; the flow of a branch is positive from its first bus to its second; a price is the cost of one more MWh of load.
`;

/**
 * @typedef {object} Entry
 * @property {string} group
 * @property {string} short
 * @property {string} long
 * @property {string} sentence
 * @property {string} [symbol]
 * @property {string} [unit]
 * @property {string[]} [code]
 */

/** @param {string} text a cell of a table */
const cell = (text) => text.replaceAll('|', '\\|');

/** @param {Entry} entry */
function row({ short, long, symbol = '', unit = '', code = [], sentence }) {
  const term = long.toLowerCase().startsWith(short.toLowerCase()) ? long : `${short}, ${long}`;
  const types = code.filter((name) => name.includes('::')).map((name) => `\`${name}\``);
  const inside = code.filter((name) => !name.includes('::')).map((name) => `\`${name}\``);
  const where = `${types.join(', ')}${inside.length > 0 ? ` (${inside.join(', ')})` : ''}`;
  const cells = [term, symbol === '' ? '' : `$${symbol}$`, unit, where, sentence];
  return `|${cells.map((text) => (text === '' ? ' ' : ` ${cell(text)} `)).join('|')}|`;
}

/** @type {{ groups: { id: string, title: string }[], terms: Entry[] }} */
const { groups, terms } = JSON.parse(readFileSync(path.join(root, 'www/glossary.json'), 'utf8'));
const parts = groups.map(({ id, title }) => {
  const rows = terms.filter(({ group }) => group === id).map(row);
  return `\n## ${title}\n\n| term | symbol | unit | type in the code | meaning |\n|---|---|---|---|---|\n${rows.join('\n')}\n`;
});
const file = path.join(root, 'docs/GLOSSARY.md');
const text = HEAD + parts.join('');
if (!process.argv.includes('--check')) writeFileSync(file, text);
else if (readFileSync(file, 'utf8') !== text) {
  console.error('docs/GLOSSARY.md is not what www/glossary.json says: run `node scripts/glossary.js`');
  process.exit(1);
}
