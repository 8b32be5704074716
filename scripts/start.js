// `npm start`: builds the page and serves it on this machine until Ctrl+C.
//
// The port is 8080, or the one in PORT; if it is taken, a free one.

import path from 'node:path';
import process from 'node:process';

import { serve } from './serve.js';
import { root, tools } from './setup.js';
import { packages, run, step } from './steps.js';

await step('tools', tools);
await step('packages', packages);
await step('build of dist', () => run(['cargo', 'xtask', 'dist', ...process.argv.slice(2)]));
const { url } = await serve({
  root: path.join(root, 'dist'),
  port: Number(process.env.PORT ?? 8080),
  host: 'localhost',
});
console.log(`\nTandem is at ${url}\n(Ctrl+C stops it.)`);
