// A link whose # was written as %23 asks the host for a page that is none: the scenario is in the address all the same.
(() => {
  const [folder, scenario] = location.pathname.split(/%23/i);
  if (scenario !== undefined) location.replace(`${folder}#${scenario}${location.search.replace('?', '&')}`);
})();
