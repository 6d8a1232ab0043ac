/*
 * The wizard beyond plain HTML; every act also works by a button without this file.
 *   [data-more=NAME]        adds an empty row to the grid [data-grid=NAME] instead of loading the page again
 *                           (window.gridRow.add for paste.js)
 *   path[data-code]         a click on the map ticks or unticks that municipality in the list
 */
(() => {
  "use strict";

  const renumber = (row, grid, from, to) => {
    for (const element of row.querySelectorAll("*")) {
      for (const name of ["name", "id", "for", "value", "aria-describedby"]) {
        const text = element.getAttribute(name);
        if (text && text.includes(`${grid}-${from}`)) element.setAttribute(name, text.replace(`${grid}-${from}`, `${grid}-${to}`));
      }
      if (element.matches("input:not([type=checkbox]), textarea")) element.value = "";
      if (element.matches("input[type=checkbox]")) element.checked = false;
      if (element.matches("select")) element.selectedIndex = 0;
    }
    if (row.id) row.id = `${grid}-${to}`;
  };

  /* Adds an empty row to a grid and returns it; null where the grid has no row to copy. */
  const addRow = (grid) => {
    const rows = [...document.querySelectorAll(`[data-grid="${grid}"] .grid__row`)];
    const last = rows.at(-1);
    if (!last) return null;
    const index = Number(last.querySelector(`[name^="${grid}-"]`).name.split("-")[1]);
    const row = last.cloneNode(true);
    renumber(row, grid, index, index + 1);
    for (const error of row.querySelectorAll(".err")) error.remove();
    for (const wrong of row.querySelectorAll("[aria-invalid]")) wrong.removeAttribute("aria-invalid");
    const number = row.querySelector(".grid__number");
    if (number) number.textContent = String(rows.length + 1);
    for (const label of row.querySelectorAll("label.vh")) {
      label.textContent = label.textContent.replace(/^\d+行目/, `${rows.length + 1}行目`);
    }
    last.after(row);
    return row;
  };
  window.gridRow = { add: addRow };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-more]");
    const row = button && addRow(button.dataset.more);
    if (!row) return;
    event.preventDefault();
    row.querySelector("input:not([type=hidden]), select, textarea").focus();
  });

  /* A button pressed while an autosave is on its way waits for its answer: it brings the state to save upon. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.id !== "step" || !form.classList.contains("htmx-request")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const button = event.submitter;
    form.addEventListener("htmx:afterRequest", () => window.setTimeout(() => form.requestSubmit(button)), { once: true });
  }, true);

  document.addEventListener("click", (event) => {
    const place = event.target.closest("#map path[data-code]");
    if (!place || place.closest("a")) return;
    const box = document.querySelector(`[data-town="${place.dataset.code}"]`);
    if (box) box.click();
  });
})();
