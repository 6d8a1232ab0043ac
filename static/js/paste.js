/*
 * Cells copied from a spreadsheet fill a grid [data-grid] from the field that has the focus, to the right and down. Rows
 * are added where they are missing (wizard.js; not where the grid is [data-fixed]), lists and boxes are matched by what people read or by their code. What
 * has no place is told in #pasted. Ctrl+Z right after it takes the whole paste back.
 */
(() => {
  "use strict";

  const MOST_ROWS = 200;
  const TOLD = 8;
  const YES = ["1", "○", "〇", "◯", "true", "はい", "有", "あり", "ハード"];
  const NO = ["", "0", "×", "-", "－", "false", "いいえ", "無", "なし", "ソフト"];

  const plain = (text) => text.normalize("NFKC").replace(/\s+/g, " ").trim();

  /* The clipboard's text as rows of cells: tabs and line breaks, quoted cells as Excel writes them. */
  const cellsOf = (text) => {
    const rows = [[]];
    let cell = "";
    let quoted = false;
    for (let at = 0; at < text.length; at += 1) {
      const char = text[at];
      if (quoted) {
        if (char === '"' && text[at + 1] === '"') { cell += char; at += 1; }
        else if (char === '"') quoted = false;
        else cell += char;
      } else if (char === '"' && cell === "") quoted = true;
      else if (char === "\t") { rows.at(-1).push(cell); cell = ""; }
      else if (char === "\n" || char === "\r") {
        if (char === "\r" && text[at + 1] === "\n") at += 1;
        rows.at(-1).push(cell);
        cell = "";
        rows.push([]);
      } else cell += char;
    }
    rows.at(-1).push(cell);
    if (rows.at(-1).length === 1 && rows.at(-1)[0] === "") rows.pop();
    return rows;
  };

  const fieldsOf = (row) => [...row.querySelectorAll("input:not([type=hidden]), select, textarea")];
  /* The rows that a paste runs down: where a grid has rows of several kinds (data-row), those of the same kind. */
  const rowsOf = (grid, home) => [...grid.querySelectorAll(".grid__row")].filter((row) => row.dataset.row === home.dataset.row);
  const nameOf = (field) => {
    const label = document.querySelector(`label[for="${field.id}"]`);
    return (label ? label.textContent : field.name).replace(/^\s*\d+行目\s*/, "").trim();
  };

  const optionFor = (select, cell) => {
    const wanted = plain(cell);
    const [code, ...rest] = wanted.split(" ");
    const bare = (text) => plain(text).replace(/^\((.*)\)$/, "$1");
    const options = [...select.options];
    const fitting = (test) => { const found = options.filter(test); return found.length === 1 ? found[0] : null; };
    if (wanted === "") return options.find((option) => option.value === "") || null;
    return fitting((option) => bare(option.text) === bare(wanted))
      || fitting((option) => option.value === code)
      || (rest.length ? fitting((option) => plain(option.text) === rest.join(" ")) : null)
      || (/^\d{4,5}$/.test(code) ? fitting((option) => option.value === code.padStart(6, "0"))
        || fitting((option) => option.value.length === 6 && option.value.startsWith(code.padStart(5, "0"))) : null);
  };

  /* Puts one cell into one field; returns why not, or nothing. */
  const put = (field, cell) => {
    if (field.matches("select")) {
      const option = optionFor(field, cell);
      if (!option) return `「${cell.trim()}」は一覧にありません`;
      field.value = option.value;
    } else if (field.type === "checkbox") {
      const wanted = plain(cell).toLowerCase();
      if (!YES.includes(wanted) && !NO.includes(wanted)) return `「${cell.trim()}」は、あり・なしのどちらか分かりません`;
      field.checked = YES.includes(wanted);
    } else field.value = cell.replace(/\s+/g, " ").trim();
    return "";
  };

  const isHead = (cells, fields) => cells.length > 1 && cells.some((cell) => plain(cell)) && cells.every((cell, at) => {
    const bare = (text) => plain(text).replace(/\([^)]*\)|[*＊]/g, "");
    const names = fields[at] ? [nameOf(fields[at]), ...(fields[at].dataset.heads || "").split("|")] : [];
    return !plain(cell) || !fields[at] || names.some((name) => bare(cell) === bare(name));
  });

  const tell = (sentence, problems) => {
    const place = document.getElementById("pasted");
    if (!place) return;
    const list = document.createElement("ul");
    for (const problem of problems.slice(0, TOLD)) {
      const item = document.createElement("li");
      item.textContent = problem;
      list.append(item);
    }
    const paragraph = document.createElement("p");
    paragraph.textContent = sentence + (problems.length > TOLD ? `貼り付けられなかったところのうち、はじめの${TOLD}か所を示します。` : "");
    place.className = problems.length ? "note note--warn push" : "note push";
    place.replaceChildren(paragraph, ...(problems.length ? [list] : []));
  };

  let undo = null;
  let ours = false;

  const changed = (field) => {
    ours = true;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
    ours = false;
  };

  const keep = (field) => ({ field, value: field.value, checked: field.checked });

  const paste = (grid, from, cells) => {
    const problems = [];
    const before = [];
    const added = [];
    const name = grid.dataset.grid;
    const home = from.closest(".grid__row");
    const start = rowsOf(grid, home).indexOf(home);
    const column = fieldsOf(home).indexOf(from);
    if (isHead(cells[0], fieldsOf(home).slice(column))) {
      cells.shift();
      problems.push("見出しの行は除きました。");
    }
    const fixed = "fixed" in grid.dataset;    // such a grid has the rows it has
    const over = start + cells.length - (fixed ? rowsOf(grid, home).length : MOST_ROWS);
    if (over > 0) cells.splice(cells.length - over);
    if (over > 0 && fixed) problems.push(`表の下にはみ出す${over}行は貼り付けていません。`);
    else if (over > 0) {
      problems.push(`表は${MOST_ROWS}行までのため、下の${over}行は貼り付けていません。行が多いときは「Excelから取り込む」を使ってください。`);
    }
    let wide = 0;
    cells.forEach((line, down) => {
      let row = rowsOf(grid, home)[start + down];
      if (!row) {
        row = window.gridRow.add(name);
        added.push(row);
      }
      const fields = fieldsOf(row);
      line.forEach((cell, right) => {
        const field = fields[column + right];
        if (!field) {
          if (plain(cell)) wide = Math.max(wide, column + right - fields.length + 1);
          return;
        }
        const was = keep(field);
        const why = put(field, cell);
        if (why) problems.push(`${fixed ? "" : `${start + down + 1}行目`}「${nameOf(field)}」：${why}。この欄は変えていません。`);
        else before.push(was);
      });
    });
    if (wide) problems.push(`表の右にはみ出す${wide}列は貼り付けていません。`);
    undo = { before, added, from };
    tell(`${cells.length}行、${before.length}欄に貼り付けました。取り消すには Ctrl+Z を押してください。`, problems);
    changed(from);
  };

  document.addEventListener("paste", (event) => {
    const field = event.target.closest?.("input:not([type=hidden]), select, textarea");
    const grid = field && field.closest(".grid__row")?.closest("[data-grid]");
    if (!grid) return;
    const cells = cellsOf(event.clipboardData.getData("text/plain"));
    const single = cells.length === 1 && cells[0].length === 1;
    if (!cells.length || (single && !field.matches("select, [type=checkbox]"))) return;   // typing as ever
    event.preventDefault();
    paste(grid, field, cells);
  });

  document.addEventListener("input", () => { if (!ours) undo = null; });

  document.addEventListener("keydown", (event) => {
    if (!undo || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.key.toLowerCase() !== "z") return;
    event.preventDefault();
    const { before, added, from } = undo;
    undo = null;
    for (const { field, value, checked } of before.reverse()) {
      field.value = value;
      field.checked = checked;
    }
    for (const row of added) row.remove();
    from.focus();
    tell("貼り付けを取り消しました。", []);
    changed(from);
  });
})();
