// How to cite: the paper, and the program with its version and digests, as BibTeX.

import { citePaper, citeProgram } from '../session/cite.js';
import { WHOLE } from '../session/modules.js';
import { programOf } from '../session/program.js';
import { sentence } from '../session/problem.js';
import { sha256 } from '../session/sha256.js';
import { copyButton } from '../ui/copy-button.js';
import { openDialog } from '../ui/dialog.js';
import { h, uid } from '../ui/dom.js';

/** @import { Client } from '../session/client.js' */

/**
 * @param {Client} client
 * @param {{ paper: string, scenario?: string, title?: string, address?: string }} about `paper`: its id or that of a preset;
 *   `scenario`: JSON text
 */
export async function openCite(client, { paper, scenario, title = '', address = '' }) {
  const note = h('p', { class: 'help', role: 'status' });
  const source = citePaper(paper);
  const own = box('Tandem', '…', note);
  openDialog(
    'Cite',
    h('p', { class: 'help' }, 'Cite the paper whose market you use, and Tandem for the numbers.'),
    ...(source === '' ? [] : [box('Paper', source, note).element]),
    own.element,
    note,
  );
  try {
    const module = scenario === undefined ? WHOLE : await client.call('module', scenario);
    const [version, program] = await Promise.all([client.call('version', undefined), programOf(module)]);
    own.fill(
      citeProgram({
        ...{ version, module: program.module.sha256, title, address },
        digest: scenario === undefined ? '' : sha256(scenario),
      }),
    );
  } catch (error) {
    note.textContent = sentence(error);
  }
}

/**
 * @param {string} name
 * @param {string} text
 * @param {HTMLElement} note
 */
function box(name, text, note) {
  const id = uid('cite');
  const area = h('textarea', { id, class: 'wide cite', rows: 9, readonly: true, spellcheck: 'false', translate: 'no' });
  const fill = (/** @type {string} */ value) => {
    area.value = value;
    area.rows = Math.min(14, value.split('\n').length);
  };
  fill(text);
  const element = h(
    'div',
    { class: 'cite-box' },
    h('label', { for: id }, name === 'Paper' ? 'The paper' : 'The program'),
    area,
    h('div', { class: 'row' }, copyButton(area, 'Entry', note)),
  );
  return { element, fill };
}
