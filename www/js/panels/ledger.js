// Who pays whom: the net of every party, and every payment.

import { createTable } from '../charts/datatable.js';
import { halfUp } from '../ui/number.js';

/** @import { Entry } from '../session/types.js' */
/** @import { Lab } from '../session/lab.js' */

/**
 * Net receipts of each party: what it is paid minus what it pays.
 * @param {Entry[]} entries
 */
function nets(entries) {
  /** @type {Map<string, number>} */
  const net = new Map();
  for (const { payer, payee, amount_usd } of entries) {
    net.set(payer, (net.get(payer) ?? 0) - amount_usd);
    net.set(payee, (net.get(payee) ?? 0) + amount_usd);
  }
  return net;
}

/**
 * @param {Lab} lab
 * @returns {HTMLElement[]}
 */
export function ledgerOf(lab) {
  const entries = lab.report.ledger;
  const parties = new Map(lab.report.parties?.map((party) => [party.id, party]));
  const net = nets(entries);
  const sum = [...net.values()].reduce((total, amount) => total + amount, 0);
  const money = { name: 'Amount', unit: '$' };
  return [
    createTable({
      id: 'ledger-net',
      title: 'Net by party',
      columns: [
        { name: 'Party', unit: '' },
        { name: 'Receives net', unit: '$' },
      ],
      rows: [...[...net].map(([party, amount]) => [party, amount]), ['Sum', halfUp(sum, 6)]],
      row_subjects: [...net.keys()].map((party) => parties.get(party) ?? null),
      note: 'Every payment has a payer and a payee, so the sum is zero.',
    }),
    createTable({
      id: 'ledger-entries',
      title: 'Payments',
      columns: [{ name: 'Payer', unit: '' }, { name: 'Payee', unit: '' }, { name: 'For', unit: '' }, money],
      rows: entries.map(({ payer, payee, item, amount_usd }) => [payer, payee, item, amount_usd]),
      row_subjects: entries.map(({ payer }) => parties.get(payer) ?? null),
    }),
  ];
}
