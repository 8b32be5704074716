// WebKit (the engine of Safari) through WebKitGTK's driver, on a display of its own.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** @import { Browser } from './smoke.js' */

/**
 * Start WebKitGTK's own small browser.
 * @param {{ driver: string, browser: string, display: string }} programs
 * @returns {Promise<Browser>}
 */
export async function webkit(programs) {
  const home = mkdtempSync(path.join(tmpdir(), 'tandem-webkit-'));
  const { screen, name } = await screenOf(programs.display);
  const port = await freePort();
  const driver = spawn(programs.driver, [`--port=${port}`, '--host=127.0.0.1'], {
    stdio: 'ignore',
    env: {
      ...process.env,
      DISPLAY: name,
      HOME: home,
      XDG_RUNTIME_DIR: home,
      LIBGL_ALWAYS_SOFTWARE: '1',
      WEBKIT_DISABLE_COMPOSITING_MODE: '1',
      GDK_BACKEND: 'x11',
    },
  });
  const close = async () => {
    const gone = Promise.all(
      [driver, screen].map(
        (child) =>
          new Promise((resolve) => {
            if (child.exitCode !== null || child.signalCode !== null) resolve(null);
            else child.once('close', resolve);
          }),
      ),
    );
    driver.kill();
    screen.kill();
    await gone;
    rmSync(home, { recursive: true, force: true });
  };
  const send = async (/** @type {string} */ method, /** @type {string} */ where, /** @type {object} */ body = {}) => {
    const response = await fetch(`http://127.0.0.1:${port}${where}`, {
      method,
      signal: AbortSignal.timeout(90_000),
      ...(method === 'POST' ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}),
    });
    const { value } = /** @type {{ value: any }} */ (await response.json());
    if (!response.ok) throw new Error(`${value?.error}: ${value?.message}`);
    return value;
  };
  try {
    await listening(port);
    const { sessionId } = await send('POST', '/session', {
      capabilities: {
        alwaysMatch: { 'webkitgtk:browserOptions': { binary: programs.browser, args: ['--automation'] } },
      },
    });
    const session = `/session/${sessionId}`;
    await send('POST', `${session}/timeouts`, { script: 60_000, pageLoad: 60_000 });
    return {
      name: 'WebKit',
      open: (url) => send('POST', `${session}/url`, { url }),
      ask: async (expression) => {
        const script = `const done = arguments[arguments.length - 1];
          (async () => JSON.stringify({ value: ${expression} }))().then(done, (failure) => done(JSON.stringify({ failure: String(failure) })));`;
        const answer = JSON.parse(await send('POST', `${session}/execute/async`, { script, args: [] }));
        if (answer.failure) throw new Error(answer.failure);
        return answer.value;
      },
      picture: async () => Buffer.from(await send('GET', `${session}/screenshot`), 'base64'),
      close: async () => {
        await send('DELETE', session).catch(() => undefined);
        await close();
      },
    };
  } catch (failure) {
    await close();
    throw failure;
  }
}

/**
 * A display in memory.
 * @param {string} program
 */
async function screenOf(program) {
  const screen = spawn(program, ['-displayfd', '1', '-screen', '0', '1440x900x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const number = await new Promise((resolve, reject) => {
    screen.stdout.once('data', (chunk) => resolve(String(chunk).trim()));
    screen.once('error', reject);
    screen.once('close', () => reject(new Error(`${program} ended at once`)));
  });
  return { screen, name: `:${number}` };
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0));
    });
  });
}

/** @param {number} port */
async function listening(port) {
  for (let tries = 0; ; tries += 1) {
    try {
      await fetch(`http://127.0.0.1:${port}/status`);
      return;
    } catch (failure) {
      if (tries === 100) throw failure;
      await pause(100);
    }
  }
}
