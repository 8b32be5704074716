// A classic script, which runs before anything is painted and where modules may not: a frame that is a sandbox of its own,
// or a page opened from a disk.
(() => {
  if (/[#&?]([pz]|embed|write|progress|room|seat|paper)\b/.test(location.hash + location.search))
    document.documentElement.dataset['first'] = 'scenario';
  const alone = self.origin === 'null';
  const say = (/** @type {string} */ title, /** @type {string} */ text) => {
    const place = document.querySelector('.loading');
    if (place === null) return;
    const head = document.createElement('strong');
    head.textContent = title;
    place.replaceChildren(head, document.createElement('br'), text);
    place.setAttribute('role', 'alert');
  };
  addEventListener('DOMContentLoaded', () => {
    if (!alone) return;
    const code = 'sandbox';
    if (parent !== window) parent.postMessage({ tandem: 1, type: 'error', code, message: 'allow-same-origin' }, '*');
    if (location.protocol === 'file:')
      say(
        'This page needs a web server.',
        'Browsers run no modules from files. In the folder of the program, “npm start” serves it.',
      );
    else
      say(
        'This frame may not run the program.',
        `It is shown in a sandbox. Whoever made the page can add “allow-same-origin” to the sandbox of the frame. The figure alone: ${location.href}`,
      );
  });
  // A script that does not come, and with it the page; what is told here is replaced when it comes after all.
  addEventListener(
    'error',
    (event) => {
      if (!alone && event.target instanceof HTMLScriptElement)
        say('The program did not load.', 'Check the connection and reload the page.');
    },
    true,
  );
})();
