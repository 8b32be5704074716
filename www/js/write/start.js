// Where a lesson begins: one that was begun here, or a scenario to write one about.

import { ago } from '../session/autosave.js';
import { dropDraft, drafts } from '../session/drafts.js';
import { findings } from '../session/problem.js';
import { h, uid } from '../ui/dom.js';
import { bytesOf } from '../ui/folder.js';
import { beginning, draftOf } from './begin.js';
import { blank } from './words.js';

/** @import { Client } from '../session/client.js' */
/** @import { Draft } from '../session/drafts.js' */
/** @import { Preset, Scenario } from '../session/types.js' */
/** @import { Beginning } from './begin.js' */

/**
 * @param {Client} client
 * @param {Preset[]} presets
 * @param {(draft: Draft, base: Scenario) => void} begin
 */
export function createStart(client, presets, begin) {
  const message = h('div', { class: 'field-message', role: 'alert' });
  const chosen = h('div', { class: 'write-chosen' });
  const told = h('p', { class: 'help', role: 'status' });
  let asked = 0;

  /** @param {string | Uint8Array | Promise<Uint8Array>} what */
  async function choose(what) {
    asked += 1;
    const turn = asked;
    message.replaceChildren();
    chosen.replaceChildren();
    told.textContent = 'Opening…';
    try {
      const begun = await beginning(client, presets, await what);
      if (turn !== asked) return;
      told.textContent = '';
      if (begun.own !== null) begin(draftOf(begun, begun.own), begun.base);
      else chosen.replaceChildren(...ways(begun));
      from.show(begun.base.preset ?? '');
    } catch (error) {
      if (turn !== asked) return;
      told.textContent = '';
      message.replaceChildren(...findings(error).map((text) => h('p', {}, text)));
    }
  }

  /** @param {Beginning} begun */
  function ways(begun) {
    const { base, preset } = begun;
    const way = (
      /** @type {string} */ label,
      /** @type {import('./words.js').Words} */ words,
      /** @type {string | null} */ kind,
    ) => h('button', { type: 'button', class: kind, onclick: () => begin(draftOf(begun, words), base) }, label);
    return [
      h('p', {}, 'A lesson about ', h('strong', {}, base.title)),
      h(
        'p',
        { class: 'row' },
        preset === null ? null : way('Start from its lesson', preset, 'primary'),
        way('Start with an empty lesson', blank.lesson(), preset === null ? 'primary' : null),
      ),
    ];
  }

  const from = sources(presets, choose);
  const element = h(
    'div',
    { class: 'write-start' },
    h(
      'p',
      { class: 'lede' },
      'A lesson stands around a scenario: a question, a prediction before the answer is seen, steps to try, and why it is so. Its sentences hold numbers of the model, which follow every change. Nothing is uploaded.',
    ),
    keptLessons(),
    h(
      'section',
      { class: 'write-section' },
      h('h2', {}, 'What is the lesson about?'),
      ...from.elements,
      told,
      message,
      chosen,
    ),
  );
  return { element, choose };
}

/** Lessons that were begun in this browser. */
function keptLessons() {
  const box = h('section', { class: 'write-section', 'aria-label': 'Lessons kept in this browser' });
  const fill = () => {
    const all = drafts();
    box.hidden = all.length === 0;
    box.replaceChildren(
      h('h2', {}, 'Go on with a lesson of yours'),
      h('ul', { class: 'write-drafts' }, ...all.map((draft) => line(draft, fill))),
    );
  };
  fill();
  return box;
}

/** @param {Draft} draft @param {() => void} gone */
function line({ id, at, about, words }, gone) {
  const title = String(words.title ?? '').trim() || String(words.question ?? '').trim() || about;
  let sure = false;
  const drop = h(
    'button',
    {
      type: 'button',
      class: 'quiet',
      'aria-label': `Delete ${title}`,
      onclick: () => {
        if (sure) {
          dropDraft(id);
          gone();
          return;
        }
        sure = true;
        drop.textContent = 'Delete for good?';
        drop.setAttribute('aria-label', `Delete ${title} for good?`);
      },
    },
    'Delete',
  );
  return h(
    'li',
    {},
    h('a', { href: `#write&draft=${id}` }, title),
    h('span', { class: 'help' }, `about ${about}, changed ${ago(at)}`),
    drop,
  );
}

/**
 * @param {Preset[]} presets
 * @param {(what: string | Promise<Uint8Array>) => void} choose
 */
function sources(presets, choose) {
  const ids = { preset: uid('write'), link: uid('write'), file: uid('write') };
  const groups = [...new Set(presets.map(({ group }) => group))];
  const preset = h(
    'select',
    { id: ids.preset, onchange: () => (preset.value === '' ? undefined : choose(`#p=${preset.value}`)) },
    h('option', { value: '' }, 'choose…'),
    ...groups.map((group) =>
      h(
        'optgroup',
        { label: group },
        ...presets.filter((one) => one.group === group).map(({ id, title }) => h('option', { value: id }, title)),
      ),
    ),
  );
  const link = h('input', {
    type: 'text',
    id: ids.link,
    placeholder: 'https://…#p=…',
    autocomplete: 'off',
    spellcheck: 'false',
  });
  const file = h('input', {
    type: 'file',
    id: ids.file,
    accept: '.json,.m,application/json',
    onchange: () => {
      const [first] = file.files ?? [];
      if (first !== undefined) choose(bytesOf(first));
      file.value = '';
    },
  });
  const elements = [
    h('p', { class: 'write-source' }, h('label', { for: ids.preset }, 'A preset'), preset),
    h(
      'form',
      {
        class: 'write-source',
        onsubmit: (/** @type {Event} */ event) => {
          event.preventDefault();
          const text = link.value.trim();
          const at = text.indexOf('#');
          if (text !== '') choose(at < 0 ? text : text.slice(at));
        },
      },
      h('label', { for: ids.link }, 'or a link'),
      h('span', { class: 'row' }, link, h('button', { type: 'submit' }, 'Use it')),
    ),
    h(
      'div',
      { class: 'write-source' },
      h('span', {}, 'or a file'),
      h('span', { class: 'row' }, h('label', { class: 'pick', for: ids.file }, 'Choose a scenario or a lesson', file)),
    ),
  ];
  return {
    elements,
    /** The preset that was chosen by another way. @param {string} id */
    show(id) {
      preset.value = id;
    },
  };
}
