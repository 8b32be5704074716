// Bounded runs of the program. Processor time and memory are bounded, not time by the clock: a busy machine is no fault.

import { spawn } from 'node:child_process';

/** Seconds of processor time: the largest scenarios of the corpus take one. */
const CPU_S = 60;
/** Address space in kB. */
const MEMORY_KB = 3 << 20;

/** @typedef {{ args: string[], rc: number | null, signal: NodeJS.Signals | null, out: string, err: string }} Done */

/**
 * @param {string} binary @param {string[]} args @param {string | Buffer} [input]
 * @returns {Promise<Done>}
 */
export function call(binary, args, input = '') {
  return new Promise((resolve, reject) => {
    const bounded = `ulimit -c 0; ulimit -t ${CPU_S}; ulimit -v ${MEMORY_KB} 2>/dev/null; exec "$@"`;
    const child = spawn('/bin/sh', ['-c', bounded, 'sh', binary, ...args], {
      env: { PATH: process.env['PATH'], RUST_BACKTRACE: '0', RAYON_NUM_THREADS: '2' },
    });
    /** @type {Buffer[]} */ const out = [];
    /** @type {Buffer[]} */ const err = [];
    child.stdout.on('data', (data) => out.push(data));
    child.stderr.on('data', (data) => err.push(data));
    child.on('error', reject);
    child.on('close', (rc, signal) =>
      resolve({ args, rc, signal, out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString() }),
    );
    // The program may have ended before it read all.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}
