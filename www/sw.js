/**
 * Service worker: keeps every file of one version and serves them first, network or not.
 *
 * The build replaces the list below by the files of the page with their digests. The browser compares
 * this file at each visit; a changed list installs a new version beside the old one, which goes on
 * serving the pages that it has opened, so that no page ever mixes files of two versions.
 */

/** @type {{ version: string, files: string[][] }} Address relative to this file, and digest. */
const PRECACHE = { version: 'unbuilt', files: [] };

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
// Other copies of the page may live on the same host: the name of a cache holds the scope.
const PREFIX = `tandem ${worker.registration.scope} `;
const CACHE = PREFIX + PRECACHE.version;

worker.addEventListener('install', (event) => event.waitUntil(keepAll()));
worker.addEventListener('activate', (event) => event.waitUntil(dropOthers()));
worker.addEventListener('message', (event) => {
  if (event.data === 'activate') void worker.skipWaiting();
  if (event.data === 'activate-if-alone') event.waitUntil(activateIfAlone());
});
worker.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || !request.url.startsWith(worker.registration.scope)) return;
  event.respondWith(answer(request));
});

async function keepAll() {
  const cache = await caches.open(CACHE);
  await Promise.all(
    PRECACHE.files.map(async ([file, integrity]) => {
      // Revalidated and checked against the digest: a file of another version fails the installation,
      // and the browser tries again at the next visit.
      const response = await fetch(file, { cache: 'no-cache', integrity });
      if (!response.ok) throw new Error(`${file}: ${response.status}`);
      // A redirected response cannot answer a navigation; its body can.
      const plain = response.redirected ? new Response(await response.blob(), { headers: response.headers }) : response;
      await cache.put(file, plain);
    }),
  );
}

async function dropOthers() {
  const names = await caches.keys();
  await Promise.all(
    names.filter((name) => name.startsWith(PREFIX) && name !== CACHE).map((name) => caches.delete(name)),
  );
  // The pages open during the first visit work offline from now on, too.
  await worker.clients.claim();
}

async function activateIfAlone() {
  const pages = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const ours = pages.filter((page) => page.url.startsWith(worker.registration.scope));
  if (ours.length < 2) await worker.skipWaiting();
}

/**
 * The kept file, else whatever the network has.
 * @param {Request} request
 */
async function answer(request) {
  // The query and the hash choose nothing on a static host; the front page is kept under `./`.
  const { origin, pathname } = new URL(request.url);
  const wanted = (origin + pathname).replace(/\/index\.html$/, '/');
  const cache = await caches.open(CACHE);
  return (await cache.match(wanted, { ignoreVary: true })) ?? fetch(request);
}
