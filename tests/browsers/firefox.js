// Firefox through WebDriver BiDi, which it speaks without another program.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { WebSocket } from 'ws';

/** @import { Browser } from './smoke.js' */

/**
 * Start Firefox with a profile of its own.
 * @param {string} program
 * @returns {Promise<Browser>}
 */
export async function firefox(program) {
  const profile = mkdtempSync(path.join(tmpdir(), 'tandem-firefox-'));
  // Nothing of its own to fetch or to ask.
  writeFileSync(
    path.join(profile, 'user.js'),
    [
      ['app.normandy.enabled', false],
      ['app.update.disabledForTesting', true],
      ['browser.shell.checkDefaultBrowser', false],
      ['datareporting.policy.dataSubmissionEnabled', false],
      ['extensions.update.enabled', false],
      ['network.captive-portal-service.enabled', false],
      ['network.connectivity-service.enabled', false],
      ['services.settings.server', ''],
      ['toolkit.telemetry.enabled', false],
      ['browser.safebrowsing.downloads.enabled', false],
    ]
      .map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`)
      .join(''),
  );
  const child = spawn(
    program,
    ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port', '0', 'about:blank'],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, HOME: profile, MOZ_CRASHREPORTER_DISABLE: '1' },
    },
  );
  const address = await told(child, /WebDriver BiDi listening on (ws:\S+)/);
  const socket = new WebSocket(`${address}/session`);
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  let last = 0;
  /** @type {Map<number, { resolve: (value: any) => void, reject: (reason: Error) => void }>} */
  const waiting = new Map();
  socket.on('message', (text) => {
    const answer = JSON.parse(String(text));
    const one = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (answer.type === 'error') one?.reject(new Error(`${answer.error}: ${answer.message}`));
    else one?.resolve(answer.result);
  });
  const send = (/** @type {string} */ method, params = {}) =>
    new Promise((resolve, reject) => {
      last += 1;
      waiting.set(last, { resolve, reject });
      socket.send(JSON.stringify({ id: last, method, params }));
    });
  await send('session.new', { capabilities: {} });
  const {
    contexts: [{ context }],
  } = await send('browsingContext.getTree');
  return {
    name: 'Firefox',
    open: (url) => send('browsingContext.navigate', { context, url, wait: 'complete' }),
    ask: async (expression) => {
      const answer = await send('script.evaluate', {
        expression: `(async () => JSON.stringify(${expression}))()`,
        target: { context },
        awaitPromise: true,
      });
      if (answer.type === 'exception') throw new Error(answer.exceptionDetails.text);
      return answer.result.value === undefined ? undefined : JSON.parse(answer.result.value);
    },
    picture: async () => Buffer.from((await send('browsingContext.captureScreenshot', { context })).data, 'base64'),
    close: async () => {
      const gone = new Promise((resolve) => child.once('close', resolve));
      child.kill();
      await gone;
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

/**
 * Wait until a program says something on its error output.
 * @param {import('node:child_process').ChildProcess} child
 * @param {RegExp} what
 * @returns {Promise<string>} The first group.
 */
function told(child, what) {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stderr?.on('data', (chunk) => {
      text += chunk;
      const found = what.exec(text)?.[1];
      if (found) resolve(found);
    });
    child.once('error', reject);
    child.once('close', () => reject(new Error(`the browser ended at once: ${text.slice(-500)}`)));
  });
}
