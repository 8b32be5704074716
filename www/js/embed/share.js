// Sharing: the link is the whole scenario; nothing goes to a server.

import { openDialog } from '../ui/dialog.js';
import { h, save, uid } from '../ui/dom.js';
import { fileName } from '../charts/download.js';
import { plain } from '../ui/number.js';
import { sentence } from '../session/problem.js';
import { UNLINKED, fullAddress, hashOf } from '../session/links.js';
import { copyButton } from '../ui/copy-button.js';
import { drawQr } from './qr.js';

/** @import { Lab } from '../session/lab.js' */

/** Beyond this some programs cut links when they are pasted. */
const LONG_LINK = 2000;

/** @param {Lab} lab */
export async function openShare(lab) {
  const note = h('p', { class: 'help', role: 'status' });
  const id = uid('share');
  const link = h('input', { id, type: 'text', readonly: true, class: 'wide' });
  const length = h('p', { class: 'help' });
  const qr = h('div', { class: 'qr' });
  const linkRow = h('div', { class: 'row' }, h('label', { for: id }, 'Link'), link, copyButton(link, 'Link', note));
  const embed = async () => {
    const { openBuilder } = await import('./builder.js');
    dialog.close();
    await openBuilder(lab);
  };
  const button = (/** @type {string} */ name, /** @type {() => Promise<void>} */ act, /** @type {string} */ text) =>
    h('button', { type: 'button', class: name, onclick: () => void act() }, text);
  const embedding = button('to-builder', embed, 'Embed in a page or course');
  const scorm = async () => {
    const { openScorm } = await import('./scorm.js');
    dialog.close();
    openScorm(lab);
  };
  const packaging = button('to-package', scorm, 'Package for a learning platform');
  const certify = async () => {
    const { openCertify } = await import('../panels/certify.js');
    dialog.close();
    openCertify(lab);
  };
  const cite = async () => {
    const { openCite } = await import('../panels/cite.js');
    dialog.close();
    const about = { paper: lab.scenario.preset ?? '', scenario: lab.text, title: lab.report.title };
    await openCite(lab.client, { ...about, address: lab.hash === UNLINKED ? '' : fullAddress(lab.hash) });
  };
  const figures = async () => {
    const { publish } = await import('../panels/publish.js');
    try {
      await publish(lab, (done, all) => {
        note.textContent = `Making the files: ${plain(done)} of ${plain(all)}.`;
      });
      note.textContent = 'Saved.';
    } catch (error) {
      note.textContent = sentence(error);
    }
  };
  const proof = [
    button('to-certify', certify, 'Certify'),
    button('to-cite', cite, 'Cite'),
    button('to-publish', figures, 'All figures and tables (ZIP)'),
  ];
  const dialog = openDialog(
    'Share',
    linkRow,
    length,
    qr,
    elsewhere(lab, [embedding, packaging, ...proof], () => dialog.close()),
    note,
  );
  dialog.classList.add('share');

  try {
    const made = await lab.client.call('link', lab.document);
    const hash = hashOf(made.fragment);
    if (hash === UNLINKED) {
      linkRow.hidden = embedding.hidden = packaging.hidden = true;
      length.textContent =
        'This scenario is too large for a link. Save it as a file, which anybody can open on the front page; nothing is uploaded.';
      return;
    }
    const address = fullAddress(hash);
    link.value = address;
    link.select();
    const what = made.short ? 'the preset’s name and every input changed from it' : 'the whole scenario';
    length.textContent =
      `${plain(address.length)} characters: ${what}. It stands after the “#”, which browsers send to no server; nothing is uploaded.` +
      (address.length > LONG_LINK ? ' Some programs cut links this long: the file below is safer.' : '');
    await drawQr(qr, address);
  } catch (error) {
    note.textContent = sentence(error);
  }
}

/**
 * The scenario as a file, and as the beginning of a lesson.
 * @param {Lab} lab
 * @param {HTMLElement[]} further
 * @param {() => void} close
 */
function elsewhere(lab, further, close) {
  const keep = () =>
    save(
      `${fileName(lab.report.title)}.json`,
      new Blob([`${JSON.stringify(lab.scenario, null, 2)}\n`], { type: 'application/json' }),
    );
  return h(
    'div',
    { class: 'row' },
    ...further,
    h('button', { type: 'button', onclick: keep }, 'Save the scenario as a file'),
    h('a', { href: `#write&${lab.hash.slice(1)}`, onclick: close }, 'Write a lesson from this scenario'),
  );
}
