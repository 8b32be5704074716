// The packages as whoever installs them uses them: the compiler reads this file, nothing runs it.

import { Session, type Report, load, presets } from '@tandem-market/core';
import { type RemoteSession, connect } from '@tandem-market/core/worker';
import { type Decoded, decode, embedUrl, encode } from '@tandem-market/link';
import '@tandem-market/element';
import { TandemFigure } from '@tandem-market/element';

/** True where both are one type. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(_: Same<A, B>) => {};

await load(new Uint8Array());
await load(await WebAssembly.compile(new Uint8Array()));
await load(new URL('https://example.org/tandem.wasm'));
// @ts-expect-error nothing is no program
await load(null);

const session = new Session().preset(presets()[0]?.id ?? '').set('mechanism.intervals', 3);
const report = session.report();
same<typeof report, Report>(true);
const price: number | undefined = report.series.find(({ id }) => id === 'lmp:1')?.values[0];
// @ts-expect-error a report has no such part
report.prices;
const { svg } = session.chart('dispatch', { width: 640, dark: true, cursor: 0 });
// @ts-expect-error a chart has no such option
session.chart('dispatch', { wide: 640 });
const why = session.explain({ kind: 'bus', id: '1' });
why.parts[0]?.value.toFixed();
session.sweep({ path: 'case.branches.1-2.max_p_mw', from: 1, to: 9 }).swept.points[0]?.value.toFixed();
session.open(session.document()).link().fragment.slice();

const far: RemoteSession = (await connect()).session();
same<Awaited<ReturnType<typeof far.report>>, Report>(true);
same<Awaited<ReturnType<typeof far.preset>>, void>(true);
(await far.compare()).report.headline.slice();

const said: Decoded = await decode('p=triangle');
if (said.document) await encode(said.document);
else await encode({ preset: said.preset, changes: said.changes });
await encode(session.document());
embedUrl('https://example.org/', { preset: 'triangle' }, { view: ['network'], theme: 'dark', lock: 'inputs' });
// @ts-expect-error a theme is light or dark
embedUrl('https://example.org/', 'p=triangle', { theme: 'blue' });

const figure = document.createElement('tandem-figure');
same<typeof figure, TandemFigure>(true);
figure.addEventListener('tandem-result', ({ detail }) => detail.headline.slice());
figure.addEventListener('tandem-error', ({ detail }) => detail.message.slice());
await figure.set([{ path: 'case.branches.1-2.max_p_mw', value: 10 }]);
const { values } = await figure.get('values');
TandemFigure.page = 'https://example.org/tandem/';
console.log(price, svg, values);
