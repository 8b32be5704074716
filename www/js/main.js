import { registerOffline } from './offline.js';

const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
const answer = document.querySelector('#answer');

worker.addEventListener('message', (/** @type {MessageEvent<string>} */ event) => {
  if (answer) answer.textContent = `Tandem ${event.data}`;
  performance.mark('tandem:first-result');
});

registerOffline();
