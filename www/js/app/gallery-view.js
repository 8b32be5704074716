// The gallery: what this is, one figure alive, the questions with their presets, and the door for one's own case.

import { drawing, h } from '../ui/dom.js';
import { bytesOf, droppedFolder, pickedFolder } from '../ui/folder.js';
import { createNetwork } from '../network/panel.js';
import { findings, sentence } from '../session/problem.js';
import { createHeader } from './shell.js';
import { isDark, onTheme } from '../ui/theme.js';
import { createTransport } from '../panels/transport.js';
import { Lab } from '../session/lab.js';
import { createFigure } from '../charts/figure.js';

/** @import { Client } from '../session/client.js' */
/** @import { NamedFile } from '../ui/folder.js' */
/** @import { Preset } from '../session/types.js' */

/** The system on the front page. */
const ALIVE = 'zuo-4node';
const ALIVE_CHART = 'flow';
/** In place of the picture of a preset that is not solved in passing. */
const LONG = 'Takes a while to solve: drawn when it is opened.';
/** Presets up to which a group shows all its cards; of a larger one the first, the others on demand. */
const FEW_CARDS = 8;
const FIRST_CARDS = 6;

/**
 * @param {Client} client
 * @param {Preset[]} presets
 * @param {HTMLElement} notices
 * @param {(what: string | Uint8Array) => Promise<void>} open opens a link, a text or a file
 */
export function createGalleryView(client, presets, notices, open) {
  const header = createHeader();
  const stage = h('div', { class: 'alive' });
  const groups = new Map();
  for (const preset of presets) groups.set(preset.group, [...(groups.get(preset.group) ?? []), preset]);
  const thumbnails = createThumbnails(client);

  const element = h(
    'div',
    { class: 'gallery' },
    header.element,
    h(
      'main',
      { id: 'main', tabindex: -1 },
      notices,
      h(
        'section',
        { class: 'hero' },
        h(
          'div',
          { class: 'lede' },
          h('h1', {}, 'Electricity markets between transmission and distribution, played in the browser'),
          h(
            'p',
            {},
            'Tandem solves published market mechanisms on a network you can change, shows who runs, at what price, over which lines, and puts every printed number beside its own.',
          ),
          h(
            'p',
            { class: 'hero-links' },
            h('a', { class: 'primary', href: `#p=${ALIVE}` }, 'Open this system'),
            h('a', { href: 'how.html' }, 'How it is computed'),
          ),
        ),
        stage,
      ),
      ...[...groups].map(([group, items]) =>
        h('section', { class: 'preset-group' }, h('h2', {}, group), ...cards(items, thumbnails)),
      ),
      openCase(client, open),
    ),
    h(
      'footer',
      { class: 'foot' },
      h('p', {}, 'Runs wholly in this browser: no account, nothing is uploaded. Works offline after the first visit.'),
    ),
  );

  /** @type {{ destroy: () => void }[]} */
  const parts = [header, thumbnails];
  let closed = false;
  void (async () => {
    if (!presets.some(({ id }) => id === ALIVE)) return;
    try {
      const lab = await Lab.open(client, `#p=${ALIVE}`);
      if (closed) return;
      lab.moveTo(0);
      const network = createNetwork(lab, { bare: true, height: 200 });
      const figure = createFigure(lab, ALIVE_CHART, { bare: true, height: 168 });
      const transport = createTransport(lab, { loop: true, compact: true, speed: 1 });
      const headline = h('p', { class: 'alive-headline' }, lab.report.headline);
      stage.append(headline, network.element, transport.element, figure.element);
      parts.push(network, figure, transport, { destroy: () => lab.close() });
      transport.autoplay();
    } catch (error) {
      stage.append(h('p', { class: 'figure-problem' }, sentence(error)));
    }
  })();

  return {
    element,
    destroy() {
      closed = true;
      for (const part of parts) part.destroy();
    },
  };
}

/**
 * @param {Preset[]} presets
 * @param {ReturnType<typeof createThumbnails>} thumbnails
 */
function cards(presets, thumbnails) {
  const list = (/** @type {Preset[]} */ some) =>
    h('ul', { class: 'cards' }, ...some.map((preset) => card(preset, thumbnails)));
  if (presets.length <= FEW_CARDS) return [list(presets)];
  const others = presets.slice(FIRST_CARDS);
  return [
    list(presets.slice(0, FIRST_CARDS)),
    h(
      'details',
      { class: 'more-cards' },
      h(
        'summary',
        {},
        `${others.length} more`,
        h('span', { class: 'titles' }, others.map(({ title }) => title).join(' · ')),
      ),
      list(others),
    ),
  ];
}

/**
 * @param {Preset} preset
 * @param {ReturnType<typeof createThumbnails>} thumbnails
 */
function card(preset, thumbnails) {
  const picture = h('div', { class: 'thumbnail', 'aria-hidden': 'true' });
  thumbnails.watch(picture, preset);
  return h(
    'li',
    { class: 'card' },
    picture,
    h('h3', {}, h('a', { href: `#p=${preset.id}` }, preset.title)),
    h('p', { class: 'question' }, preset.question),
    h('p', { class: 'card-text' }, preset.text),
  );
}

