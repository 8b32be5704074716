// Sharing: the link is the whole scenario; nothing goes to a server.

import { openDialog } from '../ui/dialog.js';
import { h, save, uid } from '../ui/dom.js';
import { fileName } from '../charts/download.js';
import { plain } from '../ui/number.js';
import { sentence } from '../session/problem.js';
import { UNLINKED, embedAddress, fullAddress, hashOf } from '../session/links.js';

/** @import { Lab } from '../session/lab.js' */

/** Beyond this some programs cut links when they are pasted. */
const LONG_LINK = 2000;
/** Bytes a QR code of the lowest correction level holds. */
const QR_ROOM = 2900;

/** @param {Lab} lab */
export async function openShare(lab) {
  const note = h('p', { class: 'help', role: 'status' });
  const ids = { link: uid('share'), view: uid('share'), theme: uid('share'), code: uid('share') };
  const link = h('input', { id: ids.link, type: 'text', readonly: true, class: 'wide' });
  const length = h('p', { class: 'help' });
  const qr = h('div', { class: 'qr' });
  const view = h(
    'select',
    { id: ids.view, onchange: () => snippet() },
    h('option', { value: 'network' }, 'Network'),
    h('option', { value: 'answer' }, 'Answer'),
    ...lab.report.charts.map(({ id, title }) => h('option', { value: id }, title)),
  );
  const theme = h(
    'select',
    { id: ids.theme, onchange: () => snippet() },
    h('option', { value: '' }, 'as the reader’s system'),
    h('option', { value: 'light' }, 'light'),
    h('option', { value: 'dark' }, 'dark'),
  );
  const code = h('textarea', { id: ids.code, readonly: true, rows: 3, class: 'wide', spellcheck: 'false' });
  let hash = lab.hash;

  /**
   * @param {HTMLInputElement | HTMLTextAreaElement} source
   * @param {string} what
   */
  const copy = (source, what) =>
    h(
      'button',
      {
        type: 'button',
        onclick: async () => {
          try {
            await navigator.clipboard.writeText(source.value);
            note.textContent = `${what} copied.`;
          } catch {
            source.focus();
            source.select();
            note.textContent = 'Press Ctrl+C to copy the selected text.';
          }
        },
      },
      `Copy ${what.toLowerCase()}`,
    );

  function snippet() {
    /** @type {Record<string, string>} */
    const query = { view: view.value, ui: 'min' };
    if (theme.value !== '') query['theme'] = theme.value;
    const title = lab.report.title.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
    const address = embedAddress(hash, query).replaceAll('&', '&amp;');
    code.value = `<iframe src="${address}" title="Tandem: ${title}" width="100%" height="420" loading="lazy"></iframe>`;
  }

  const linkRow = h('div', { class: 'row' }, h('label', { for: ids.link }, 'Link'), link, copy(link, 'Link'));
  const embedding = h(
    'fieldset',
    {},
    h('legend', {}, 'Embed in a page'),
    h(
      'div',
      { class: 'row' },
      h('span', { class: 'pair' }, h('label', { for: ids.view }, 'View'), view),
      h('span', { class: 'pair' }, h('label', { for: ids.theme }, 'Theme'), theme),
    ),
    h('label', { for: ids.code, class: 'hidden-text' }, 'Embed code'),
    code,
    copy(code, 'Code'),
  );
  const dialog = openDialog(
    'Share',
    linkRow,
    length,
    qr,
    embedding,
    elsewhere(lab, () => dialog.close()),
    note,
  );
  dialog.classList.add('share');

  try {
    const made = await lab.client.call('link', lab.document);
    hash = hashOf(made.fragment);
    if (hash === UNLINKED) {
      linkRow.hidden = embedding.hidden = true;
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
    snippet();
    await drawQr(qr, address);
  } catch (error) {
    note.textContent = sentence(error);
  }
}

/**
 * The scenario as a file, and as the beginning of a lesson.
 * @param {Lab} lab
 * @param {() => void} close
 */
function elsewhere(lab, close) {
  const keep = () =>
    save(
      `${fileName(lab.report.title)}.json`,
      new Blob([`${JSON.stringify(lab.scenario, null, 2)}\n`], { type: 'application/json' }),
    );
  return h(
    'div',
    { class: 'row' },
    h('button', { type: 'button', onclick: keep }, 'Save the scenario as a file'),
    h('a', { href: `#write&${lab.hash.slice(1)}`, onclick: close }, 'Write a lesson from this scenario'),
  );
}

/**
 * @param {HTMLElement} box
 * @param {string} text
 */
async function drawQr(box, text) {
  if (text.length > QR_ROOM) {
    box.replaceChildren(h('p', { class: 'help' }, 'The link is too long for a QR code.'));
    return;
  }
  const { default: qrcode } = await import('../../vendor/qrcode.js');
  const made = qrcode(0, 'L');
  made.addData(text, 'Byte');
  made.make();
  const count = made.getModuleCount();
  let path = '';
  for (let row = 0; row < count; row += 1) {
    for (let column = 0; column < count; column += 1) if (made.isDark(row, column)) path += `M${column} ${row}h1v1h-1z`;
  }
  const ns = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(ns, 'svg');
  svg.setAttribute('viewBox', `-4 -4 ${count + 8} ${count + 8}`);
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', 'QR code of the link');
  const shape = document.createElementNS(ns, 'path');
  shape.setAttribute('d', path);
  svg.append(shape);
  box.replaceChildren(svg);
}
