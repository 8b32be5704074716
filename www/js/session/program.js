// The program as files: what a certificate carries, and what a citation names.

import { WHOLE, built } from './modules.js';
import { sha256 } from './sha256.js';

// Bundled, this code lies in another folder of the same depth.
const SITE = new URL('../../', import.meta.url);

/** @param {string} name */
async function fetched(name) {
  const response = await fetch(new URL(name, SITE), { credentials: 'same-origin' });
  if (!response.ok) throw new Error(`${name} did not load (${response.status}). Check the connection and try again.`);
  return response;
}

/** @param {string} name */
export async function textOf(name) {
  return (await fetched(name)).text();
}

/**
 * A module, or the whole; with its bytes and those of its door.
 * @param {string} module as the program names it for a scenario (`Session::module`)
 */
export async function programOf(module) {
  const bytesOf = async (/** @type {string} */ file) => new Uint8Array(await (await fetched(file)).arrayBuffer());
  const wanted = built(module);
  const found = await bytesOf(`pkg/${wanted}_bg.wasm`).then(
    (bytes) => ({ name: wanted, bytes }),
    // Where the page is kept for use without a network, the whole alone is.
    async () => ({ name: WHOLE, bytes: await bytesOf(`pkg/${WHOLE}_bg.wasm`) }),
  );
  const door = await bytesOf('pkg/tandem.js');
  const { name, bytes } = found;
  return {
    ...{ bytes, door },
    module: { name, bytes: bytes.length, sha256: sha256(bytes), door_sha256: sha256(door) },
  };
}
