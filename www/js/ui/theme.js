// Light or dark: the system's choice, the person's, or `theme=` in the address.

/** @typedef {'auto' | 'light' | 'dark'} Theme */

const KEY = 'tandem:theme';
const dark = matchMedia('(prefers-color-scheme: dark)');
/** @type {Set<() => void>} */
const listeners = new Set();
/** @type {Theme} */
let chosen = 'auto';

/** @param {string | null} text @returns {Theme} */
function parse(text) {
  return text === 'light' || text === 'dark' ? text : 'auto';
}

export function isDark() {
  return chosen === 'auto' ? dark.matches : chosen === 'dark';
}

function apply() {
  document.documentElement.dataset['theme'] = isDark() ? 'dark' : 'light';
  for (const listener of [...listeners]) listener();
}

/** Reads the choice and follows the system from now on. */
export function startTheme() {
  const forced = new URLSearchParams(location.search).get('theme');
  let kept = null;
  try {
    kept = localStorage.getItem(KEY);
  } catch {
    // Storage is a convenience; without it the system's choice holds.
  }
  chosen = parse(forced ?? kept);
  dark.addEventListener('change', apply);
  apply();
}

/** @param {Theme} theme */
export function chooseTheme(theme) {
  chosen = theme;
  try {
    if (theme === 'auto') localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
  } catch {
    // As above.
  }
  apply();
}

/**
 * @param {() => void} listener
 * @returns {() => void} stops listening
 */
export function onTheme(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
