// Answers that ship with the page, for presets that take long to solve.

import { digest } from './digest.js';
import { aheadOf } from './modules.js';

/**
 * An answer that was computed ahead. `program`: the version that did; `seconds`: what solving takes here, about; `report`:
 * JSON text, as the mechanism wrote it.
 * @typedef {{ program: string, seconds: number, report: string }} Ahead
 */

/**
 * The answer that ships with what is opened, on its way; null where none does.
 * @param {string | Uint8Array} what a hash, a text or a file
 */
export function shippedAnswer(what) {
  const preset = typeof what === 'string' ? aheadOf(what) : null;
  if (preset === null) return null;
  const file = load(preset.id);
  return {
    /**
     * The answer to this scenario; null where it is of another, which is no answer, or did not come.
     * @param {string} scenario
     * @returns {Promise<Ahead | null>}
     */
    async of(scenario) {
      const found = await file;
      if (found === null || found.of !== digest(untold(scenario))) return null;
      return { program: found.program, seconds: preset.seconds, report: JSON.stringify(found.report) };
    },
  };
}

/**
 * A scenario without how far its lesson is, which changes no answer.
 * @param {string} scenario
 */
function untold(scenario) {
  const { view, ...rest } = JSON.parse(scenario);
  const { lesson: _, ...shown } = view ?? {};
  return JSON.stringify({ ...rest, view: shown });
}

/**
 * @param {string} id
 * @returns {Promise<{ program: string, of: string, report: unknown } | null>}
 */
async function load(id) {
  try {
    const response = await fetch(new URL(`../../ahead/${id}.json`, import.meta.url), { credentials: 'same-origin' });
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}
