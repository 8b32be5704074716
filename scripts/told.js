// What a page tells programs that read it without showing it: those that draw a box for a link, that embed it by oEmbed, that
// list a site.
//
// Most of it has to be absolute, and only whoever serves the page knows its address: without one, what would be wrong is left out.

/** @import { Preset } from '../www/js/session/types.js' */

/** Size of the frame that oEmbed gives away, CSS px. */
const FRAME = { width: 800, height: 600 };
/** Size of the picture of a page, px (scripts/cards.js). */
export const CARD = { width: 1200, height: 630 };

/** @param {string} text */
export const escaped = (text) =>
  text.replace(/[&<>"]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign] ?? sign);

/**
 * The address of the site as it is used here, with a slash at its end; null without one.
 * @param {string | undefined} text
 * @returns {string | null}
 */
export function siteAddress(text) {
  if (text === undefined) return null;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '' || url.username !== '') {
    throw new Error(`--address ${text}: not the address of a site, such as https://example.org/tandem/`);
  }
  return url.href.endsWith('/') ? url.href : `${url.href}/`;
}

/**
 * @typedef {object} Told
 * @property {string} title
 * @property {string} description
 * @property {string} page its own address, relative to the site
 * @property {string} picture address of its PNG, relative to the site
 * @property {string} alt what the picture shows
 * @property {string | null} oembed address of its oEmbed, relative to the site
 */

/**
 * What stands in the head of a page. Addresses of links may be relative to it, those of Open Graph may not.
 * @param {Told} told
 * @param {string | null} address of the site
 */
export function head({ title, description, page, picture, alt, oembed }, address) {
  const property = (/** @type {string} */ name, /** @type {string | number} */ content) =>
    `<meta property="og:${name}" content="${escaped(String(content))}">`;
  const own = address === null ? (page.split('/').pop() ?? '') : address + page;
  const tags = [
    `<link rel="canonical" href="${escaped(own === '' ? './' : own)}">`,
    property('type', 'website'),
    property('site_name', 'Tandem'),
    property('title', title),
    property('description', description),
  ];
  if (address === null) return [...tags, '<meta name="twitter:card" content="summary">'].join('\n');
  tags.push(
    property('url', own),
    property('image', address + picture),
    property('image:type', 'image/png'),
    property('image:width', CARD.width),
    property('image:height', CARD.height),
    property('image:alt', alt),
    '<meta name="twitter:card" content="summary_large_image">',
  );
  if (oembed !== null) {
    const json = `href="${escaped(address + oembed)}" title="${escaped(title)}"`;
    tags.push(`<link rel="alternate" type="application/json+oembed" ${json}>`);
  }
  return tags.join('\n');
}

/**
 * oEmbed 1.0 of a preset: its answer and its first chart, or its network, which load when they are asked for.
 * @param {Pick<Preset, 'id' | 'title' | 'thumbnail'>} preset
 * @param {string} address of the site
 */
export function oembed({ id, title, thumbnail }, address) {
  const view = thumbnail === '' ? 'network,answer' : `answer,${thumbnail}`;
  const source = escaped(`${address}?embed=1&view=${view}&run=0#p=${id}`);
  const size = `width="${FRAME.width}" height="${FRAME.height}"`;
  return {
    version: '1.0',
    type: 'rich',
    title,
    provider_name: 'Tandem',
    provider_url: address,
    html: `<iframe src="${source}" title="Tandem: ${escaped(title)}" ${size} style="border: 0; max-width: 100%"></iframe>`,
    ...FRAME,
    thumbnail_url: `${address}p/${id}.png`,
    thumbnail_width: CARD.width,
    thumbnail_height: CARD.height,
  };
}

/**
 * The pages of a site for those who list it.
 * @param {string[]} pages relative to the site
 * @param {string} address
 */
export function siteMap(pages, address) {
  const entries = pages.map((page) => `<url><loc>${escaped(address + page)}</loc></url>`);
  return `<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
${entries.join('\n')}
</urlset>
`;
}

/** Everything may be read. @param {string | null} address */
export const robots = (address) =>
  `User-agent: *\nDisallow:\n${address === null ? '' : `\nSitemap: ${address}sitemap.xml\n`}`;
