// A module of the program, loaded and compiled: what it may come as instead is said in words.

import { Stopped } from './problem.js';

// Bundled, this code lies in another folder of the same depth.
const PKG = new URL('../../pkg/', import.meta.url);

/** Compiles once; every worker gets the compiled module. @param {string} name */
export async function compile(name) {
  const response = await fetch(new URL(`${name}_bg.wasm`, PKG), { credentials: 'same-origin' });
  if (!response.ok)
    throw new Stopped(
      `The program could not be loaded (${response.status}). Check the connection and reload the page.`,
    );
  const type = response.headers.get('content-type') ?? '';
  if (type.startsWith('text/html'))
    throw new Stopped(
      'Another page came in the place of the program. Some networks ask for a login first; then reload the page.',
    );
  try {
    return await (type.startsWith('application/wasm')
      ? WebAssembly.compileStreaming(response)
      : WebAssembly.compile(await response.arrayBuffer()));
  } catch (error) {
    // A policy that forbids it is told apart from a file that is damaged.
    if (error instanceof WebAssembly.CompileError && !/embedder|policy|unsafe-eval/i.test(error.message))
      throw new Stopped('The program came damaged. Reload the page.');
    throw error;
  }
}
