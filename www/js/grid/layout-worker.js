// Lays out a large network beside the page.

import { multilevel } from './multilevel.js';

/** @import { Link } from './multilevel.js' */

self.onmessage = ({ data }) => {
  /** @type {{ count: number, links: Link[] }} */
  const { count, links } = data;
  const xy = multilevel(count, links, (coarse) => self.postMessage({ xy: coarse, done: false }));
  self.postMessage({ xy, done: true });
};
