// What a lesson is begun from: a scenario that somebody chose, with the lessons that are already around it.

import { lessonOf } from '../session/lessons.js';
import { hashOf, UNLINKED } from '../session/links.js';
import { blank, wordsOf } from './words.js';

/** @import { Lesson } from '../session/data.d.ts' */
/** @import { Client } from '../session/client.js' */
/** @import { Draft } from '../session/drafts.js' */
/** @import { Preset, Scenario } from '../session/types.js' */
/** @import { Words } from './words.js' */

/**
 * `base`: the scenario without a lesson; `named`: as a lesson file names it; `own`: the lesson that came with it; `preset`:
 * that of its preset.
 * @typedef {{ base: Scenario, named: unknown, own: Words | null, preset: Words | null }} Beginning
 */

/**
 * @param {Client} client
 * @param {Preset[]} presets
 * @param {string | Uint8Array} what a hash, a text or a file
 * @returns {Promise<Beginning>}
 */
export async function beginning(client, presets, what) {
  const text = await (typeof what === 'string' ? client.call('open', what) : client.call('openFile', what));
  const { lesson, ...scenario } = /** @type {Scenario} */ (JSON.parse(text));
  const { lesson: _, ...view } = scenario.view;
  const file = lesson == null ? null : lessonFile(what);
  const listed = presets.find(({ id }) => id === scenario.preset);
  // Around a preset the title may be the lesson's.
  const title = lesson != null && listed !== undefined ? listed.title : scenario.title;
  const base = { ...scenario, title, view };
  const own = lesson == null ? null : wordsOf({ ...lesson, title: scenario.title === title ? '' : scenario.title });
  const [named, preset] = await Promise.all([
    file?.scenario ?? nameOf(client, base),
    presetWords(scenario.preset ?? ''),
  ]);
  return { base, named, own, preset };
}

/**
 * A lesson that was kept, with its scenario.
 * @param {Client} client
 * @param {Preset[]} presets
 * @param {Draft} draft
 * @returns {Promise<Scenario>}
 */
export async function baseOf(client, presets, draft) {
  const { base } = await beginning(client, presets, JSON.stringify({ lesson: 1, scenario: draft.scenario }));
  return base;
}

/**
 * @param {Beginning} begun
 * @param {Words} words
 * @returns {Draft}
 */
export function draftOf({ base, named }, words) {
  return { id: Date.now().toString(36), at: Date.now(), about: base.title, scenario: named, words };
}

/** What a draft holds, whichever version kept it. @param {Draft} draft @returns {Draft & { words: Words }} */
export function completed(draft) {
  const empty = blank.lesson();
  const words = { ...empty, ...draft.words };
  return { ...draft, words: { ...words, predict: { ...empty.predict, ...words.predict } } };
}

/**
 * The scenario as a lesson file names it: a preset by its id, a changed one by its link, any other in full.
 * @param {Client} client
 * @param {Scenario} base
 */
async function nameOf(client, base) {
  const { fragment, short } = await client.call('link', JSON.stringify(base));
  if (!short || hashOf(fragment) === UNLINKED) return base;
  return /^p=([\w-]+)$/.exec(fragment)?.[1] ?? fragment;
}

/** @param {string} id */
async function presetWords(id) {
  const file = await lessonOf(id);
  if (file === null) return null;
  const { lesson: _, scenario: __, title: ___, ...lesson } = JSON.parse(file.text);
  return wordsOf(/** @type {Lesson} */ (lesson));
}

/**
 * The fields of a lesson file, where it is one.
 * @param {string | Uint8Array} what
 * @returns {{ scenario?: unknown } | null}
 */
function lessonFile(what) {
  try {
    const fields = JSON.parse(typeof what === 'string' ? what : new TextDecoder().decode(what));
    return typeof fields?.lesson === 'number' ? fields : null;
  } catch {
    return null;
  }
}
