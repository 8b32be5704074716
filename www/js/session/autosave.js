// The last edited scenario is kept in this browser and offered, never opened by itself.

/** @typedef {{ hash: string, title: string, at: number }} Kept */

const KEY = 'tandem:last';

/** @param {Kept} kept */
export function keep(kept) {
  try {
    localStorage.setItem(KEY, JSON.stringify(kept));
  } catch {
    // Full or forbidden storage takes only this convenience away.
  }
}

/** @returns {Kept | null} */
export function kept() {
  try {
    const value = JSON.parse(localStorage.getItem(KEY) ?? 'null');
    const good =
      typeof value?.hash === 'string' &&
      value.hash.startsWith('#') &&
      typeof value?.title === 'string' &&
      typeof value?.at === 'number';
    return good ? value : null;
  } catch {
    return null;
  }
}

export function forget() {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // As above.
  }
}

const DRAWERS = 'tandem:drawers';

/** @returns {Record<string, unknown>} the drawer left open, by mechanism */
function drawers() {
  try {
    const value = JSON.parse(localStorage.getItem(DRAWERS) ?? '{}');
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

/** @param {string} mechanism */
export function keptDrawer(mechanism) {
  const name = drawers()[mechanism];
  return typeof name === 'string' ? name : '';
}

/**
 * @param {string} mechanism
 * @param {string} name '' for none
 */
export function keepDrawer(mechanism, name) {
  try {
    localStorage.setItem(DRAWERS, JSON.stringify({ ...drawers(), [mechanism]: name }));
  } catch {
    // As above.
  }
}

/**
 * How long ago, in words.
 * @param {number} at ms
 */
export function ago(at) {
  const minutes = Math.round((Date.now() - at) / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.round(minutes / 60);
  if (hours < 48) return `${hours} h ago`;
  return `${Math.round(hours / 24)} days ago`;
}
