import init, { version } from '../pkg/tandem.js';

await init();
self.postMessage(version());
