// The language of the page: English as it is written, or another that has a catalogue (www/languages).

const KEY = 'tandem:language';

/** Languages by their tags, each in its own words. */
export const LANGUAGES = { en: 'English', de: 'Deutsch' };
/** English with an accent: what stands on the page without one is in no catalogue. For tests. */
export const PSEUDO = 'en-x-pseudo';

/** @typedef {keyof typeof LANGUAGES | typeof PSEUDO} Language */

/**
 * @param {string | null} text
 * @returns {Language | null}
 */
function known(text) {
  if (text === PSEUDO) return PSEUDO;
  return text !== null && text in LANGUAGES ? /** @type {Language} */ (text) : null;
}

/** What the address asks for with `lang=`, else what was chosen on this device, else English. */
export function language() {
  const asked = known(new URLSearchParams(location.search).get('lang'));
  if (asked !== null) return asked;
  try {
    return known(localStorage.getItem(KEY)) ?? 'en';
  } catch {
    return 'en';
  }
}

/**
 * Keeps the choice and shows the page in it: the scenario stands in the address.
 * @param {Language} chosen
 */
export function chooseLanguage(chosen) {
  try {
    localStorage.setItem(KEY, chosen);
  } catch {
    // Storage is a convenience: the address says it too.
  }
  const query = new URLSearchParams(location.search);
  query.set('lang', chosen);
  location.search = query.toString();
}

/** A button that shows the page in the language that it is not in. */
export function languageButton() {
  const other = language() === 'en' ? 'de' : 'en';
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'icon-button';
  button.lang = other;
  button.translate = false;
  button.title = LANGUAGES[other];
  button.textContent = other.toUpperCase();
  button.addEventListener('click', () => chooseLanguage(other));
  return button;
}

/** @type {(text: string) => string} */
let say = (text) => text;

/**
 * A text in the language of the page, for who cuts it into pieces: whole texts are said as they come onto the page.
 * @param {string} text
 */
export function inLanguage(text) {
  return say(text);
}

/** @param {(text: string) => string} how */
export function setLanguage(how) {
  say = how;
}
