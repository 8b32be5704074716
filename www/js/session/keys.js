// What tells one solve from another, on every page.

let keys = 0;

export function nextKey() {
  keys += 1;
  return keys;
}
