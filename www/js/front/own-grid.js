// A grid of one's own: dropped, chosen, pasted as a link, or a built-in one to start from. What becomes of each file is
// said beside its name.

import { converted, isForeign } from '../session/formats.js';
import { Problem, findings } from '../session/problem.js';
import { h } from '../ui/dom.js';
import { dropped, picked, pickedFolder } from '../ui/folder.js';
import { GRIDS } from './choices.js';
import { sorted } from './own-files.js';

/** @import { Client } from '../session/client.js' */
/** @import { Preset } from '../session/types.js' */
/** @import { NamedFile } from '../ui/folder.js' */
/** @import { Grid } from './own-files.js' */

/** Files of a grid that are named; the rest is counted. */
const NAMED = 6;

/**
 * @param {Client} client
 * @param {Preset[]} presets
 * @param {(what: string | Uint8Array) => Promise<void>} open opens a link, a text or a file
 */
export function createOwnGrid(client, presets, open) {
  const message = h('div', { class: 'field-message', role: 'alert' });
  const files = h('ul', { class: 'chosen', 'aria-label': 'Chosen files' });
  const told = h('p', { class: 'hidden-text', role: 'status' });

  /** @param {() => Promise<void>} work */
  const attempt = async (work) => {
    message.replaceChildren();
    try {
      await work();
      return true;
    } catch (error) {
      const list = findings(error);
      message.replaceChildren(
        list.length === 1 ? h('p', {}, list[0] ?? '') : h('ul', {}, ...list.map((text) => h('li', {}, text))),
      );
      return false;
    }
  };

  /** Where it is in the format of another program, what is made of it. @param {Grid} grid */
  const openAny = async (grid) => {
    if ('folder' in grid) {
      const made = isForeign(grid.folder) ? await converted(grid.folder) : undefined;
      return open(await (made ? client.call('openConverted', made) : client.call('openFolder', grid.folder)));
    }
    try {
      await open(grid.file.bytes);
    } catch (error) {
      const other = error instanceof Problem && error.code === 'other_format';
      const made = other ? await converted([grid.file]) : undefined;
      if (made === undefined) throw error;
      await open(await client.call('openConverted', made));
    }
  };

  /** @param {Grid} grid */
  const openGrid = async (grid) => {
    const line = h('li', {}, ...namesOf(grid), h('span', { class: 'fate' }, 'reading…'));
    const fate = line.lastElementChild;
    files.replaceChildren(line);
    told.textContent = `Reading ${grid.name}.`;
    const read = await attempt(() => openAny(grid));
    if (fate !== null) fate.textContent = read ? 'opened' : 'not opened, see below';
  };

  /** @param {Promise<NamedFile[]>} chosen */
  const take = (chosen) =>
    attempt(async () => {
      files.replaceChildren();
      const { grids, left } = await sorted(await chosen);
      const [only] = grids;
      if (only === undefined)
        throw new Error('There is no grid among these files. Tandem reads .m, .json, .raw, .xml and .csv.');
      if (grids.length === 1) await openGrid(only);
      else
        files.replaceChildren(
          h('li', {}, `${grids.length} grids. Which one?`),
          ...grids.map((grid) =>
            h(
              'li',
              {},
              h('button', { type: 'button', onclick: () => void openGrid(grid) }, 'Open ', h('span', {}, grid.name)),
            ),
          ),
        );
      if (left.length > 0) files.append(h('li', {}, `Left out, not of a grid: ${shortened(left)}`));
    });

  const element = h(
    'section',
    { class: 'way open-case', 'data-place': 'own', 'aria-labelledby': 'way-own' },
    h('h2', { id: 'way-own' }, 'Use my grid'),
    h('p', { class: 'help' }, 'Nothing is uploaded: files are read in this browser.'),
    dropZone(take),
    files,
    told,
    linkForm((text) => void attempt(() => open(text))),
    message,
    h('p', { class: 'start-from' }, 'or start from'),
    h('ul', { class: 'chips' }, ...startFrom(presets)),
  );
  receive(element, take);
  return { element };
}

/** @param {Grid} grid */
function namesOf(grid) {
  const names = 'folder' in grid ? grid.folder.map(({ name }) => name.split('/').pop() ?? name) : [];
  return [
    h('span', { class: 'file-name' }, grid.name),
    names.length === 0 ? '' : h('span', { class: 'about' }, ` ${shortened(names)}`),
    ' ',
  ];
}

/** @param {string[]} names */
function shortened(names) {
  const more = names.length - NAMED;
  return `${names.slice(0, NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** @param {(chosen: Promise<NamedFile[]>) => void} take */
function dropZone(take) {
  const file = h('input', {
    type: 'file',
    id: 'case-file',
    multiple: true,
    accept:
      '.m,.json,.csv,.raw,.rawx,.xml,.zip,.txt,application/json,application/zip,text/csv,text/x-matlab,text/plain',
    onchange: () => {
      if (file.files !== null && file.files.length > 0) take(picked([...file.files]));
      file.value = '';
    },
  });
  const folder = h('input', {
    type: 'file',
    id: 'case-folder',
    webkitdirectory: true,
    onchange: () => {
      if (folder.files !== null && folder.files.length > 0) take(pickedFolder([...folder.files]));
      folder.value = '';
    },
  });
  return h(
    'div',
    { class: 'drop' },
    h('p', {}, 'Drop a grid here: MATPOWER (.m), Tandem (.json), a folder of CSV files, or any of them as a .zip.'),
    h(
      'p',
      { class: 'help' },
      'Also pandapower, PowerModels (.json), PSS/E (.raw), PyPSA (its CSV folder) and CIM (.xml).',
    ),
    h(
      'div',
      { class: 'row' },
      h('label', { class: 'pick', for: 'case-file' }, 'Choose files', file),
      h('label', { class: 'pick', for: 'case-folder' }, 'Choose a folder', folder),
    ),
  );
}

/** @param {(text: string) => void} go */
function linkForm(go) {
  const link = h('input', {
    type: 'text',
    id: 'case-link',
    placeholder: 'https://…#p=…',
    autocomplete: 'off',
    spellcheck: 'false',
  });
  return h(
    'form',
    {
      class: 'row',
      onsubmit: (/** @type {SubmitEvent} */ event) => {
        event.preventDefault();
        const text = link.value.trim();
        const at = text.indexOf('#');
        if (text !== '') go(text.startsWith('{') || at < 0 ? text : text.slice(at));
      },
    },
    h('label', { for: 'case-link' }, 'or paste a link'),
    link,
    h('button', { type: 'submit' }, 'Open'),
  );
}

/** @param {Preset[]} presets */
function startFrom(presets) {
  return GRIDS.filter(({ preset }) => presets.some(({ id }) => id === preset)).map(({ name, preset }) =>
    h('li', {}, h('a', { href: `#p=${preset}` }, name)),
  );
}

/**
 * @param {HTMLElement} element
 * @param {(chosen: Promise<NamedFile[]>) => void} take
 */
function receive(element, take) {
  element.addEventListener('dragover', (event) => {
    event.preventDefault();
    element.classList.add('is-over');
  });
  element.addEventListener('dragleave', (event) => {
    if (event.relatedTarget instanceof Node && element.contains(event.relatedTarget)) return;
    element.classList.remove('is-over');
  });
  element.addEventListener('drop', (event) => {
    event.preventDefault();
    element.classList.remove('is-over');
    take(dropped(event.dataTransfer));
  });
}
