// What a figure or a table is exported as: size, words, kind of file, with a preview.

import { sentence } from '../session/problem.js';
import { openDialog } from '../ui/dialog.js';
import { h, save, uid } from '../ui/dom.js';
import { loadSheet } from '../ui/sheet.js';
import { plain } from '../ui/number.js';
import { fileName } from './download.js';
import { sheetOf, written } from './sheet.js';

/** @import { Exported, Kind, Style } from './sheet.js' */

/** Widths of what journals and slides want, mm; without a height as suits the chart. */
const SIZES = {
  column: { name: 'Column, 88 mm', width: 88, height: null, text: 8, margin: 0 },
  double: { name: 'Double column, 180 mm', width: 180, height: null, text: 8, margin: 0 },
  slide: { name: 'Slide, 16:9', width: 338.667, height: 190.5, text: 18, margin: 12 },
  own: { name: 'Own size', width: 120, height: null, text: 8, margin: 0 },
};
/** @typedef {keyof typeof SIZES} Size */

/** @type {{ kind: Kind, name: string, ending: string, type: string, copied: boolean, picture: boolean }[]} */
const KINDS = [
  { kind: 'svg', name: 'SVG', ending: 'svg', type: 'image/svg+xml', copied: true, picture: true },
  { kind: 'pdf', name: 'PDF', ending: 'pdf', type: 'application/pdf', copied: false, picture: true },
  { kind: 'png', name: 'PNG', ending: 'png', type: 'image/png', copied: false, picture: true },
  { kind: 'tex', name: 'TikZ and pgfplots', ending: 'tex', type: 'text/plain', copied: true, picture: true },
  { kind: 'latex', name: 'LaTeX table', ending: 'tex', type: 'text/plain', copied: true, picture: false },
  { kind: 'csv', name: 'CSV', ending: 'csv', type: 'text/csv', copied: true, picture: false },
  { kind: 'json', name: 'JSON', ending: 'json', type: 'application/json', copied: true, picture: false },
];
/** Margin of what is dark, mm: it does not end at its letters. */
const DARK_MARGIN = 3;
/** The preview follows so long after a change, ms. */
const WAIT_MS = 150;

/** What was chosen last; the next export begins with it. */
const chosen = {
  size: /** @type {Size} */ ('column'),
  ...{ width: 120, height: /** @type {number | null} */ (null), text: 8, dpi: 300, dark: false, grey: false },
  words: new Set(['title', 'legend', 'caption', 'source']),
  picture: /** @type {Kind} */ ('pdf'),
  numbers: /** @type {Kind} */ ('latex'),
};

/** The style that is chosen. @returns {Style} */
export function styleNow() {
  const { width, height, margin, text } =
    chosen.size === 'own'
      ? { ...SIZES.own, width: chosen.width, height: chosen.height, text: chosen.text }
      : SIZES[chosen.size];
  const has = (/** @type {string} */ word) => chosen.words.has(word);
  return {
    ...{ width, height, text, dpi: chosen.dpi, dark: chosen.dark, grey: chosen.grey },
    margin: chosen.dark ? Math.max(margin, DARK_MARGIN) : margin,
    ...{ title: has('title'), legend: has('legend'), caption: has('caption'), source: has('source') },
  };
}

/** @param {Exported} what */
export function openExport(what) {
  loadSheet('export.css');
  const note = h('p', { class: 'help', role: 'status' });
  const kinds = KINDS.filter(({ picture }) => (picture ? what.draw : what.table) !== undefined);
  const preview = what.draw === undefined ? null : createPreview(what, note);
  const now = () => {
    const wanted = what.draw === undefined ? chosen.numbers : chosen.picture;
    return kinds.find(({ kind }) => kind === wanted) ?? kinds[0];
  };
  const copy = h('button', { type: 'button', onclick: () => void act('copy') }, 'Copy');
  const changed = () => {
    const kind = now();
    copy.hidden = kind?.copied !== true;
    dialog.dataset['kind'] = kind?.kind ?? '';
    dialog.classList.toggle('is-numbers', kind?.picture === false);
    preview?.renew();
  };
  async function act(/** @type {'copy' | 'save'} */ how) {
    const kind = now();
    if (kind === undefined) return;
    note.textContent = 'Making the file…';
    try {
      const made = await written(what, styleNow(), kind.kind);
      if (how === 'copy' && typeof made === 'string') await navigator.clipboard.writeText(made);
      else save(`${fileName(what.name, what.title)}.${kind.ending}`, new Blob([made], { type: typed(kind.type) }));
      note.textContent = how === 'copy' ? `${kind.name} copied.` : `Saved, ${plain(Math.ceil(made.length / 1000))} kB.`;
    } catch (error) {
      note.textContent = sentence(error);
    }
  }
  const dialog = openDialog(
    `Export: ${what.title}`,
    h(
      'div',
      { class: 'export-parts' },
      h(
        'div',
        { class: 'export-choices' },
        kindChoice(kinds, now()?.kind, (kind) => {
          if (what.draw === undefined) chosen.numbers = kind;
          else chosen.picture = kind;
          changed();
        }),
        what.draw === undefined ? '' : h('div', { class: 'export-look' }, ...lookChoices(changed)),
      ),
      preview?.element ?? '',
    ),
    h(
      'div',
      { class: 'row' },
      h('button', { type: 'button', class: 'primary', onclick: () => void act('save') }, 'Save the file'),
      copy,
    ),
    note,
  );
  dialog.classList.add('export');
  dialog.addEventListener('close', () => preview?.destroy());
  changed();
}

