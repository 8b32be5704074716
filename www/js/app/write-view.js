// The page on which a lesson is written: where it begins, then its form.

import { drafts } from '../session/drafts.js';
import { findings } from '../session/problem.js';
import { h, markFirstResult } from '../ui/dom.js';
import { baseOf, completed } from '../write/begin.js';
import { createEditor } from '../write/editor.js';
import { createStart } from '../write/start.js';
import { createHeader, createNotice } from './shell.js';

/** @import { Client } from '../session/client.js' */
/** @import { Draft } from '../session/drafts.js' */
/** @import { Preset, Scenario } from '../session/types.js' */

/**
 * @param {Client} client
 * @param {Preset[]} presets
 * @param {HTMLElement} notices
 * @param {{ open: (text: string) => Promise<void>, what: string }} page `what`: a hash with `draft=` or of a scenario, or
 *   the text of one, or nothing
 */
export function createWriteView(client, presets, notices, { open, what }) {
  const header = createHeader({ title: 'Write a lesson' });
  const place = h('div', {});
  const main = h('main', { id: 'main', tabindex: -1 }, notices, place);
  const element = h('div', { class: 'write-page' }, header.element, main);
  /** @type {ReturnType<typeof createEditor> | null} */
  let editor = null;

  /** @param {Draft} draft @param {Scenario} base */
  const edit = (draft, base) => {
    editor?.destroy();
    editor = createEditor(completed(draft), base, {
      client,
      presets,
      open,
      kept: () => history.replaceState(null, '', `#write&draft=${draft.id}`),
      leave: () => {
        location.hash = '#write';
      },
    });
    place.replaceChildren(editor.element);
    scrollTo(0, 0);
  };
  const start = createStart(client, presets, edit);

  /** @param {string} id */
  const goOn = async (id) => {
    const draft = drafts().find((one) => one.id === id);
    if (draft === undefined) {
      notices.replaceChildren(createNotice('bad', 'This lesson is not in this browser.', 'Open its file instead.'));
      place.replaceChildren(start.element);
      return;
    }
    try {
      edit(draft, await baseOf(client, presets, draft));
    } catch (error) {
      notices.replaceChildren(
        createNotice('bad', 'The scenario of this lesson does not open.', findings(error).join(' ')),
      );
      place.replaceChildren(start.element);
    }
  };

  const id = /^#draft=(\w+)$/.exec(what)?.[1];
  if (id !== undefined) void goOn(id);
  else {
    place.replaceChildren(start.element);
    if (what.length > 1) void start.choose(what);
  }
  markFirstResult();
  return {
    element,
    destroy() {
      editor?.destroy();
      header.destroy();
    },
  };
}
