// An embedded view as text for another program: what its author pastes.

/**
 * hash: of the scenario, with `#`; query: how it is shown; page: the address of the front page
 * @typedef {{ page: string, hash: string, query: Record<string, string>, title: string, preset: string, height: number }} Figure
 */

/** @param {string} text */
const attribute = (text) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

/** @param {Figure} figure */
export function frameAddress({ page, hash, query }) {
  const url = new URL(page);
  // Signs that a query may have as they are: people read these addresses.
  const text = new URLSearchParams({ embed: '1', ...query }).toString();
  url.search = text.replaceAll('%3A', ':').replaceAll('%2C', ',');
  url.hash = hash;
  return url.href;
}

/** A frame that works where scripts are stripped, at a fixed height. @param {Figure} figure */
function frame(figure) {
  const { title, height } = figure;
  const style = 'width: 100%; max-width: 900px; border: 0';
  return `<iframe src="${attribute(frameAddress(figure))}" title="Tandem: ${attribute(title)}" width="100%" height="${height}" style="${style}"></iframe>`;
}

/** @param {Figure} figure */
const script = ({ page }) => `<script type="module" src="${attribute(new URL('embed.js', page).href)}"></script>`;

/** @param {Figure} figure @returns {[string, string][]} */
function attributes({ page, hash, query, preset, title }) {
  const scenario = /** @type {[string, string]} */ (
    hash === `#p=${preset}` ? ['preset', preset] : ['link', hash.slice(1)]
  );
  return [scenario, ...Object.entries(query), ['label', title], ['page', page]];
}

/** @param {Figure} figure */
function element(figure) {
  const own = attributes(figure).filter(([name]) => name !== 'page');
  return `${script(figure)}\n<tandem-figure ${own.map(([name, value]) => `${name}="${attribute(value)}"`).join(' ')}></tandem-figure>`;
}

/** The picture that the page has of a preset, and the way to it. @param {Figure} figure */
function markdown({ page, hash, preset, title }) {
  const link = new URL(hash, page).href;
  const words = title.replace(/[[\]]/g, '\\$&');
  // Only a preset has a picture at an address; any other scenario stands in its link alone.
  return preset === ''
    ? `[${words}](${link})`
    : `[![${words}](${new URL(`pictures/${preset}.svg`, page).href})](${link})`;
}

/** @param {Figure} figure */
function quarto(figure) {
  const quoted = (/** @type {string} */ text) => `"${text.replaceAll('"', '\\"')}"`;
  const own = attributes(figure).map(([name, value]) => `${name}=${quoted(value)}`);
  return `{{< tandem ${own.join(' ')} height="${figure.height}" >}}`;
}

/** @param {Figure} figure */
function myst(figure) {
  return `:::{iframe} ${frameAddress(figure)}\n:width: 100%\n${figure.title}\n:::`;
}

/**
 * The kinds of text, in the order of the choice.
 * @type {{ id: string, title: string, help: string, write: (figure: Figure) => string }[]}
 */
export const SNIPPETS = [
  {
    id: 'frame',
    title: 'A frame',
    help: 'For Moodle, Canvas, WordPress and every page that takes HTML, also where scripts are taken out.',
    write: frame,
  },
  {
    id: 'script',
    title: 'A frame that fits its height',
    help: 'For a page of your own: the script, less than 3 kB, gives each frame the height of what it shows.',
    write: (figure) => `${frame(figure)}\n${script(figure)}`,
  },
  {
    id: 'element',
    title: '<tandem-figure>',
    help: 'For a page with scripts of its own, which can set inputs and hear results.',
    write: element,
  },
  {
    id: 'markdown',
    title: 'Markdown',
    help: 'A picture, where there is one, that leads to the live figure.',
    write: markdown,
  },
  {
    id: 'quarto',
    title: 'Quarto',
    help: 'A shortcode of the extension: live in HTML, a picture in PDF.',
    write: quarto,
  },
  {
    id: 'myst',
    title: 'MyST, Jupyter Book',
    help: 'A directive that needs no extension.',
    write: myst,
  },
];
