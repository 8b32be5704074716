// What the build writes for readers without code: pages that are HTML, and what they tell the programs of other sites.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { HtmlValidate, StaticConfigLoader } from 'html-validate';
import { CARD, head, oembed, robots, siteAddress, siteMap } from '../../scripts/told.js';

const dist = new URL('../../dist/', import.meta.url);
const read = (/** @type {string} */ name) => readFileSync(new URL(name, dist), 'utf8');
/** @type {import('../../www/js/session/types.js').Preset[]} */
const presets = JSON.parse(read('presets.json'));
const ADDRESS = 'https://example.org/tandem/';
const validator = new HtmlValidate(new StaticConfigLoader({ extends: ['html-validate:standard'] }));

/** @param {string} html */
function faults(html) {
  const { results } = validator.validateStringSync(html);
  return results.flatMap(({ messages }) => messages.map(({ line, column, message }) => `${line}:${column} ${message}`));
}

/** @param {string} html @param {string} name */
const meta = (html, name) => new RegExp(`<meta (?:name|property)="${name}" content="([^"]*)">`).exec(html)?.[1];

test('every page is valid HTML', () => {
  const pages = ['', 'p/'].flatMap((folder) =>
    readdirSync(new URL(folder, dist))
      .filter((name) => name.endsWith('.html'))
      .map((name) => folder + name),
  );
  assert.equal(pages.length, presets.length + 4);
  assert.deepEqual(
    Object.fromEntries(pages.map((page) => [page, faults(read(page))])),
    Object.fromEntries(pages.map((page) => [page, []])),
  );
  // The validator does see faults.
  assert.notDeepEqual(
    faults('<!doctype html><html lang="en"><head><title>A</title></head><body><p><div></div></p></body></html>'),
    [],
  );
});

test('every preset has a page that tells its title and question, and a picture of it', () => {
  for (const { id, title, question } of presets) {
    const html = read(`p/${id}.html`).replaceAll('&quot;', '"').replaceAll('&amp;', '&');
    assert.equal(meta(html, 'og:title'), title);
    assert.equal(meta(html, 'og:description'), question);
    assert.match(html, /<link rel="canonical" href="[^"#]*">/);
    const png = readFileSync(new URL(`p/${id}.png`, dist));
    // Signature, then the header chunk with width and height (PNG, third edition, 5.2 and 11.2.1).
    assert.equal(png.toString('latin1', 0, 8), '\x89PNG\r\n\x1a\n', id);
    assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [CARD.width, CARD.height], id);
    assert.ok(png.length > 10_000 && png.length < 300_000, `${id}: ${png.length} bytes`);
  }
});

test('with an address pages name it in full, and without one they tell nothing that needs it', () => {
  for (const { id, title, question } of presets) {
    const told = {
      title,
      description: question,
      page: `p/${id}.html`,
      picture: `p/${id}.png`,
      alt: title,
      oembed: `p/${id}.json`,
    };
    const bare = read(`p/${id}.html`).replace(/<link rel="canonical"[\s\S]*<\/head>/, '</head>');
    const full = bare.replace('</head>', () => `${head(told, ADDRESS)}\n</head>`);
    assert.deepEqual(faults(full), [], id);
    assert.equal(meta(full, 'og:url'), `${ADDRESS}p/${id}.html`);
    assert.equal(meta(full, 'og:image'), `${ADDRESS}p/${id}.png`);
    // Those who look for it read no further than 150 kB.
    const link = full.indexOf('<link rel="alternate" type="application/json+oembed"');
    assert.ok(link > 0 && link < 150_000, id);
    assert.ok(full.slice(link).includes(`href="${ADDRESS}p/${id}.json"`), id);
    assert.doesNotMatch(head(told, null), /og:url|og:image|oembed|https?:/);
  }
  assert.doesNotMatch(robots(null), /Sitemap/);
  assert.match(robots(ADDRESS), /^Sitemap: https:\/\/example\.org\/tandem\/sitemap\.xml$/m);
});

test('oEmbed has what its version 1.0 asks of a rich answer', () => {
  for (const preset of presets) {
    const answer = oembed(preset, ADDRESS);
    assert.equal(answer.version, '1.0');
    assert.equal(answer.type, 'rich');
    assert.equal(answer.title, preset.title);
    for (const size of [answer.width, answer.height, answer.thumbnail_width, answer.thumbnail_height])
      assert.ok(size > 0);
    assert.ok(existsSync(new URL(answer.thumbnail_url.replace(ADDRESS, ''), dist)));
    assert.deepEqual(faults(answer.html), []);
    const source = new URL((/ src="([^"]*)"/.exec(answer.html)?.[1] ?? '').replaceAll('&amp;', '&'));
    assert.equal(source.origin + source.pathname, ADDRESS);
    assert.equal(source.searchParams.get('embed'), '1');
    assert.equal(source.hash, `#p=${preset.id}`);
  }
});

test('the site map names pages that are there', () => {
  const map = siteMap(['', 'how.html', ...presets.map(({ id }) => `p/${id}.html`)], ADDRESS);
  const named = [...map.matchAll(/<loc>(.*?)<\/loc>/g)].map(([, loc]) => loc ?? '');
  assert.equal(new Set(named).size, presets.length + 2);
  for (const loc of named) {
    assert.ok(loc.startsWith(ADDRESS));
    assert.ok(existsSync(new URL(loc.slice(ADDRESS.length) || 'index.html', dist)), loc);
  }
});

test('an address is that of a site, or refused', () => {
  assert.equal(siteAddress(undefined), null);
  assert.equal(siteAddress('https://example.org/tandem'), ADDRESS);
  assert.equal(siteAddress('http://localhost:8080'), 'http://localhost:8080/');
  for (const wrong of ['example.org', 'ftp://example.org/', 'https://example.org/?a=1', 'https://example.org/#a', '']) {
    assert.throws(() => siteAddress(wrong), /--address/, wrong);
  }
});

test('what other sites read is not kept for offline use', () => {
  const kept = [...read('sw.js').matchAll(/^ {4}\['([^']*)', 'sha256-/gm)].map(([, name]) => name ?? '');
  assert.ok(kept.includes('./'));
  assert.deepEqual(
    kept.filter((name) => /^p\/|\.png$|^robots|^sitemap/.test(name)),
    [],
  );
});
