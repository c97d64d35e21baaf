// @ts-check
// Blocks of JSON that Python laid into the page.

/**
 * Read a block of JSON of the page.
 * @param {string} name
 * @returns {any}
 */
export function pageData(name) {
  const block = document.getElementById(name);
  return block === null ? null : JSON.parse(block.textContent ?? "null");
}
