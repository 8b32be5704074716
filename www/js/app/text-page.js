// What the pages of text share: theme, contents, language.

import { language, languageButton } from '../ui/language.js';
import { startTheme } from '../ui/theme.js';

/**
 * @param {string} [own] the catalogue of the page, where it has one of its own
 */
export async function startTextPage(own) {
  startTheme();
  // Beside the text there is room for the contents; above it they would push it down.
  const contents = document.querySelector('nav details');
  if (contents instanceof HTMLDetailsElement) contents.open = matchMedia('(min-width: 1000px)').matches;
  document.querySelector('.top')?.append(languageButton());
  if (language() === 'en') return;
  try {
    const { translatePage } = await import('../language/page.js');
    await translatePage(language(), own);
  } catch (error) {
    // Without its words the page stays English.
    console.warn(error);
  }
  // Other words have moved what the address names.
  if (location.hash !== '') document.getElementById(location.hash.slice(1))?.scrollIntoView();
}
