// Errors with a meaning for the person in front of the page.

/** A refusal by the program, in words, with the field it is about. */
export class Problem extends Error {
  /**
   * @param {string} message
   * @param {string | null} [field] path in the scenario
   */
  constructor(message, field = null) {
    super(message);
    this.name = 'Problem';
    this.field = field;
  }
}

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

/**
 * Whatever was thrown, as a sentence.
 * @param {unknown} error
 * @returns {string}
 */
export function sentence(error) {
  if (error instanceof Error) return error.message;
  if (typeof error === 'object' && error !== null && 'message' in error) return String(error.message);
  return String(error);
}
