// Errors with a meaning for the person in front of the page.

/** @import { Code } from './types.js' */

/** A refusal by the program, in words, with the field it is about. */
export class Problem extends Error {
  /**
   * @param {string} message
   * @param {string | null} [field] path in the scenario
   * @param {{ places?: string[], code?: Code | null, meant?: string[] }} [more] `places`: everything found, each with
   *   its field or line; `code`: what is handled in its own way; `meant`: ids that may be meant instead
   */
  constructor(message, field = null, { places = [], code = null, meant = [] } = {}) {
    super(message);
    this.name = 'Problem';
    this.field = field;
    this.places = places;
    this.code = code;
    this.meant = meant;
  }
}

/** A scenario that is right and yet has no answer: a part of it could not be solved. */
export class Unsolved extends Problem {}

/** A newer request of the same kind took this one's place. */
export class Superseded extends Error {
  constructor() {
    super('superseded by a newer change');
    this.name = 'Superseded';
  }
}

/** The person cancelled, or the module died; the work was not done. */
export class Stopped extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = 'Stopped';
  }
}

/** A part of the page did not come. */
export class NotLoaded extends Error {
  constructor() {
    super('a part of the page did not load');
    this.name = 'NotLoaded';
  }
}

/** Findings listed one by one; the rest is counted. */
const LISTED = 12;

/**
 * Everything that was found wrong, each with its place, for whoever wrote the file.
 * @param {unknown} error
 * @returns {string[]}
 */
export function findings(error) {
  const places = error instanceof Problem ? error.places : [];
  if (places.length === 0) return [sentence(error)];
  const more = places.length - LISTED;
  return [...places.slice(0, LISTED), ...(more > 0 ? [`${more} more.`] : [])].map((place) =>
    place.replace(/`([^`]*)`/g, '“$1”'),
  );
}

/**
 * Whatever was thrown, as a sentence: a capital at its head, a stop at its end, quotation marks for code's.
 * @param {unknown} error
 * @returns {string}
 */
export function sentence(error) {
  const thrown =
    typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
  const text = thrown.trim().replace(/`([^`]*)`/g, '“$1”');
  const stopped = /[.!?…]$/.test(text) ? text : `${text}.`;
  return stopped.charAt(0).toUpperCase() + stopped.slice(1);
}
