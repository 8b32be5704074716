/**
 * The page without a network: registers the service worker and says when a new version is at hand.
 *
 * Events on `document`:
 * - `tandem:offline-ready`: every file of the page is kept, the page works without a network;
 * - `tandem:update-ready`: a newer version is kept and waits; {@link applyUpdate} starts it. Without that
 *   call it starts by itself at the next load with no other tab open.
 */

/** @type {ServiceWorker | null} */
let waiting = null;

/** Register the service worker once the page has loaded. Does nothing where the browser has none. */
export function registerOffline() {
  if (!('serviceWorker' in navigator)) return;
  const { serviceWorker } = navigator;
  // Files of two versions must not meet in one page: when another version takes over, load again. The
  // address holds the whole scenario, so nothing is lost. The first version to take over is this page's own.
  let controlled = serviceWorker.controller !== null;
  serviceWorker.addEventListener('controllerchange', () => {
    if (controlled) location.reload();
    controlled = true;
  });
  void startWaiting();
  if (document.readyState === 'complete') void register();
  else window.addEventListener('load', () => void register(), { once: true });
}

/** Start the version that waits, and load the page again. */
export function applyUpdate() {
  waiting?.postMessage('activate');
}

/** A version that was kept during an earlier visit starts now, unless another tab is open. */
async function startWaiting() {
  const registration = await navigator.serviceWorker.getRegistration();
  registration?.waiting?.postMessage('activate-if-alone');
}

async function register() {
  try {
    // The address is relative to this file, so that any sub-path of a host works.
    const registration = await navigator.serviceWorker.register(new URL('../../sw.js', import.meta.url), {
      updateViaCache: 'none',
    });
    for (const worker of [registration.active, registration.waiting, registration.installing]) {
      follow(registration, worker);
    }
    registration.addEventListener('updatefound', () => follow(registration, registration.installing));
  } catch (failure) {
    // A host or a browser setting that forbids service workers takes only the offline use away.
    console.info('Tandem will need the network:', failure);
  }
}

/**
 * Watch one version until it waits or works.
 * @param {ServiceWorkerRegistration} registration
 * @param {ServiceWorker | null} worker
 */
function follow(registration, worker) {
  if (!worker) return;
  const look = () => {
    if (worker.state === 'installed' && registration.active) {
      waiting = worker;
      document.dispatchEvent(new CustomEvent('tandem:update-ready'));
    } else if (worker.state === 'activated') {
      document.dispatchEvent(new CustomEvent('tandem:offline-ready'));
    }
  };
  worker.addEventListener('statechange', look);
  look();
}
