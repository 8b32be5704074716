// The lesson of a preset is a file of its own beside the page: the program that solves is handed the one it needs.

import { isTaught } from './modules.js';

/** @typedef {{ id: string, text: string }} LessonText */

/** @type {Map<string, Promise<string | null>>} */
const files = new Map();

/**
 * The lesson of a preset, on its way; null where there is none, or none came.
 * @param {string} id
 * @returns {Promise<LessonText | null>}
 */
export async function lessonOf(id) {
  if (!/^[\w-]+$/.test(id) || !isTaught(id)) return null;
  const file = files.get(id) ?? load(id);
  files.set(id, file);
  const text = await file;
  if (text === null) files.delete(id);
  return text === null ? null : { id, text };
}

/**
 * The preset that a hash names.
 * @param {string} hash
 */
export function presetOf(hash) {
  return new URLSearchParams(hash.replace(/^#/, '')).get('p') ?? '';
}

/**
 * @param {string} id
 * @returns {Promise<string | null>}
 */
async function load(id) {
  try {
    const response = await fetch(new URL(`../../lessons/${id}.json`, import.meta.url), { credentials: 'same-origin' });
    return response.ok ? await response.text() : null;
  } catch {
    return null;
  }
}
