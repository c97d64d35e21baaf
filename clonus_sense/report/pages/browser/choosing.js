// @ts-check
// The list of movements: which kinds it shows, and in which order.

/** Make the choices above the list work. */
export function startChoosing() {
  const list = document.getElementById("movement-list");
  const kinds = /** @type {HTMLSelectElement | null} */ (document.getElementById("choose-kind"));
  const order = /** @type {HTMLSelectElement | null} */ (document.getElementById("choose-order"));
  if (list === null || kinds === null || order === null) return;
  const cards = /** @type {HTMLElement[]} */ ([...list.querySelectorAll("details.movement")]);
  const choose = () => {
    for (const card of cards) card.hidden = kinds.value !== "" && card.dataset.kind !== kinds.value;
    const [key, sign] = order.value.split(" ");
    const sorted = [...cards].sort((one, other) => Number(sign) * (Number(one.dataset[key]) - Number(other.dataset[key])));
    list.append(...sorted);
  };
  kinds.addEventListener("change", choose);
  order.addEventListener("change", choose);
}
