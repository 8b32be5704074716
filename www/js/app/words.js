// The page of all words: the list is in the page itself; here it is narrowed by what is typed.

import { startTextPage } from './text-page.js';

await startTextPage();

const search = /** @type {HTMLInputElement | null} */ (document.getElementById('word-search'));
const count = document.querySelector('.word-count');
const words = /** @type {HTMLElement[]} */ ([...document.querySelectorAll('.word')]);
const groups = /** @type {HTMLElement[]} */ ([...document.querySelectorAll('.words')]);
const plain = (/** @type {string} */ text) =>
  text
    .toLowerCase()
    .replace(/[\s-]+/g, ' ')
    .trim();
const texts = words.map((word) => plain(`${word.dataset['forms']} ${word.textContent}`));

function narrow() {
  const asked = plain(search?.value ?? '');
  let left = 0;
  for (const [k, word] of words.entries()) {
    word.hidden = !(texts[k] ?? '').includes(asked);
    if (!word.hidden) left += 1;
  }
  for (const group of groups) group.hidden = group.querySelector('.word:not([hidden])') === null;
  if (count !== null)
    count.textContent =
      asked === '' ? '' : left === 0 ? 'No word holds this.' : left === 1 ? '1 word' : `${left} words`;
}

if (search !== null) {
  search.addEventListener('input', narrow);
  search.closest('p')?.removeAttribute('hidden');
  narrow();
  // The line of the search has moved what the address names.
  if (location.hash !== '') document.getElementById(location.hash.slice(1))?.scrollIntoView();
}
// A link to a word shows it, whatever was searched for.
addEventListener('hashchange', () => {
  const word = document.getElementById(location.hash.slice(1));
  if (search === null || !word?.closest('[hidden]')) return;
  search.value = '';
  narrow();
  word.scrollIntoView();
});
