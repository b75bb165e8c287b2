"use strict";
(() => {
  const table = document.getElementById("grades");
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const said = document.getElementById("shown");
  const [text, verdict, mistake] = ["find", "verdict", "mistake"].map((id) => document.getElementById(id));
  document.getElementById("filters").hidden = false;

  const has = (row, name, wanted) => !wanted || (row.dataset[name] || "").split(" ").includes(wanted);
  const filter = () => {
    const wanted = text.value.trim().toLowerCase();
    let count = 0;
    for (const row of rows) {
      row.hidden = !(row.cells[0].textContent.toLowerCase().includes(wanted) &&
        has(row, "v", verdict.value) && has(row, "m", mistake.value));
      count += !row.hidden;
    }
    said.textContent = count === rows.length ? "" : `${count} of ${rows.length} shown`;
  };
  for (const control of [text, verdict, mistake]) control.addEventListener("input", filter);
  filter();

  const value = (row, column) => row.cells[column].dataset.s ?? row.cells[column].textContent.trim();
  const compare = (a, b) => {
    if (a === "" || b === "") return (a === "") - (b === "");
    const [x, y] = [Number(a), Number(b)];
    return Number.isNaN(x) || Number.isNaN(y) ? a.localeCompare(b) : x - y;
  };
  [...table.tHead.rows[0].cells].forEach((head, column) => {
    // Chromium doesn't repeat a head row with a <button> in it on every page of a print.
    const button = document.createElement("span");
    button.setAttribute("role", "button");
    button.tabIndex = 0;
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      button.click();
    });
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const order = down ? -1 : 1;
      const keyed = rows.map((row) => [value(row, column), row]);
      keyed.sort(([a], [b]) => (a === "" || b === "" ? compare(a, b) : order * compare(a, b)));
      body.append(...keyed.map(([, row]) => row));
    });
  });
})();