/** @param {string} type */
function typed(type) {
  return type.startsWith('text/') ? `${type};charset=utf-8` : type;
}

/**
 * @param {typeof KINDS} kinds
 * @param {Kind | undefined} now
 * @param {(kind: Kind) => void} choose
 */
function kindChoice(kinds, now, choose) {
  const name = uid('kind');
  const options = kinds.map(({ kind, name: text }) =>
    h(
      'label',
      {},
      h('input', { type: 'radio', name, value: kind, checked: kind === now, onchange: () => choose(kind) }),
      text,
    ),
  );
  return h('fieldset', { class: 'export-kinds' }, h('legend', {}, 'File'), ...options);
}

/** Size, words and colours. @param {() => void} changed */
function lookChoices(changed) {
  const own = h(
    'div',
    { class: 'row export-own' },
    number('Width, mm', chosen.width, [20, 2000], (value) => (chosen.width = value ?? chosen.width)),
    number('Height, mm', chosen.height, [20, 2000], (value) => (chosen.height = value), 'as suits it'),
    number('Letters, pt', chosen.text, [3, 72], (value) => (chosen.text = value ?? chosen.text)),
  );
  const sized = () => {
    own.hidden = chosen.size !== 'own';
    changed();
  };
  own.addEventListener('change', changed);
  own.hidden = chosen.size !== 'own';
  const size = select(
    'Size',
    Object.entries(SIZES).map(([id, { name }]) => [id, name]),
    chosen.size,
    (id) => {
      chosen.size = /** @type {Size} */ (id);
      sized();
    },
  );
  const dpi = select(
    'Pixels of a PNG',
    [
      ['300', '300 an inch'],
      ['600', '600 an inch'],
    ],
    String(chosen.dpi),
    (value) => {
      chosen.dpi = Number(value);
    },
  );
  const ground = select(
    'Ground',
    [
      ['light', 'Light'],
      ['dark', 'Dark'],
    ],
    chosen.dark ? 'dark' : 'light',
    (value) => {
      chosen.dark = value === 'dark';
      changed();
    },
  );
  const words = [
    ['title', 'Title'],
    ['legend', 'Legend'],
    ['caption', 'Caption'],
    ['source', 'Source and link'],
  ].map(([word, text]) =>
    check(text ?? '', chosen.words.has(word ?? ''), (on) => {
      if (on) chosen.words.add(word ?? '');
      else chosen.words.delete(word ?? '');
      changed();
    }),
  );
  const grey = check('Dashes that grey print tells apart', chosen.grey, (on) => {
    chosen.grey = on;
    changed();
  });
  return [
    h('div', { class: 'row' }, size, ground, h('div', { class: 'export-dpi' }, dpi)),
    own,
    h('fieldset', {}, h('legend', {}, 'With'), ...words),
    grey,
  ];
}

/**
 * @param {string} name
 * @param {(string | undefined)[][]} options value and words
 * @param {string} now
 * @param {(value: string) => void} choose
 */
function select(name, options, now, choose) {
  const id = uid('export');
  const list = h(
    'select',
    { id, onchange: () => choose(list.value) },
    ...options.map(([value, text]) => h('option', { value: value ?? '', selected: value === now }, text ?? '')),
  );
  return h('div', { class: 'export-field' }, h('label', { for: id }, name), list);
}

/**
 * @param {string} name
 * @param {boolean} now
 * @param {(on: boolean) => void} set
 */
function check(name, now, set) {
  const input = h('input', { type: 'checkbox', checked: now, onchange: () => set(input.checked) });
  return h('label', {}, input, name);
}

/**
 * @param {string} name
 * @param {number | null} now
 * @param {[number, number]} range
 * @param {(value: number | null) => void} set null where nothing is written
 * @param {string} [empty]
 */
function number(name, now, [min, max], set, empty = '') {
  const id = uid('export');
  const input = h('input', {
    ...{ id, type: 'number', min, max, step: 'any', placeholder: empty, value: now === null ? '' : String(now) },
    onchange: () => {
      if (input.reportValidity()) set(input.value === '' ? null : input.valueAsNumber);
    },
  });
  return h('div', { class: 'export-field' }, h('label', { for: id }, name), input);
}

/**
 * The sheet as it will be, in its proportions.
 * @param {Exported} what
 * @param {HTMLElement} note
 */
function createPreview(what, note) {
  const image = h('img', { alt: `Preview: ${what.title}`, class: 'export-sheet' });
  const size = h('figcaption', { class: 'help' });
  const element = h('figure', { class: 'export-preview' }, image, size);
  let timer = 0;
  let turn = 0;
  let url = '';
  async function draw() {
    turn += 1;
    const own = turn;
    try {
      const svg = await sheetOf(what, styleNow());
      if (own !== turn) return;
      const [, width = '', height = ''] = svg.match(/width="([\d.]+)mm" height="([\d.]+)mm"/) ?? [];
      size.textContent = `${plain(Math.round(Number(width)))} × ${plain(Math.round(Number(height)))} mm`;
      URL.revokeObjectURL(url);
      url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
      image.src = url;
      note.textContent = '';
    } catch (error) {
      if (own === turn) note.textContent = sentence(error);
    }
  }
  return {
    element,
    renew() {
      window.clearTimeout(timer);
      timer = window.setTimeout(() => void draw(), WAIT_MS);
    },
    destroy() {
      window.clearTimeout(timer);
      turn += 1;
      URL.revokeObjectURL(url);
    },
  };
}
