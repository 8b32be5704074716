// Addresses that went through other programs: the scenario of a link belongs into the hash.

/** What the query may say of how the page is shown; anything else there is not of this page. */
const SHOWN = new Set('embed view ui inputs lock run play question state theme lang'.split(' '));

/**
 * Query and hash as they were meant, or null where there is nothing to mend. A `#` that was written as `%23` ends up in
 * the query, some programs turn `#p=…` into `?p=…`, and people write `?preset=…`.
 * @param {string} search
 * @param {string} hash
 * @returns {{ search: string, hash: string } | null}
 */
export function mended(search, hash) {
  if (hash.startsWith('#preset=')) return { search, hash: hash.replace('preset=', 'p=') };
  if (hash.length > 1) return null;
  const cut = search.search(/%23/i);
  if (cut >= 0) return { search: search.slice(0, cut).replace(/[?&]$/, ''), hash: `#${search.slice(cut + 3)}` };
  const parts = search
    .replace(/^\?/, '')
    .split('&')
    .filter((part) => part !== '');
  // A name that people write for the short one.
  const long = parts.findIndex((part) => part.startsWith('preset='));
  if (long >= 0) parts[long] = (parts[long] ?? '').replace('preset=', 'p=');
  const from = parts.findIndex((part) => /^[pz]=/.test(part));
  if (from < 0) return null;
  const name = (/** @type {string} */ part) => part.split('=')[0] ?? '';
  const shown = parts.filter((part) => SHOWN.has(name(part)));
  // What other programs add for themselves is not the scenario's; what stands behind it is.
  const scenario = parts.slice(from).filter((part) => !SHOWN.has(name(part)) && !/^(utm_\w+|fbclid|gclid)=/.test(part));
  return { search: shown.length === 0 ? '' : `?${shown.join('&')}`, hash: `#${scenario.join('&')}` };
}
