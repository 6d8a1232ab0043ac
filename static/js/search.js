/*
 * The answers under the search box while somebody types (htmx fetches them). Without this script the form alone works.
 *   ↓ ↑      choose an answer        Home End   stay in the text
 *   Enter    opens the chosen one, or the page of answers where none is chosen
 *   Escape   closes the list, then empties the box
 * The box is a combobox that keeps the focus; the list says how many answers there are.
 */
(() => {
  "use strict";

  const box = document.getElementById("q");
  const list = document.getElementById("search-answers");
  const said = document.getElementById("answers-said");
  if (!box || !list) return;

  const options = () => [...list.querySelectorAll('[role="option"]')];
  const chosen = () => list.querySelector('[aria-selected="true"]');

  const choose = (option) => {
    chosen()?.setAttribute("aria-selected", "false");
    if (!option) return box.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    box.setAttribute("aria-activedescendant", option.id);
  };

  const show = (open) => {
    const shown = open && options().length > 0;
    list.hidden = !shown;
    box.setAttribute("aria-expanded", String(shown));
    if (shown) box.setAttribute("aria-controls", "answers-list");
    else box.removeAttribute("aria-controls");
    if (!shown) choose(null);
  };

  const open = (option) => window.location.assign(option.dataset.url);

  box.setAttribute("role", "combobox");
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-haspopup", "listbox");
  show(false);

  list.addEventListener("htmx:afterSwap", () => {
    const found = list.querySelector("[data-count]");
    show(document.activeElement === box && box.value.trim() !== "");
    const count = Number(found?.dataset.count || 0);
    said.textContent = !found ? "" : count ? `候補が${count}件あります。上下の矢印で選べます。` : "候補はありません。";
  });

  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;    // the arrows and Enter belong to the Japanese input method
    const all = options();
    if (event.key === "Escape" && !list.hidden) {
      show(false);
      event.preventDefault();
      event.stopPropagation();
    } else if (event.key === "Enter" && !list.hidden && chosen()) {
      event.preventDefault();
      open(chosen());
    } else if (["ArrowDown", "ArrowUp"].includes(event.key) && all.length) {
      event.preventDefault();
      if (list.hidden) show(true);
      const step = event.key === "ArrowDown" ? 1 : -1;
      const here = all.indexOf(chosen());
      const next = here < 0 ? (step > 0 ? 0 : all.length - 1) : here + step;
      choose(all[next] || null);
    } else if (event.key === "Tab") {
      show(false);
    }
  });

  list.addEventListener("mousedown", (event) => {
    const option = event.target.closest('[role="option"]');
    if (!option || event.button !== 0) return;
    event.preventDefault();
    open(option);
  });
  document.addEventListener("click", (event) => {
    if (!event.target.closest(".top__search")) show(false);
  });
})();
