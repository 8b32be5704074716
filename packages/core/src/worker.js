// A worker with sessions of its own, for `remote.js`: one message in, one message out.

import { Session, Sheet, Sweep, load } from './index.js';

/** @type {Map<number, Session>} */
const sessions = new Map();

/** What of an answer can be sent. @param {unknown} answer */
function sent(answer) {
  if (answer instanceof Session) return undefined;
  if (!(answer instanceof Sheet)) return answer;
  const made = { report: answer.report(), ...(answer instanceof Sweep ? { swept: answer.swept } : {}) };
  answer.free();
  return made;
}

/** @param {{ session: number, call: string, args: any[] }} asked */
async function answer({ session, call, args }) {
  if (call === 'load') return load(...args);
  const known = sessions.get(session) ?? new Session();
  if (call === 'free') sessions.delete(session);
  else sessions.set(session, known);
  return sent(/** @type {Record<string, any>} */ (/** @type {unknown} */ (known))[call](...args));
}

addEventListener('message', async ({ data }) => {
  const { id } = data;
  try {
    postMessage({ id, result: await answer(data) });
  } catch (fault) {
    const { message, field, problems, fatal } = /** @type {import('./session.js').TandemError} */ (fault);
    postMessage({ id, error: { message, field, problems, fatal } });
  }
});
