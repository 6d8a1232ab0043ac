/*
 * In a grid [data-arrows] Enter and the arrows up and down move to the same column of the next or the previous row of
 * the same kind (data-row); the form is sent by its button alone. Everything else works as in any form.
 */
(() => {
  "use strict";

  const STEPS = { Enter: 1, ArrowDown: 1, ArrowUp: -1 };

  document.addEventListener("keydown", (event) => {
    const step = STEPS[event.key];
    const field = event.target.closest?.("input:not([type=hidden])");
    const row = field && field.closest("[data-arrows] .grid__row");
    if (!step || !row || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    event.preventDefault();
    const rows = [...row.closest("[data-arrows]").querySelectorAll(".grid__row")].filter((one) => one.dataset.row === row.dataset.row);
    const next = rows[rows.indexOf(row) + step];
    const column = [...row.cells].indexOf(field.closest("td"));
    const target = next?.cells[next.cells.length - row.cells.length + column]?.querySelector("input:not([type=hidden])");
    if (target) {
      target.focus();
      target.select();
    }
  });
})();
