// What stands behind the answer: printed numbers beside ours, where the data come from, the certificates, the program.

import { allFields } from '../session/form.js';
import { paperOf } from '../session/papers.js';
import { sentence } from '../session/problem.js';
import { h, save } from '../ui/dom.js';
import { plain, scientific } from '../ui/number.js';
import { notesOf } from './answer.js';
import { isChanged } from './field.js';
import { besideOurs } from './printed.js';

/** @import { Report } from '../session/types.js' */
/** @import { Lab } from '../session/lab.js' */

/**
 * @param {Lab} lab
 * @returns {HTMLElement[]}
 */
export function evidenceOf(lab) {
  const { report } = lab;
  const changes = { changed: changedInputs(lab), clock: report.clock ?? null };
  return [
    ...besideOurs(report.published, {
      id: 'published',
      title: 'Printed beside ours',
      said: report.published_said ?? '',
      ...changes,
    }),
    ...besideOurs(report.also_computed ?? [], {
      id: 'also-computed',
      title: 'Also computed by hand or by another program',
      said: report.also_computed_said ?? '',
      ...changes,
    }),
    ...about(lab),
    ...(report.certificates.length > 0 ? [h('h3', {}, 'Certificates'), certificates(report), lpFile(lab)] : []),
    ...paperPage(lab),
    h(
      'p',
      {},
      h('a', { href: 'how.html', target: '_blank', rel: 'noopener' }, 'How it is computed'),
      ': every equation with the paper’s own number.',
    ),
  ];
}

/**
 * The page of the paper that the preset shows.
 * @param {Lab} lab
 */
function paperPage(lab) {
  const paper = paperOf(lab.scenario.preset ?? '');
  if (paper === null) return [];
  return [h('p', {}, h('a', { href: `#paper=${paper.id}` }, `Figures and claims of ${paper.short}`))];
}

/**
 * How many inputs of the case and the mechanism are no longer those of the preset; an input may stand in several places
 * of the form.
 * @param {Lab} lab
 */
function changedInputs(lab) {
  const changed = allFields(lab.form).filter((field) => /^(case|mechanism)\./.test(field.path) && isChanged(field));
  return new Set(changed.map(({ path }) => path)).size;
}

/**
 * @param {Lab} lab
 * @returns {HTMLElement[]}
 */
function about(lab) {
  const notes = notesOf(lab.report);
  if (notes.length === 0) return [];
  return [h('h3', {}, 'About this case'), h('ul', { class: 'notes' }, ...notes.map(({ text }) => h('li', {}, text)))];
}

/**
 * The program behind the interval at the time cursor, to be solved by anyone's solver.
 * @param {Lab} lab
 */
function lpFile(lab) {
  const status = h('span', { class: 'help', role: 'status' });
  const button = h(
    'button',
    {
      type: 'button',
      onclick: async () => {
        try {
          const { fileName } = await import('../charts/download.js');
          const interval = lab.cursor + 1;
          const text = await lab.client.call('lp', { scenario: lab.text, interval });
          save(`${fileName(lab.report.title, String(interval))}.lp`, new Blob([text], { type: 'text/plain' }));
          status.textContent = '';
        } catch (error) {
          status.textContent = sentence(error);
        }
      },
    },
    'Save the program of this interval (LP file)',
  );
  return h('div', { class: 'row' }, button, status);
}

/** @param {Report} report */
function certificates(report) {
  const good = report.certificates.filter(({ certified }) => certified).length;
  const count = report.certificates.length;
  const rows = report.certificates.map((certificate) =>
    h(
      'tr',
      { class: certificate.certified ? 'agrees' : 'differs' },
      h('th', { scope: 'row' }, certificate.solve),
      ...[certificate.primal_residual, certificate.dual_residual, certificate.gap, certificate.largest_violation].map(
        (value) => h('td', { class: 'number' }, scientific(value)),
      ),
      h('td', { class: 'mark' }, certificate.certified ? '✓ certified' : '✗ not certified'),
    ),
  );
  return h(
    'div',
    {},
    h(
      'p',
      {},
      `${plain(good)} of ${plain(count)} solves are certified: rows, bounds, objective and gap recomputed from the model as written, not taken from the solver.`,
    ),
    h(
      'div',
      { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Certificates' },
      h(
        'table',
        { 'data-table': 'certificates' },
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            ...['Solve', 'Primal residual', 'Dual residual', 'Gap', 'Largest violation', 'Verdict'].map((name, k) =>
              h('th', { scope: 'col', class: k > 0 && k < 5 ? 'number' : null }, name),
            ),
          ),
        ),
        h('tbody', {}, ...rows),
      ),
    ),
  );
}
