/*
 * Small helps on top of pages that work without any script: keys in the queue, focus on errors, no double submit,
 * grids that grow. Everything is found by attributes; nothing is drawn here.
 */
"use strict";

(() => {
  const typing = (target) => target.closest("input, select, textarea, [contenteditable]");

  /* j / k move through the rows of a queue, Enter opens the row. */
  const move = (step) => {
    const rows = [...document.querySelectorAll(".queue tbody tr")];
    if (!rows.length) return;
    const at = rows.findIndex((row) => row.classList.contains("at"));
    const next = at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(rows.length - 1, Math.max(0, at + step));
    rows.forEach((row) => row.classList.remove("at"));
    rows[next].classList.add("at");
    const link = rows[next].querySelector("th a, a");
    if (link) link.focus();
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (event.key === "j") move(1);
    else if (event.key === "k") move(-1);
  });

  /* The error summary takes the focus, so that a screen reader and a keyboard start there. */
  const focusErrors = (root) => {
    const box = root.querySelector(".errors");
    if (box) box.focus();
  };
  document.addEventListener("DOMContentLoaded", () => focusErrors(document));
  document.addEventListener("htmx:afterSwap", (event) => focusErrors(event.target));

  /* A second press of the same button sends nothing. The button's own name and value still go with the first. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.hasAttribute("hx-post")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    window.setTimeout(() => delete form.dataset.sent, 10000);
  });
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));

  /* A blocked button says why instead of acting. */
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[aria-disabled='true']");
    if (button) event.preventDefault();
  });

  /* Menus close on Escape and on a click elsewhere. */
  const closeMenus = (except) => document.querySelectorAll("details.menu[open]").forEach((menu) => {
    if (menu !== except) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = document.querySelector("details.menu[open]");
    closeMenus(null);
    if (open) open.querySelector("summary").focus();
  });
  document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));
})();
