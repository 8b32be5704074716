// A certificate of the answer on screen: one page that computes itself again anywhere, without a network, and the same
// as JSON; and whether a file is as it was written.

import { fileName } from '../charts/download.js';
import { certificateOf, isIntact, pageOf, written } from '../session/certificate.js';
import { programOf, textOf } from '../session/program.js';
import { sentence } from '../session/problem.js';
import { openDialog } from '../ui/dialog.js';
import { h, save, uid } from '../ui/dom.js';
import { lasting, plain } from '../ui/number.js';

/** @import { Lab } from '../session/lab.js' */

/** @param {Lab} lab */
export function openCertify(lab) {
  const note = h('p', { class: 'help', role: 'status' });
  const { ahead } = lab;
  const button = (/** @type {string} */ text, /** @type {'html' | 'json'} */ kind) =>
    h('button', { type: 'button', onclick: () => void write(lab, kind, note) }, text);
  openDialog(
    'Certify',
    h(
      'p',
      {},
      'A certificate holds the scenario, its answer, the certificates of all solves, the printed numbers beside ours, version and digests. The page computes all of it again in any browser, without a network, and says what differs.',
    ),
    h(
      'p',
      { class: 'help' },
      'It shows that these inputs give these numbers with this program. It does not show who made it, nor that the inputs are right, and it lists the physics that the program leaves out.',
    ),
    ahead === null
      ? ''
      : h(
          'p',
          { class: 'help' },
          `This answer was computed ahead. It is solved here first, which takes about ${lasting(ahead.seconds)}.`,
        ),
    h('div', { class: 'row' }, button('Save as a page (HTML)', 'html'), button('Save as JSON', 'json')),
    check(note),
    note,
  );
}

/** @param {HTMLElement} note */
function check(note) {
  const id = uid('certificate');
  const input = h('input', {
    ...{ type: 'file', id, accept: '.json,.html' },
    onchange: async () => {
      const [file] = input.files ?? [];
      if (file === undefined) return;
      const good = isIntact(await file.text());
      note.textContent = good
        ? '✓ Every byte of this file is as it was written. Open the page to compute it again.'
        : '✗ This file is no certificate, or a byte of it was changed.';
    },
  });
  return h('p', { class: 'row' }, h('label', { for: id }, 'Check a saved certificate'), input);
}

/**
 * @param {Lab} lab
 * @param {'html' | 'json'} kind
 * @param {HTMLElement} note
 */
async function write(lab, kind, note) {
  try {
    if (lab.ahead !== null) {
      note.textContent = 'Solving it here…';
      await lab.solveHere();
    }
    note.textContent = 'Making the certificate…';
    const text = await made(lab, kind);
    const type = kind === 'json' ? 'application/json' : 'text/html';
    save(`${fileName(lab.report.title, 'certificate')}.${kind}`, new Blob([text], { type: `${type};charset=utf-8` }));
    note.textContent = `Saved, ${plain(Math.ceil(text.length / 1000))} kB.`;
  } catch (error) {
    note.textContent = sentence(error);
  }
}

/**
 * The text of a certificate.
 * @param {Lab} lab
 * @param {'html' | 'json'} kind
 */
export async function made(lab, kind) {
  const { text: scenario, client } = lab;
  const [stated, program] = await Promise.all([
    client.call('stated', scenario),
    client.call('module', scenario).then(programOf),
  ]);
  const certificate = written(certificateOf(stated, program.module));
  if (kind === 'json') return certificate;
  const [template, verify] = await Promise.all([textOf('certify/page.html'), textOf('certify/verify.js')]);
  const packed = new Blob([program.bytes]).stream().pipeThrough(new CompressionStream('gzip'));
  const module = new Uint8Array(await new Response(packed).arrayBuffer());
  return pageOf(template, {
    ...{ certificate, verify: verify.trim() },
    ...{ door: base64(program.door), module: base64(module) },
  });
}

/** @param {Uint8Array} bytes */
function base64(bytes) {
  let text = '';
  const STEP = 0x8000;
  for (let at = 0; at < bytes.length; at += STEP) text += String.fromCharCode(...bytes.subarray(at, at + STEP));
  return btoa(text);
}
