// The builder of embedded views: what is shown, what the reader may change, how it looks; the figure as it will stand, and
// the text to paste.

import { leversOf } from '../panels/levers.js';
import { LONGEST_QUESTION, MOST_INPUTS, offeredText } from '../session/embedding.js';
import { allFields, fieldOf } from '../session/form.js';
import { hashOf } from '../session/links.js';
import { sentence } from '../session/problem.js';
import { copyButton } from '../ui/copy-button.js';
import { openDialog } from '../ui/dialog.js';
import { h, uid } from '../ui/dom.js';
import { LANGUAGES } from '../ui/language.js';
import { numberBox } from '../ui/number-input.js';
import { raw, reading, significant, unitText } from '../ui/number.js';
import { loadSheet } from '../ui/sheet.js';
import { saveSlide } from './slide.js';
import { SNIPPETS, frameAddress } from './snippets.js';
import { viewsOf } from './views.js';

/** @import { Offered } from '../session/embedding.js' */
/** @import { Field } from '../session/types.js' */
/** @import { Lab } from '../session/lab.js' */
/** @import { Figure } from './snippets.js' */

/** The preview is loaded anew so long after a change, ms. */
const REST_MS = 500;
const HEIGHT = 480;

/** @param {Lab} lab */
export async function openBuilder(lab) {
  loadSheet('builder.css');
  const note = h('p', { class: 'help', role: 'status' });
  let hash = '';
  try {
    hash = hashOf((await lab.client.call('link', lab.document)).fragment);
  } catch (error) {
    note.textContent = sentence(error);
  }
  const what = chooseViews(lab);
  const may = chooseInputs(lab);
  const how = chooseManner(lab);
  const preview = h('iframe', { class: 'builder-preview', title: 'Preview', height: HEIGHT });
  const kind = h('select', {}, ...SNIPPETS.map(({ id, title }) => h('option', { value: id }, title)));
  const code = h('textarea', { readonly: true, rows: 5, class: 'wide', spellcheck: 'false' });
  const help = h('p', { class: 'help' });
  let timer = 0;
  // The frame says how high it is; the author may know better.
  const measured = (/** @type {MessageEvent} */ { source, data }) => {
    if (source !== preview.contentWindow || data?.tandem !== 1) return;
    if (data.type === 'hello')
      preview.contentWindow?.postMessage({ tandem: 1, type: 'hello', listen: ['size'] }, location.origin);
    if (data.type !== 'size' || !how.fit(data.height)) return;
    preview.height = String(how.height());
    write();
  };
  addEventListener('message', measured);

  /** @returns {Figure} */
  const figure = () => ({
    page: new URL('.', location.href).href,
    hash,
    query: { ...what.query(may.range), ...may.query(), ...how.query() },
    title: lab.report.title,
    preset: lab.scenario.preset ?? '',
    height: how.height(),
  });

  function write() {
    const chosen = SNIPPETS.find(({ id }) => id === kind.value) ?? SNIPPETS[0];
    code.value = chosen?.write(figure()) ?? '';
    help.textContent = chosen?.help ?? '';
  }

  function change() {
    write();
    window.clearTimeout(timer);
    timer = window.setTimeout(() => {
      const made = figure();
      // A reader sees the poster; who builds the figure wants to see it run.
      const { run: _, ...query } = made.query;
      preview.height = String(made.height);
      preview.src = frameAddress({ ...made, query });
    }, REST_MS);
  }

  const form = h('form', { class: 'builder-form', onsubmit: (/** @type {Event} */ event) => event.preventDefault() });
  form.append(what.element, may.element, how.element);
  form.addEventListener('input', change);
  form.addEventListener('change', change);
  kind.addEventListener('change', write);
  const slide = h('button', { type: 'button', onclick: () => void picture() }, 'Picture with QR code for slides');
  const picture = async () => {
    try {
      await saveSlide(lab, what.first(), new URL(hash, new URL('.', location.href)).href);
      note.textContent = 'The picture was saved.';
    } catch (error) {
      note.textContent = sentence(error);
    }
  };
  const dialog = openDialog(
    'Embed this scenario',
    h(
      'div',
      { class: 'builder' },
      form,
      h(
        'div',
        { class: 'builder-result' },
        preview,
        h('label', { class: 'row' }, 'To paste into', kind),
        help,
        h('label', {}, h('span', { class: 'hidden-text' }, 'Text to paste'), code),
        h('div', { class: 'row' }, copyButton(code, 'Text', note), slide),
        note,
      ),
    ),
  );
  dialog.classList.add('is-wide');
  dialog.addEventListener('close', () => {
    window.clearTimeout(timer);
    removeEventListener('message', measured);
  });
  change();
}

/**
 * What is shown: the views in their order.
 * @param {Lab} lab
 */
