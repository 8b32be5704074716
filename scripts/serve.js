// A small static server for the finished page. No dependency.
//
//   node scripts/serve.js [--root dist] [--port 8080] [--host 127.0.0.1] [--base /sub/path/]
//
// Right types (browsers refuse WebAssembly and modules under a wrong one), the policy of the page as a
// header, nothing outside the root. If the port is taken the system gives a free one.

import { createReadStream } from 'node:fs';
import { readFile, realpath, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/** The policy that each page of `www/` carries as a meta element, too; a test compares them. */
export const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self' blob: data:",
  "connect-src 'self'",
  "worker-src 'self'",
  "frame-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** @type {Record<string, string>} */
const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.xml': 'application/xml; charset=utf-8',
};

/**
 * @typedef {object} Site
 * @property {string} url Address of the front page, with a slash at the end.
 * @property {() => Promise<void>} close Stop at once, open connections included.
 */

/**
 * Serve a folder until it is closed.
 * @param {{ root: string, port?: number, host?: string, base?: string }} options
 *   `port` 0 or a taken one: any free port. `base`: the path the folder appears under.
 * @returns {Promise<Site>}
 */
export async function serve({ root, port = 0, host = '127.0.0.1', base = '/' }) {
  const folder = await realpath(root).catch(() => {
    throw new Error(`${root} does not exist: build it with \`npm run build\``);
  });
  const prefix = `/${base}/`.replace(/\/+/g, '/');
  const server = createServer((request, response) => {
    response.setHeader('Content-Security-Policy', POLICY);
    // Scripts and pictures for pages elsewhere; nothing here is anybody's.
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.setHeader('Referrer-Policy', 'no-referrer');
    // Ask again each time: the files change with every build and their names do not.
    response.setHeader('Cache-Control', 'no-cache');
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      return refuse(response, 405, 'Method not allowed');
    }
    void answer(folder, prefix, request, response).catch(() => response.destroy());
  });
  const actual = await listen(server, port, host);
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${actual}${prefix}`,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

/**
 * @param {string} folder
 * @param {string} prefix
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 */
async function answer(folder, prefix, request, response) {
  const found = await find(folder, prefix, request.url ?? '/');
  if (found === 404) return astray(folder, response);
  if (typeof found === 'number') return refuse(response, found, 'Bad address');
  if (found.redirect) {
    response.setHeader('Location', found.redirect);
    return refuse(response, 301, 'Moved');
  }
  const { file, bytes, encoding } = await smallest(found, String(request.headers['accept-encoding'] ?? ''));
  // Another encoding is another representation, by another tag.
  const tag = `"${found.tag}${encoding}"`;
  response.setHeader('Content-Type', TYPES[path.extname(found.file).toLowerCase()] ?? 'application/octet-stream');
  response.setHeader('Vary', 'Accept-Encoding');
  response.setHeader('ETag', tag);
  if (request.headers['if-none-match'] === tag) {
    response.statusCode = 304;
    return response.end();
  }
  if (encoding !== '') response.setHeader('Content-Encoding', encoding);
  response.setHeader('Content-Length', bytes);
  if (request.method === 'HEAD') return response.end();
  const stream = createReadStream(file);
  stream.on('error', () => response.destroy());
  return stream.pipe(response);
}

/** Compressed files that the build lays beside the plain ones, the smaller first: ending and name of the encoding. */
const ENCODINGS = [
  ['.br', 'br'],
  ['.gz', 'gzip'],
];

/**
 * The file itself, or what lies beside it in an encoding that the browser takes.
 * @param {{ file: string, bytes: number }} found
 * @param {string} accepted
 */
async function smallest({ file, bytes }, accepted) {
  const names = accepted.split(',').filter((part) => !/;\s*q=0(\.0*)?\s*$/.test(part));
  const taken = new Set(names.map((part) => part.split(';')[0]?.trim()));
  for (const [ending, encoding = ''] of ENCODINGS) {
    const beside = `${file}${ending}`;
    const about = taken.has(encoding) ? await stat(beside).catch(() => null) : null;
    if (about?.isFile()) return { file: beside, bytes: about.size, encoding };
  }
  return { file, bytes, encoding: '' };
}

/**
 * The page for what is not there, as hosts of static pages send it.
 * @param {string} folder
 * @param {import('node:http').ServerResponse} response
 */
async function astray(folder, response) {
  const page = await readFile(path.join(folder, '404.html')).catch(() => null);
  if (page === null) return refuse(response, 404, 'Not found');
  response.statusCode = 404;
  response.setHeader('Content-Type', 'text/html; charset=utf-8');
  return response.end(page);
}

/**
 * The file behind an address, or the status that refuses it.
 * @param {string} folder
 * @param {string} prefix
 * @param {string} address
 * @returns {Promise<number | { redirect?: string, file: string, tag: string, bytes: number }>}
 */
async function find(folder, prefix, address) {
  let name;
  try {
    name = decodeURIComponent(address.replace(/[?#].*$/s, ''));
  } catch {
    return 400;
  }
  if (name.includes('\0')) return 400;
  if (`${name}/` === prefix) return { redirect: prefix, file: '', tag: '', bytes: 0 };
  if (!name.startsWith(prefix)) return 404;
  let file = path.join(folder, name.slice(prefix.length));
  if (name.endsWith('/')) file = path.join(file, 'index.html');
  try {
    // Links are resolved first, so that neither `..` nor a link leads out of the folder.
    file = await realpath(file);
    if (!file.startsWith(folder + path.sep)) return 404;
    const about = await stat(file);
    if (about.isDirectory()) return { redirect: encodeURI(`${name}/`), file: '', tag: '', bytes: 0 };
    return { file, tag: `${about.size.toString(36)}-${about.mtimeMs.toString(36)}`, bytes: about.size };
  } catch {
    return 404;
  }
}

/**
 * @param {import('node:http').ServerResponse} response
 * @param {number} status
 * @param {string} words
 */
function refuse(response, status, words) {
  response.statusCode = status;
  response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  response.end(`${status} ${words}\n`);
}

/**
 * Listen on the port, or on a free one if it is taken; the number of the port.
 * @param {import('node:http').Server} server
 * @param {number} port
 * @param {string} host
 * @returns {Promise<number>}
 */
function listen(server, port, host) {
  return new Promise((done, fail) => {
    server.once('error', (/** @type {NodeJS.ErrnoException} */ failure) => {
      const busy = failure.code === 'EADDRINUSE' || failure.code === 'EACCES';
      if (busy && port !== 0) listen(server, 0, host).then(done, fail);
      else fail(failure);
    });
    server.listen(port, host, () => {
      server.removeAllListeners('error');
      const where = server.address();
      done(typeof where === 'object' && where ? where.port : port);
    });
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      root: { type: 'string', default: 'dist' },
      port: { type: 'string', default: '8080' },
      host: { type: 'string', default: '127.0.0.1' },
      base: { type: 'string', default: '/' },
    },
  });
  const { url } = await serve({ ...values, port: Number(values.port) });
  console.log(`${values.root} is served at ${url}  (Ctrl+C stops it)`);
}
