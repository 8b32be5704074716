// What may be changed in an embedded view by messages.

import { outside } from '../session/embedding.js';
import { fieldOf } from '../session/form.js';

/** @import { EmbedOptions } from '../session/embedding.js' */
/** @import { Lab } from '../session/lab.js' */

/**
 * Why a message may not change an input, or null.
 * @param {Lab} lab
 * @param {EmbedOptions} options
 * @param {{ path: string, value: unknown }} change the value in the unit of the field
 * @returns {{ code: 'locked' | 'input', message: string } | null}
 */
export function refusal(lab, { lock, inputs }, { path, value }) {
  const offered = inputs.find((one) => one.path === path);
  if (lock === 'all' || (lock === 'inputs' && offered === undefined))
    return { code: 'locked', message: `The author of this figure locked “${path}”.` };
  const message = outside(fieldOf(lab.form, path), offered, value);
  return message === null ? null : { code: 'input', message };
}