/**
 * Real charts of the presets, solved when they come into sight.
 * @param {Client} client
 */
function createThumbnails(client) {
  /** @type {Map<Element, Preset>} */
  const waiting = new Map();
  /** @type {Map<Element, Preset>} */
  const drawn = new Map();
  const sight = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        const preset = waiting.get(target);
        if (!isIntersecting || preset === undefined) continue;
        waiting.delete(target);
        sight.unobserve(target);
        drawn.set(target, preset);
        void draw(target, preset);
      }
    },
    { rootMargin: '200px' },
  );

  /**
   * @param {Element} target
   * @param {Preset} preset
   */
  async function draw(target, preset) {
    try {
      const width = Math.max(200, Math.floor(target.clientWidth));
      const made = await client.call('thumbnail', {
        preset: preset.id,
        chart: preset.thumbnail,
        view: { width, height: Math.round(width / 2.3), dark: isDark() },
      });
      target.replaceChildren(made === null ? LONG : drawing(made.svg));
    } catch {
      target.textContent = '';
    }
  }

  const stop = onTheme(() => drawn.forEach((preset, target) => void draw(target, preset)));
  return {
    /**
     * @param {Element} target
     * @param {Preset} preset
     */
    watch(target, preset) {
      // What takes minutes to solve names no chart.
      if (preset.thumbnail === '') {
        target.append(LONG);
        return;
      }
      waiting.set(target, preset);
      sight.observe(target);
    },
    destroy() {
      stop();
      sight.disconnect();
    },
  };
}

/**
 * @param {Client} client
 * @param {(what: string | Uint8Array) => Promise<void>} open
 */
function openCase(client, open) {
  const message = h('div', { class: 'field-message', role: 'alert' });
  const attempt = async (/** @type {() => Promise<string | Uint8Array>} */ what) => {
    message.replaceChildren();
    try {
      await open(await what());
    } catch (error) {
      const list = findings(error);
      message.replaceChildren(
        list.length === 1 ? h('p', {}, list[0] ?? '') : h('ul', {}, ...list.map((text) => h('li', {}, text))),
      );
    }
  };
  const attemptFolder = (/** @type {Promise<NamedFile[]>} */ files) =>
    attempt(async () => client.call('openFolder', await files));
  const file = h('input', {
    type: 'file',
    id: 'case-file',
    accept: '.json,.m,.txt,application/json,text/x-matlab,text/plain',
    onchange: async () => {
      const [chosen] = file.files ?? [];
      if (chosen !== undefined) await attempt(() => bytesOf(chosen));
      file.value = '';
    },
  });
  const folder = h('input', {
    type: 'file',
    id: 'case-folder',
    webkitdirectory: true,
    onchange: async () => {
      if (folder.files !== null && folder.files.length > 0) await attemptFolder(pickedFolder(folder.files));
      folder.value = '';
    },
  });
  const link = h('input', {
    type: 'text',
    id: 'case-link',
    placeholder: 'https://…#p=…',
    autocomplete: 'off',
    spellcheck: 'false',
  });
  const form = h(
    'form',
    {
      class: 'row',
      onsubmit: async (/** @type {SubmitEvent} */ event) => {
        event.preventDefault();
        const text = link.value.trim();
        const at = text.indexOf('#');
        if (text !== '') await attempt(async () => (text.startsWith('{') || at < 0 ? text : text.slice(at)));
      },
    },
    h('label', { for: 'case-link' }, 'or paste a link'),
    link,
    h('button', { type: 'submit' }, 'Open'),
  );
  const section = h(
    'section',
    { class: 'open-case', 'aria-labelledby': 'open-case-title' },
    h('h2', { id: 'open-case-title' }, 'Open a case'),
    h(
      'div',
      { class: 'drop' },
      h('label', { for: 'case-file' }, 'Drop a case or scenario here (JSON, or MATPOWER .m), or choose one'),
      file,
    ),
    h(
      'div',
      { class: 'drop' },
      h('label', { for: 'case-folder' }, 'Drop a folder of CSV files (a balancing case) here, or choose one'),
      folder,
    ),
    form,
    message,
  );
  section.addEventListener('dragover', (event) => {
    event.preventDefault();
    section.classList.add('is-over');
  });
  section.addEventListener('dragleave', () => section.classList.remove('is-over'));
  section.addEventListener('drop', async (event) => {
    event.preventDefault();
    section.classList.remove('is-over');
    const files = droppedFolder(event.dataTransfer);
    if (files !== null) return attemptFolder(files);
    const [dropped, ...more] = event.dataTransfer?.files ?? [];
    if (more.length > 0)
      message.textContent = `${more.length + 1} files were dropped. Drop one, or the folder of a balancing case.`;
    else if (dropped !== undefined) await attempt(() => bytesOf(dropped));
  });
  return section;
}
