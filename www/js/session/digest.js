// A fingerprint of a scenario: whether an answer that was computed ahead is of this very question.

/**
 * The length of a scenario's JSON text and the FNV-1a hash of its UTF-16 units, however its writer spells numbers and
 * leaves room.
 * @param {string} json
 */
export function digest(json) {
  const text = JSON.stringify(JSON.parse(json));
  let hash = 0x811c9dc5;
  for (let k = 0; k < text.length; k += 1) hash = Math.imul(hash ^ text.charCodeAt(k), 0x01000193);
  return `${text.length}-${(hash >>> 0).toString(16)}`;
}
