// Sorts tables that are whole on the page by their heads. Longer lists are sorted by the server, with
// links; without this script a table keeps the order that it came in.
for (const table of document.querySelectorAll("table[data-sortable]")) {
  const body = table.tBodies[0];
  if (body.rows.length < 2) continue;
  const sizes = { k: 1e3, m: 1e6, bn: 1e9, tn: 1e12 };

  // What a cell is ordered by: a number where the column has numbers, else its text; null for what is
  // not known, which stays last in both directions.
  const worth = (cell, numbers) => {
    const text = cell.textContent.trim().replaceAll("\u2212", "-").replaceAll(/[,\u00a0\u202f]/g, "");
    if (!numbers) return text.toLowerCase();
    const found = /^[^\d-]*(-?\d+(?:\.\d+)?)\s*(k|m|bn|tn)?\b/.exec(text);
    return found ? found[1] * (sizes[found[2]] ?? 1) : null;
  };
  const compare = (one, two) => (typeof one === "number" ? one - two : one.localeCompare(two, "en"));

  [...table.tHead.rows[0].cells].forEach((head, at) => {
    if (head.matches(".pick, .pic") || !head.textContent.trim()) return;
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    const numbers = head.matches(".num, .rank");
    button.addEventListener("click", () => {
      const before = head.ariaSort;
      const falling = before ? before === "ascending" : numbers;
      for (const other of table.tHead.rows[0].cells) other.ariaSort = null;
      head.ariaSort = falling ? "descending" : "ascending";
      const rows = [...body.rows].map(row => [worth(row.cells[at], numbers), row]);
      const known = rows.filter(([value]) => value !== null).sort(([one], [two]) => (falling ? -1 : 1) * compare(one, two));
      const unknown = rows.filter(([value]) => value === null);
      body.append(...[...known, ...unknown].map(([, row]) => row));
    });
  });
}
