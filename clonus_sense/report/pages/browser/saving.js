// @ts-check
// What leaves the page: a file to the person's downloads, or text to be copied where downloads are forbidden.

/**
 * Hand a file to the person.
 * @param {string} text
 * @param {string} type
 * @param {string} name
 */
export function download(text, type, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

/**
 * Show a text in a dialog, selected and copied where the page may.
 * @param {HTMLDialogElement} dialog
 * @param {string} text
 */
export function offerCopy(dialog, text) {
  const area = /** @type {HTMLTextAreaElement} */ (dialog.querySelector("textarea"));
  area.value = text;
  dialog.showModal();
  area.focus();
  area.select();
  // Where a page may not write to the clipboard, the text stands there to be copied by hand.
  document.execCommand("copy");
}

/**
 * Ask before a page is left while something is not saved.
 * @param {() => boolean} isUnsaved
 */
export function askBeforeLeaving(isUnsaved) {
  addEventListener("beforeunload", (event) => {
    if (!isUnsaved()) return;
    event.preventDefault();
    event.returnValue = "";
  });
}
