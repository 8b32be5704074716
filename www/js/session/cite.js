// How a paper and the program are cited: BibTeX of what CITATION.cff says, no more.

/** @typedef {{ type: string, key: string, fields: [string, string][] }} Entry */

/** By the beginning of a preset's id. @type {Record<string, Entry>} */
const PAPERS = {
  zuo: {
    type: 'inproceedings',
    key: 'zuo2022oscillation',
    fields: [
      ['author', 'Zuo, Kunyu and Liu, Yikui and Xia, Jiarong and Yang, Yafei and Wu, Lei and Chen, Yonghong'],
      ['title', 'Impact of Distributed Energy Resource Integration on Real-time Energy Market Oscillation'],
      ['year', '2022'],
    ],
  },
  wang: {
    type: 'inproceedings',
    key: 'wang2017coordination',
    fields: [
      ['author', 'Wang, Su and Sun, Bo and Liu, Tian and Tan, Xiaoqi and Tsang, Danny H.K.'],
      ['title', 'Real-time Market-based Coordination Mechanism for Transmission and Distribution Networks'],
      ['booktitle', '2017 IEEE International Conference on Smart Grid Communications (SmartGridComm)'],
      ['year', '2017'],
      ['url', 'https://ieeexplore.ieee.org/abstract/document/8340746'],
    ],
  },
  mezghani: {
    type: 'article',
    key: 'mezghani2023hierarchical',
    fields: [
      ['author', 'Mezghani, Ilyes and Stevens, Nicolas and Papavasiliou, Anthony and Chatzigiannis, Dimitris I.'],
      [
        'title',
        'Hierarchical coordination of transmission and distribution system operations in European balancing markets',
      ],
      ['journal', 'IEEE Transactions on Power Systems'],
      ['volume', '38'],
      ['number', '5'],
      ['pages', '3990--4002'],
      ['year', '2023'],
    ],
  },
  khojasteh: {
    type: 'article',
    key: 'khojasteh2023hierarchy',
    fields: [
      ['author', 'Khojasteh, Meysam and Faria, Pedro and Lezama, Fernando and Vale, Zita'],
      ['title', 'A hierarchy model to use local resources by DSO and TSO in the balancing market'],
      ['journal', 'Energy'],
      ['year', '2023'],
      ['url', 'https://www.sciencedirect.com/science/article/pii/S0360544222033473'],
    ],
  },
  theisen: {
    type: 'inproceedings',
    key: 'theisen2024community',
    fields: [
      ['author', 'Theisen, J. R. and Bose, A. and Mukherjee, M. and Burgess, D. and Wilhelm, K. and Diedesch, M.'],
      ['title', 'Community-Based Transactive Coordination Mechanism for Enabling Grid-Edge Systems'],
      ['booktitle', '2024 IEEE Texas Power and Energy Conference (TPEC)'],
      ['address', 'College Station, TX, USA'],
      ['pages', '1--6'],
      ['year', '2024'],
      ['doi', '10.1109/TPEC60005.2024.10472237'],
    ],
  },
};

/** @param {Entry} entry */
function bibtex({ type, key, fields }) {
  return `@${type}{${key},\n${fields.map(([name, value]) => `  ${name} = {${escaped(value)}},\n`).join('')}}\n`;
}

/**
 * What TeX reads as more than a sign; addresses stay as they are.
 * @param {string} value
 */
function escaped(value) {
  return /^https?:/.test(value) ? value : value.replace(/[&%$#_]/g, '\\$&');
}

/**
 * The entry of a paper, or '' where there is none.
 * @param {string} id of the paper, or of a preset of it
 */
export function citePaper(id) {
  const entry = PAPERS[id.split('-')[0] ?? ''];
  return entry === undefined ? '' : bibtex(entry);
}

/**
 * The entry of the program, and of a scenario where its digest is given.
 * @param {{ version: string, digest?: string, module?: string, address?: string, title?: string }} about
 */
export function citeProgram({ version, digest = '', module = '', address = '', title = '' }) {
  const notes = [
    title === '' ? '' : `scenario “${title}”`,
    digest === '' ? '' : `SHA-256 of the scenario ${digest}`,
    module === '' ? '' : `SHA-256 of the module ${module}`,
  ].filter((note) => note !== '');
  const clean = (/** @type {string} */ text) => text.replace(/[{}\\]/g, '');
  return bibtex({
    type: 'misc',
    key: 'tandem',
    fields: [
      ['author', '{The Tandem developers}'],
      ['title', 'Tandem: Simulator of electricity-market coordination between transmission and distribution'],
      ['howpublished', `Software, version ${version}`],
      ...(notes.length === 0 ? [] : [/** @type {[string, string]} */ (['note', clean(notes.join(', '))])]),
      ...(address === '' ? [] : [/** @type {[string, string]} */ (['url', address])]),
    ],
  });
}
