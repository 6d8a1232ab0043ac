/*
 * What the portal does beyond plain HTML. Every page works without it.
 *   .queue                  j / k move between rows, Enter opens the row (its link has the focus)
 *                           x marks or unmarks the row's box, where it has one
 *   .errors                 takes the focus when it appears
 *   form[method=post]       is sent once; a form that answers with a download carries data-again
 *   form[data-autosave]     warns before leaving with unsaved input; [data-save-status] says what happened
 *   details.menu            closes with Escape or a click elsewhere
 *   [data-print]            prints the page
 *   [data-drop]             takes a file that is dropped on it into its file input
 */
(() => {
  "use strict";

  const typing = (element) => element.closest("input, select, textarea, [contenteditable]");
  const rowLink = (row) => row.querySelector("th a, a[data-open], td a");

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      for (const menu of document.querySelectorAll("details.menu[open]")) {
        menu.open = false;
        menu.querySelector("summary").focus();
      }
      return;
    }
    if (!["j", "k"].includes(event.key) || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const links = [...document.querySelectorAll(".queue tbody tr")].map(rowLink).filter(Boolean);
    if (!links.length) return;
    const here = links.findIndex((link) => link.closest("tr").classList.contains("at"));
    const next = event.key === "j" ? Math.min(here + 1, links.length - 1) : Math.max(here - 1, 0);
    links.forEach((link, index) => link.closest("tr").classList.toggle("at", index === next));
    links[next].focus();
    event.preventDefault();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "x" || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const box = document.querySelector(".queue tbody tr.at input[type=checkbox]");
    if (!box) return;
    box.click();
    event.preventDefault();
  });

  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
    if (event.target.closest("[data-print]")) window.print();
    if (event.target.closest('.btn[aria-disabled="true"]')) event.preventDefault();    // the reason stands beside it
  });

  const showErrors = (root) => root.querySelector?.(".errors[tabindex]")?.focus();

  const buttonsOf = (form) => [...form.elements].filter((one) => one.matches("button, input[type=submit]"));

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented || "again" in form.dataset) return;
    if ("sent" in form.dataset) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "";
    for (const button of buttonsOf(form)) {
      if (button.getAttribute("aria-disabled") === "true") continue;
      button.dataset.waits = "";
      button.setAttribute("aria-disabled", "true");
    }
  });

  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
    }
    for (const button of document.querySelectorAll("[data-waits]")) {
      delete button.dataset.waits;
      button.removeAttribute("aria-disabled");
    }
  });

  const unsaved = new Set();
  const autosaved = (element) => element?.closest?.("form[data-autosave]");
  const say = (form, text) => {
    const status = document.querySelector(form.dataset.autosave || "[data-save-status]");
    if (status) status.textContent = text;
  };

  document.addEventListener("input", (event) => {
    const form = autosaved(event.target);
    if (form) unsaved.add(form);
  });
  document.addEventListener("submit", (event) => unsaved.delete(event.target));
  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = autosaved(event.target);
    if (form) say(form, "保存しています。");
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = autosaved(event.target);
    if (!form) return;
    if (event.detail.successful) unsaved.delete(form);
    else say(form, "自動保存できませんでした。入力はこの画面に残っています。通信を確かめて、もう一度保存してください。");
  });
  document.addEventListener("htmx:load", (event) => showErrors(event.target));
  window.addEventListener("beforeunload", (event) => {
    if (unsaved.size) event.preventDefault();
  });

  const holdsFiles = (event) => [...(event.dataTransfer?.types || [])].includes("Files");
  document.addEventListener("dragover", (event) => {
    if (!holdsFiles(event) || !document.querySelector("[data-drop]")) return;
    event.preventDefault();    // beside the field nothing happens, instead of the page being replaced by the file
    const zone = event.target.closest("[data-drop]");
    event.dataTransfer.dropEffect = zone ? "copy" : "none";
    for (const one of document.querySelectorAll("[data-drop]")) one.classList.toggle("drop--over", one === zone);
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) document.querySelector(".drop--over")?.classList.remove("drop--over");
  });
  document.addEventListener("drop", (event) => {
    if (!holdsFiles(event) || !document.querySelector("[data-drop]")) return;
    event.preventDefault();
    const zone = event.target.closest("[data-drop]");
    document.querySelector(".drop--over")?.classList.remove("drop--over");
    const input = zone?.querySelector('input[type="file"]');
    if (!input) return;
    const first = new DataTransfer();
    first.items.add(event.dataTransfer.files[0]);
    input.files = first.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
    input.form?.querySelector(".btn")?.focus();
  });

  document.addEventListener("DOMContentLoaded", () => {
    for (const zone of document.querySelectorAll("[data-drop]")) zone.classList.add("drop--ready");
    showErrors(document);
  });
})();
