// What a page gains where scripts run; without them everything is still there, one click further.

// Copy buttons of citations.
for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    button.textContent = "Copied";
  });
}

// Ctrl-Enter runs a query.
for (const area of document.querySelectorAll("textarea.sql")) {
  area.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) area.form.requestSubmit();
  });
}

// Tables of records: a cell shows on hover or focus which sources speak to it. One cell of a table is in the tab
// order, and arrow keys move between cells, so that a keyboard passes a table in one step.
const tip = document.createElement("div");
tip.className = "tip";
tip.id = "tip";
tip.hidden = true;
tip.setAttribute("role", "status");

const known = new Map();
function sources(id) {
  if (!known.has(id)) {
    known.set(id, fetch(`/-/cell-sources/${id.replaceAll(".", "~2E")}.json`).then((answer) => (answer.ok ? answer.json() : {})));
  }
  return known.get(id);
}

function line(about) {
  const paragraph = document.createElement("p");
  paragraph.className = about.stance;
  const states = about.states ? `: “${about.states}”` : "";
  const stance = about.stance === "disputes" ? "disputed by " : "";
  paragraph.textContent = stance + about.source + (about.locator ? `, ${about.locator}` : "") + states;
  return paragraph;
}

function paragraph(text) {
  const element = document.createElement("p");
  element.textContent = text;
  return element;
}

let shown = null;
async function show(cell) {
  shown = cell;
  const told = await sources(cell.parentElement.dataset.id);
  if (shown !== cell) return;
  const own = told[cell.dataset.column] ?? [];
  const whole = told[""] ?? [];
  const lines = own.length ? own : whole;
  const head = own.length ? "This cell:" : whole.length ? "The record as a whole:" : "No source speaks to this row itself.";
  tip.replaceChildren(paragraph(head), ...lines.slice(0, 6).map(line));
  if (lines.length > 6) tip.append(paragraph(`and ${lines.length - 6} more`));
  tip.hidden = false;
  const box = cell.getBoundingClientRect();
  const room = tip.getBoundingClientRect();
  const below = box.bottom + room.height + 8 < innerHeight;
  tip.style.left = `${Math.max(8, Math.min(box.left, innerWidth - room.width - 8))}px`;
  tip.style.top = `${below ? box.bottom + 4 : Math.max(8, box.top - room.height - 4)}px`;
}

function hide() {
  shown = null;
  tip.hidden = true;
}

for (const table of document.querySelectorAll("table[data-sources]")) {
  document.body.append(tip);
  const cellOf = (target) => target.closest("tbody td[data-column]");
  let waiting;
  table.addEventListener("mouseover", (event) => {
    clearTimeout(waiting);
    const cell = cellOf(event.target);
    if (cell) waiting = setTimeout(show, 150, cell);
  });
  table.addEventListener("mouseleave", () => { clearTimeout(waiting); hide(); });
  table.addEventListener("focusin", (event) => {
    const cell = cellOf(event.target);
    if (!cell) return;
    table.querySelector("td[tabindex='0']")?.setAttribute("tabindex", "-1");
    cell.tabIndex = 0;
    show(cell);
  });
  table.addEventListener("focusout", hide);
  table.addEventListener("keydown", (event) => {
    const cell = cellOf(event.target);
    const row = cell?.parentElement;
    const beside = {
      ArrowRight: () => cell.nextElementSibling,
      ArrowLeft: () => cell.previousElementSibling,
      ArrowDown: () => row.nextElementSibling?.cells[cell.cellIndex],
      ArrowUp: () => row.previousElementSibling?.cells[cell.cellIndex],
      Enter: () => cell.querySelector("a"),
    }[event.key]?.();
    if (event.key === "Escape") hide();
    if (!beside || event.target !== cell) return;
    event.preventDefault();
    if (event.key === "Enter") return beside.click();
    beside.tabIndex = 0;
    beside.focus();
  });
  const first = table.querySelector("tbody td[data-column]");
  if (first) first.tabIndex = 0;
}
addEventListener("scroll", hide, { passive: true });