function chooseViews(lab) {
  const views = viewsOf(lab);
  const lead = lab.report.look.chart ?? lab.report.charts[0]?.id ?? 'network';
  const boxes = views.map(({ id, title }) => ({
    id,
    box: h('input', { type: 'checkbox', value: id, checked: id === lead }),
    title,
  }));
  const why = buses(lab);
  const price = h('select', {}, h('option', { value: '' }, 'none'), ...why.map((id) => h('option', { value: id }, id)));
  const swept = allFields(lab.form).filter(
    ({ kind, min, max, slider }) => kind === 'number' && slider && min != null && max != null,
  );
  const paths = new Map(swept.map((field) => [field.path, field]));
  const sweep = h(
    'select',
    {},
    h('option', { value: '' }, 'none'),
    ...[...paths.values()].map((field) => h('option', { value: field.path }, nameOf(field))),
  );
  /** @param {(path: string) => Offered | null} range that the reader is offered */
  const chosen = (range) => {
    const list = boxes.filter(({ box }) => box.checked).map(({ id }) => id);
    const field = paths.get(sweep.value);
    if (field !== undefined) {
      const own = { path: field.path, from: field.min ?? 0, to: field.max ?? 0 };
      const { path, from, to } = range(field.path) ?? own;
      list.push(`sweep:${offeredText({ path, from: from ?? own.from, to: to ?? own.to })}`);
    }
    return price.value === '' ? list : [...list, `why:bus:${price.value}`];
  };
  const element = h(
    'fieldset',
    {},
    h('legend', {}, 'What is shown'),
    h('div', { class: 'builder-views' }, ...boxes.map(({ box, title }) => h('label', { class: 'choice' }, box, title))),
    swept.length === 0 ? null : h('label', { class: 'row' }, 'A sweep of', sweep),
    why.length === 0 ? null : h('label', { class: 'row' }, 'The price explained of bus', price),
  );
  return {
    element,
    /** @param {(path: string) => Offered | null} range */
    query: (range) => ({ view: chosen(range).join(',') || 'network', ui: 'min' }),
    first: () =>
      boxes.find(({ box, id }) => box.checked && lab.report.charts.some((chart) => chart.id === id))?.id ?? lead,
  };
}

/** Buses whose price is explained. @param {Lab} lab */
function buses(lab) {
  return lab.why.explainsBuses ? (lab.scenario.case.buses ?? []).map(({ id }) => id).slice(0, 200) : [];
}

/**
 * What the reader may change, with ranges.
 * @param {Lab} lab
 */
function chooseInputs(lab) {
  const all = allFields(lab.form).filter(
    ({ kind, of_view }) => (kind === 'number' || kind === 'choice') && of_view !== true,
  );
  /** @type {Map<string, { row: HTMLElement, read: () => Offered | null }>} */
  const rows = new Map();
  const list = h('div', { class: 'builder-inputs' });
  const names = new Map(all.map((field) => [field.path, field]));
  const more = h(
    'select',
    { onchange: () => add(more.value) },
    h('option', { value: '' }, 'choose an input'),
    ...[...names.values()].map((field) => h('option', { value: field.path }, nameOf(field))),
  );
  const lock = h('input', { type: 'checkbox' });
  const full = h('p', { class: 'help', hidden: true }, `These are ${MOST_INPUTS}, as many as fit.`);

  /** @param {string} path */
  function add(path) {
    more.value = '';
    const field = fieldOf(lab.form, path);
    if (field === undefined || rows.has(path) || rows.size >= MOST_INPUTS) return;
    const made = rangeRow(field, () => {
      rows.delete(path);
      made.row.remove();
      count();
      list.dispatchEvent(new Event('change', { bubbles: true }));
    });
    rows.set(path, made);
    list.append(made.row);
    count();
  }
  function count() {
    full.hidden = rows.size < MOST_INPUTS;
    more.disabled = !full.hidden;
  }
  const first = leversOf(lab)[0];
  if (first !== undefined) add(first);
  return {
    element: h(
      'fieldset',
      {},
      h('legend', {}, 'What the reader may change'),
      list,
      h('label', { class: 'row' }, 'Add', more),
      full,
      h('label', { class: 'choice' }, lock, 'Everything else is locked, for scripts of the page too'),
    ),
    range: (/** @type {string} */ path) => rows.get(path)?.read() ?? null,
    query: () => {
      const inputs = [...rows.values()].flatMap(({ read }) => read() ?? []).map(offeredText);
      return {
        ...(inputs.length === 0 ? {} : { inputs: inputs.join(',') }),
        ...(lock.checked ? { lock: 'inputs' } : {}),
      };
    },
  };
}

/**
 * @param {Field} field
 * @param {() => void} remove
 */
