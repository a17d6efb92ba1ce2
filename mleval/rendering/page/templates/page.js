
"use strict";

// Numbers as the rest of the page shows them: ties go to the even digit, as in Python.
function shown(value, digits) {
  if (value === null || !Number.isFinite(value)) return "—";
  const size = Math.abs(value);
  if (size > 0 && size < 0.5 * 10 ** -digits) {
    const text = value.toExponential(Math.max(digits - 2, 0));
    return text.replace(/e([+-])(\d)$/, "e$10$2");
  }
  const exact = size.toFixed(60);
  const end = exact.indexOf(".") + digits + (digits > 0 ? 1 : 0);
  const isTie = /^\.?50*$/.test(exact.slice(end));
  let text = size.toFixed(digits);
  if (isTie) {
    const kept = exact.slice(0, end);
    text = Number(kept.slice(-1)) % 2 === 0 ? kept : text;
  }
  return (value < 0 && Number(text) !== 0 ? "-" : "") + text;
}

function ratio(part, whole) {
  return whole === 0 ? null : part / whole;
}

// Each reads off the counts what the metric of that name does; null where it is undefined.
const METRICS = {
  accuracy: (c) => ratio(c.tp + c.tn, c.tp + c.tn + c.fp + c.fn),
  balanced_accuracy: (c) => (c.tp / (c.tp + c.fn) + c.tn / (c.tn + c.fp)) / 2,
  mcc: (c) => ratio(
    c.tp * c.tn - c.fp * c.fn,
    Math.sqrt(c.tp + c.fp) * Math.sqrt(c.tp + c.fn) * Math.sqrt(c.tn + c.fp) * Math.sqrt(c.tn + c.fn),
  ),
  kappa: (c) => {
    const n = c.tp + c.tn + c.fp + c.fn;
    if (c.tp + c.fp === 0 || c.tn + c.fn === 0) return null;
    const chance = ((c.tp + c.fp) * (c.tp + c.fn) + (c.tn + c.fp) * (c.tn + c.fn)) / n;
    return ratio(c.tp + c.tn - chance, n - chance);
  },
  precision: (c) => ratio(c.tp, c.tp + c.fp),
  recall: (c) => ratio(c.tp, c.tp + c.fn),
  f1: (c) => ratio(2 * c.tp, 2 * c.tp + c.fp + c.fn),
  specificity: (c) => ratio(c.tn, c.tn + c.fp),
  npv: (c) => ratio(c.tn, c.tn + c.fn),
  jaccard: (c) => ratio(c.tp, c.tp + c.fp + c.fn),
  informedness: (c) => c.tp / (c.tp + c.fn) + c.tn / (c.tn + c.fp) - 1,
};

function dataOf(block) {
  return JSON.parse(block.querySelector("script").textContent);
}

function moving(block) {
  const data = dataOf(block);
  const input = block.querySelector("input");
  const output = block.querySelector("output");
  const command = block.querySelector("code");
  function move() {
    const at = Number(input.value);
    const threshold = String(data.thresholds[at]);
    const tp = data.tp[at], fp = data.fp[at];
    const counts = { tp, fp, fn: data.positives - tp, tn: data.negatives - fp };
    output.textContent = threshold;
    input.setAttribute("aria-valuetext", threshold);
    command.textContent = `${data.command}${threshold.startsWith("-") ? "=" : " "}${threshold}`;
    for (const cell of block.querySelectorAll("[data-count]")) {
      const name = cell.dataset.count, count = counts[name];
      const share = count / (name === "tp" || name === "fn" ? data.positives : data.negatives);
      const isRight = name === "tp" || name === "tn";
      const depth = Math.min(isRight ? share : 2 * share, 1);
      cell.textContent = count.toFixed(data.whole ? 0 : 1);
      cell.className = depth < 0.005 ? "" : (isRight ? "r" : "w") + Math.max(1, Math.round(9 * depth));
    }
    for (const cell of block.querySelectorAll("[data-metric]")) {
      cell.textContent = shown(METRICS[cell.dataset.metric](counts), data.digits);
    }
  }
  input.addEventListener("input", move);
  block.hidden = false;
  move();
}

function picking(block) {
  const data = dataOf(block);
  const select = block.querySelector("select");
  const body = block.querySelector("tbody");
  function pick() {
    const at = Number(select.value);
    block.querySelector("span").textContent = `${data.rows[at]} rows`;
    body.replaceChildren(...data.metrics.map((name, place) => {
      const [value, difference, p] = data.slices[at][place];
      const row = document.createElement("tr");
      [name, value, data.all[place], difference, p].forEach((text, column) => {
        const cell = document.createElement(column ? "td" : "th");
        if (column) cell.className = "n"; else cell.scope = "row";
        cell.textContent = text;
        row.append(cell);
      });
      return row;
    }));
  }
  select.addEventListener("change", pick);
  block.hidden = false;
  pick();
}

function sortable(table) {
  const body = table.tBodies[0];
  const before = [...body.rows];
  const order = new Intl.Collator(undefined, { numeric: true });
  const heads = [...table.tHead.rows[0].cells];
  function keyOf(row, column) {
    const text = row.cells[column].textContent.trim();
    return { text, number: Number.parseFloat(text) };
  }
  function sort(head, column) {
    const isNumber = head.classList.contains("n");
    const last = head.getAttribute("aria-sort");
    const first = isNumber ? "descending" : "ascending";
    const second = isNumber ? "ascending" : "descending";
    const next = last === null ? first : last === first ? second : null;
    for (const other of heads) other.removeAttribute("aria-sort");
    const sign = next === "descending" ? -1 : 1;
    const rows = next === null ? before : before.map((row) => [keyOf(row, column), row]).sort(([a], [b]) => {
      if (!isNumber) return sign * order.compare(a.text, b.text);
      if (Number.isNaN(a.number) || Number.isNaN(b.number)) {
        return Number.isNaN(a.number) - Number.isNaN(b.number);
      }
      return sign * (a.number - b.number);
    }).map(([, row]) => row);
    if (next !== null) head.setAttribute("aria-sort", next);
    body.append(...rows);
  }
  heads.forEach((head, column) => {
    if (head.classList.contains("drawn") || !head.textContent.trim()) return;
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    button.addEventListener("click", () => sort(head, column));
    head.append(button);
  });
}

document.querySelectorAll(".slider").forEach(moving);
document.querySelectorAll(".picker").forEach(picking);
document.querySelectorAll("table.sortable").forEach(sortable);
