// A link to a preset that does not exist: those that may be meant, and never a wall of names.

import { Problem } from '../session/problem.js';
import { h } from '../ui/dom.js';

/** @import { Preset } from '../session/types.js' */
/** @import { Child } from '../ui/dom.js' */

/**
 * What is said of an unknown preset, with links to those that may be meant; null for any other refusal.
 * @param {unknown} error
 * @param {string} hash
 * @param {Preset[]} [presets] where they are known, for their titles
 * @returns {Child[] | null}
 */
export function unknownPreset(error, hash, presets = []) {
  if (!(error instanceof Problem) || error.code !== 'unknown_preset') return null;
  const asked = new URLSearchParams(hash.replace(/^#/, '')).get('p') ?? '';
  const none = `There is no preset “${asked}”. `;
  if (error.meant.length === 0) return [none, 'The search and the questions of the front page lead to all of them.'];
  const links = error.meant.map((id) => {
    const title = presets.find((preset) => preset.id === id)?.title;
    return h('a', { href: `#p=${id}`, title: title ?? null }, id);
  });
  return [none, 'Did you mean ', ...links.flatMap((link, k) => (k === 0 ? [link] : [' or ', link])), '?'];
}