function rangeRow(field, remove) {
  const { path, kind } = field;
  const [min, max] = suggested(field);
  const name = nameOf(field);
  const box = (/** @type {string} */ what, /** @type {number | null | undefined} */ value) => {
    const id = uid('offered');
    const input = numberBox({ id, 'aria-label': `${what}: ${name}` });
    input.value = value == null ? '' : raw(value);
    return { input, element: h('label', { for: id }, what, input) };
  };
  const message = h('p', { class: 'field-message', role: 'status' });
  const boxes = kind === 'number' ? [box('From', min), box('To', max), box('Step', null)] : [];
  const away = h(
    'button',
    { type: 'button', class: 'quiet', 'aria-label': `Remove “${name}”`, onclick: remove },
    'Remove',
  );
  const row = h('div', { class: 'builder-input' }, h('strong', {}, name), away);
  row.append(h('div', { class: 'row' }, ...boxes.map(({ element }) => element)), message);

  /** @returns {Offered | null} */
  function read() {
    const values = boxes.map(({ input }) => (input.value.trim() === '' ? null : reading(input.value)));
    const bad = values.map((value) => value !== null && 'message' in value);
    const [from, to, step] = values.map((value) => (value !== null && 'value' in value ? value.value : undefined));
    const said = values.find((value) => value !== null && 'message' in value);
    let wrong = said != null && 'message' in said ? said.message : '';
    if (wrong === '' && boxes.length > 0 && (from === undefined) !== (to === undefined))
      wrong = 'A range has both ends, or none.';
    if (wrong === '' && from !== undefined && to !== undefined && from >= to) wrong = 'From must be less than to.';
    if (wrong === '' && step !== undefined && !(step > 0 && step <= (to ?? NaN) - (from ?? NaN)))
      wrong = 'The step must be above 0 and fit into the range.';
    message.textContent = wrong === '' ? '' : `${wrong} Without a good range the figure has that of the form.`;
    for (const [k, { input }] of boxes.entries()) {
      if (wrong !== '' && (bad[k] || !bad.includes(true))) input.setAttribute('aria-invalid', 'true');
      else input.removeAttribute('aria-invalid');
    }
    if (wrong !== '' || from === undefined || to === undefined) return { path };
    return step === undefined ? { path, from, to } : { path, from, to, step };
  }
  return { row, read };
}

/** Digits of a range that is suggested. */
const DIGITS = 2;

/**
 * A range to begin with: that of the slider beside the picture, else half of the value to one and a half of it.
 * @param {Field} field
 * @returns {[number | null, number | null]}
 */
function suggested({ value, min, max, lever }) {
  if (lever === true || typeof value !== 'number') return [min, max];
  const reach = value === 0 ? 1 : Math.abs(value) / 2;
  const low = Math.max(min ?? -Infinity, value - reach);
  const high = Math.min(max ?? Infinity, value + reach);
  return [significant(low, DIGITS), significant(high, DIGITS)];
}

/** @param {Field} field */
function nameOf({ label, unit }) {
  return unitText(unit) === '' ? label : `${label}, ${unitText(unit)}`;
}

/**
 * How it looks and begins.
 * @param {Lab} lab
 */
function chooseManner(lab) {
  const select = (/** @type {[string, string][]} */ ...options) =>
    h('select', {}, ...options.map(([value, text]) => h('option', { value }, text)));
  const theme = select(['', 'as the reader’s system'], ['light', 'light'], ['dark', 'dark']);
  const language = h(
    'select',
    {},
    h('option', { value: '' }, 'as the reader chose'),
    ...Object.entries(LANGUAGES).map(([tag, name]) => h('option', { value: tag, translate: 'no' }, name)),
  );
  const question = h('input', { type: 'text', class: 'wide', maxlength: LONGEST_QUESTION });
  const poster = h('input', { type: 'checkbox' });
  const play = h('input', { type: 'checkbox' });
  const height = numberBox({ inputmode: 'numeric', value: HEIGHT }, () => ({ step: 20, min: 160, max: 2000 }));
  let chosen = false;
  height.addEventListener('input', () => (chosen = true));
  return {
    element: h(
      'fieldset',
      {},
      h('legend', {}, 'How it looks'),
      h('label', {}, 'A question of your own', question),
      h(
        'div',
        { class: 'row' },
        h('label', { class: 'pair' }, 'Theme', theme),
        h('label', { class: 'pair' }, 'Language', language),
      ),
      h('label', { class: 'choice' }, poster, 'A picture until the reader presses “Run”'),
      lab.steps < 2 ? null : h('label', { class: 'choice' }, play, 'Plays by itself'),
      h('label', { class: 'pair' }, 'Height, px', height),
    ),
    /** A height that was measured, where the author chose none; whether it is another. @param {number} px */
    fit: (px) => {
      if (chosen || poster.checked || height.value === String(px)) return false;
      height.value = String(Math.min(2000, Math.max(160, px)));
      return true;
    },
    height: () => {
      const read = reading(height.value);
      return 'value' in read && read.value !== null ? Math.min(2000, Math.max(160, Math.round(read.value))) : HEIGHT;
    },
    query: () => ({
      ...(question.value.trim() === '' ? {} : { question: question.value.trim() }),
      ...(theme.value === '' ? {} : { theme: theme.value }),
      ...(language.value === '' ? {} : { lang: language.value }),
      ...(poster.checked ? { run: '0' } : {}),
      ...(play.checked ? { play: '1' } : {}),
    }),
  };
}
