// `npm run build`: checks the machine, sets up what it can and leaves the finished page in dist/; with `-- --whole` without the
// modules of one mechanism, in half the time; with `-- --address https://HOST/PATH/` knowing where it will be served.

import process from 'node:process';

import { packages, run, step, summary } from './steps.js';
import { tools } from './setup.js';

await step('tools', tools);
await step('packages', packages);
await step('build of dist', () => run(['cargo', 'xtask', 'dist', ...process.argv.slice(2)]));
summary();
console.log('\ndist/ can be served as it is by any static host, under any path. `npm run serve` shows it here.');
