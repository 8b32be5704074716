// What the form of a lesson is made of: labelled fields that know where they stand in the file and what may be put into
// them, and lists of like things.

import { h, uid } from '../ui/dom.js';

/**
 * What a pick from the lists beside the form does to a field: a sentence gets `{id}`, a condition or an expression the id,
 * the others become it.
 * @typedef {'sentence' | 'expression' | 'series' | 'chart' | 'charts' | ''} Takes
 * @typedef {object} FieldOptions
 * @property {string} at where it stands, as problems name it
 * @property {string} label
 * @property {string} value
 * @property {(value: string) => void} set
 * @property {Takes} [takes]
 * @property {number} [rows] of a box of several lines
 * @property {string} [help]
 * @property {string} [placeholder]
 */

/** @param {FieldOptions} options */
export function field({ at, label, value, set, takes = '', rows = 0, help = '', placeholder = '' }) {
  const ids = { box: uid('write'), message: uid('write'), help: uid('write') };
  const shared = {
    id: ids.box,
    'aria-describedby': help === '' ? ids.message : `${ids.help} ${ids.message}`,
    'data-takes': takes,
    placeholder: placeholder === '' ? null : placeholder,
    spellcheck: takes === 'sentence' || rows > 0 ? 'true' : 'false',
    autocomplete: 'off',
    class: takes === '' || takes === 'sentence' ? 'wide' : 'wide code',
    oninput: () => set(box.value),
  };
  const box = rows > 0 ? h('textarea', { ...shared, rows }) : h('input', { ...shared, type: 'text' });
  box.value = value;
  return h(
    'div',
    { class: 'write-field', 'data-at': at },
    h('label', { for: ids.box }, label),
    box,
    help === '' ? null : h('p', { id: ids.help, class: 'help' }, help),
    h('p', { id: ids.message, class: 'field-message' }),
  );
}

/**
 * One of several.
 * @param {{ at: string, label: string, value: string, options: [string, string][], set: (value: string) => void }} options
 */
export function choice({ at, label, value, options, set }) {
  const ids = { box: uid('write'), message: uid('write') };
  const select = h(
    'select',
    { id: ids.box, 'aria-describedby': ids.message, onchange: () => set(select.value) },
    ...options.map(([name, text]) => h('option', { value: name, selected: name === value }, text)),
  );
  return h(
    'div',
    { class: 'write-field', 'data-at': at },
    h('label', { for: ids.box }, label),
    select,
    h('p', { id: ids.message, class: 'field-message' }),
  );
}

/**
 * @param {{ label: string, value: boolean, set: (value: boolean) => void }} options
 */
export function tick({ label, value, set }) {
  const box = h('input', { type: 'checkbox', checked: value, onchange: () => set(box.checked) });
  return h('label', { class: 'write-tick' }, box, h('span', {}, label));
}

/** Words on a group of fields as a whole. @param {string} at */
export function remark(at) {
  return h('div', { class: 'write-field write-remark', 'data-at': at }, h('p', { class: 'field-message' }));
}

/**
 * @template T
 * @typedef {object} ListOptions
 * @property {T[]} items changed in place
 * @property {() => T} blank
 * @property {(item: T, at: number) => (Node | null)[]} fields
 * @property {string} name of one, e.g. `Step`
 * @property {string} add
 * @property {() => void} changed
 */

/**
 * A list of like things: each can be moved and removed, and another added.
 * @template T
 * @param {ListOptions<T>} options
 */
export function list({ items, blank, fields, name, add, changed }) {
  const box = h('div', { class: 'write-list' });
  const more = h('button', { type: 'button', onclick: () => put() }, add);
  const element = h('div', { class: 'write-list-box' }, box, more);

  function put() {
    items.push(blank());
    fill();
    changed();
    const last = box.lastElementChild?.querySelector('input, textarea, select');
    if (last instanceof HTMLElement) last.focus();
  }

  /** @param {number} from @param {number} to where -1 is away */
  function move(from, to) {
    const [item] = items.splice(from, 1);
    if (item === undefined) return;
    if (to >= 0) items.splice(to, 0, item);
    fill();
    changed();
    const next = box.children[Math.min(Math.max(to < 0 ? from : to, 0), items.length - 1)];
    const button = next?.querySelector('.write-tools button:not(:disabled)');
    if (button instanceof HTMLElement) button.focus();
    else more.focus();
  }

  function fill() {
    box.replaceChildren(
      ...items.map((item, at) => {
        const called = `${name} ${at + 1}`;
        const tool = (/** @type {string} */ word, /** @type {number} */ to, /** @type {boolean} */ off) =>
          h(
            'button',
            {
              type: 'button',
              class: 'quiet',
              disabled: off,
              'aria-label': `${word} ${called}`,
              onclick: () => move(at, to),
            },
            word,
          );
        return h(
          'fieldset',
          { class: 'write-item', 'data-name': called },
          h('legend', {}, called),
          h(
            'div',
            { class: 'write-tools' },
            items.length < 2 ? null : tool('Up', at - 1, at === 0),
            items.length < 2 ? null : tool('Down', at + 1, at === items.length - 1),
            tool('Remove', -1, false),
          ),
          ...fields(item, at).filter((part) => part !== null),
        );
      }),
    );
  }

  fill();
  return { element, fill };
}

/**
 * Puts what was picked into the box that was last written in.
 * @param {HTMLInputElement | HTMLTextAreaElement} box
 * @param {string} text
 * @param {boolean} whole in the place of all that stands there
 */
export function putInto(box, text, whole) {
  if (whole) box.value = text;
  else {
    const [start, end] = [box.selectionStart ?? box.value.length, box.selectionEnd ?? box.value.length];
    const apart = !text.startsWith('{');
    const before = apart && start > 0 && !/\s$/.test(box.value.slice(0, start)) ? ' ' : '';
    const after = apart && /^\S/.test(box.value.slice(end)) ? ' ' : '';
    box.setRangeText(`${before}${text}${after}`, start, end, 'end');
  }
  box.dispatchEvent(new Event('input', { bubbles: true }));
  box.focus();
}

/**
 * Shows what is wrong beside the fields it is about.
 * @param {HTMLElement} form
 * @param {import('./words.js').Fault[]} faults
 * @returns {import('./words.js').Fault[]} those that no field shows
 */
export function showFaults(form, faults) {
  /** @type {Map<string, string[]>} */
  const left = new Map();
  for (const { at, message } of faults) left.set(at, [...(left.get(at) ?? []), message]);
  for (const place of form.querySelectorAll('.write-field')) {
    const at = place.getAttribute('data-at') ?? '';
    const text = (left.get(at) ?? []).join(' ');
    left.delete(at);
    const message = place.querySelector('.field-message');
    if (message !== null && message.textContent !== text) message.textContent = text;
    const box = place.querySelector('input, textarea, select');
    if (text === '') box?.removeAttribute('aria-invalid');
    else box?.setAttribute('aria-invalid', 'true');
  }
  return faults.filter(({ at }) => left.has(at));
}
