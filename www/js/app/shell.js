// The page's frame: header with its buttons, notices, the network state of the browser.

import { h } from '../ui/dom.js';
import { icon } from '../ui/icon.js';
import { languageButton } from '../ui/language.js';
import { chooseTheme, isDark, onTheme } from '../ui/theme.js';

/** @import { Child } from '../ui/dom.js' */
/** @import { IconName } from '../ui/icon.js' */

/**
 * @param {string} label
 * @param {IconName} name
 * @param {() => void} act
 */
export function iconButton(label, name, act) {
  return h(
    'button',
    { type: 'button', class: 'icon-button', 'aria-label': label, title: label, onclick: act },
    icon(name),
  );
}

const logo = () => h('img', { src: 'icon.svg', alt: '', width: 20, height: 20 });

/**
 * @param {{ title?: string, actions?: Node[] }} [options]
 */
export function createHeader(options = {}) {
  const theme = iconButton('', 'moon', () => chooseTheme(isDark() ? 'light' : 'dark'));
  const dress = () => {
    const label = isDark() ? 'Light colours' : 'Dark colours';
    theme.setAttribute('aria-label', label);
    theme.title = label;
    theme.replaceChildren(icon(isDark() ? 'sun' : 'moon'));
  };
  dress();
  const stop = onTheme(dress);
  const offline = h(
    'span',
    { class: 'offline', hidden: navigator.onLine, title: 'Everything on this page works without a network.' },
    'offline',
  );
  const network = () => (offline.hidden = navigator.onLine);
  addEventListener('online', network);
  addEventListener('offline', network);
  const title = options.title === undefined ? null : h('h1', {}, options.title);
  const element = h(
    'header',
    { class: 'top' },
    h('a', { class: 'skip', href: '#main', onclick: skip }, 'Skip to the answer'),
    h(
      'div',
      { class: 'crumbs' },
      title === null
        ? h('span', { class: 'brand' }, logo(), 'Tandem')
        : h(
            'a',
            { class: 'brand', href: '#', 'aria-label': 'Tandem, all presets' },
            logo(),
            h('span', { class: 'brand-name' }, 'Tandem'),
          ),
      title === null ? null : h('span', { class: 'crumb', 'aria-hidden': 'true' }, '▸'),
      title,
      offline,
    ),
    h(
      'div',
      { class: 'actions' },
      ...(options.actions ?? []),
      languageButton(),
      theme,
      iconButton('Help and keys', 'help', () => void showHelp()),
    ),
  );
  return {
    element,
    /** @param {string} text */
    setTitle(text) {
      if (title !== null) {
        title.textContent = text;
        title.title = text;
      }
    },
    destroy() {
      stop();
      removeEventListener('online', network);
      removeEventListener('offline', network);
    },
  };
}

export async function showHelp() {
  const { openHelp } = await import('../ui/help.js');
  openHelp();
}

/** @param {MouseEvent} event the hash belongs to the scenario, not to anchors */
function skip(event) {
  event.preventDefault();
  const main = document.querySelector('main');
  main?.focus();
  main?.scrollIntoView();
}

/**
 * A notice above the content, in words, with what can be done.
 * @param {'note' | 'bad'} tone
 * @param {string} title
 * @param {string | Child[]} text
 * @param {...Node} actions
 */
export function createNotice(tone, title, text, ...actions) {
  return h(
    'div',
    { class: `notice notice-${tone}`, role: tone === 'bad' ? 'alert' : 'status' },
    h(
      'div',
      {},
      h('strong', {}, title),
      text === '' ? null : h('p', {}, ...(typeof text === 'string' ? [text] : text)),
    ),
    h('div', { class: 'row' }, ...actions),
  );
}
