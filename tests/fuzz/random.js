// Seeded chance (mulberry32), and the words and numbers that programs trip over.

export class Random {
  /** @param {number} seed */
  constructor(seed) {
    this.state = seed >>> 0;
  }

  next() {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /** A whole number below `n`. @param {number} n */
  below(n) {
    return Math.floor(this.next() * n);
  }

  /** @template T @param {readonly T[]} list @returns {T} */
  pick(list) {
    return /** @type {T} */ (list[this.below(list.length)]);
  }

  /** @param {number} share */
  chance(share) {
    return this.next() < share;
  }
}

export const TEXTS = [
  '',
  ' ',
  'NaN',
  'Infinity',
  'null',
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '"><svg onload=alert(1)>',
  '__proto__',
  'constructor',
  '\u202eabc\u202c',
  '\u2066x\u2069',
  '\u0000',
  '\u0007\u001b[31mred\u001b[0m',
  'a\nb',
  'a\rb',
  '\ufeff',
  '\uffff',
  'é'.repeat(40),
  '👩‍👩‍👧',
  'x'.repeat(65),
  'x'.repeat(50_000),
  '1.5',
  '=1+1',
  "=cmd|' /C calc'!A0",
  '@SUM(1)',
  '+1+1',
  '-2+3',
  '\t=1',
  '../../etc/passwd',
  'a.b',
  'a&b',
  'a;b',
  'p=triangle',
  ']]>',
  '&lt;',
  '${x}',
  '%s%n',
  '%00',
  '\u200b',
  '\u00a0',
  '\u2028',
  'G1',
  'D2',
  '1',
  '0',
  'nowhere',
  '"',
  "'",
  '`',
  '\\',
];

/** As they are written: JSON that is none, and numbers at every end. */
export const NUMBERS = [
  'NaN',
  'Infinity',
  '-Infinity',
  '1e308',
  '-1e308',
  '1e309',
  '1e999999',
  '-0',
  '-0.0',
  '1e-320',
  '5e-324',
  '0',
  '-1',
  '1',
  '0.5',
  '2',
  '3',
  '7',
  '12',
  '96',
  '10',
  '100',
  '9007199254740993',
  '9223372036854775808',
  '18446744073709551616',
  '4294967296',
  '1000000000',
  '1e15',
  '1e20',
  '-1e6',
  '1e6',
  '1000001',
  '1e9',
  '1e-9',
  '1e-12',
  '0.1',
  `0.${'0'.repeat(400)}1`,
  '1'.repeat(400),
  '01',
  '+1',
  '.5',
  '1.',
  '0x10',
];

export const FACTORS = [
  0, -1, 1e-12, 1e-9, 1e-6, 1e-3, 0.1, 0.5, 0.9, 0.99, 0.999999, 1.000001, 1.01, 1.1, 2, 5, 10, 100, 1e3, 1e6, 1e9,
];
