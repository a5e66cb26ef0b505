// Runs in the reader's browser: filters, the keyboard, copying. The page says everything without it.
const cases = [...document.querySelectorAll("details.case")];
const cells = [...document.querySelectorAll("a.cell")];
const buttons = [...document.querySelectorAll("button.filter")];
const search = document.querySelector(".search input");

for (const element of document.querySelectorAll(".search, .copy")) element.removeAttribute("hidden");

/** Shows the cases of the pressed statuses, of all when none is pressed, that have the words that are searched for. */
function filter() {
  const pressed = buttons.filter((button) => button.getAttribute("aria-pressed") === "true");
  const wanted = new Set(pressed.map((button) => button.dataset.status));
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const isWanted = (one) =>
    (wanted.size === 0 || wanted.has(one.dataset.status)) &&
    words.every((word) => one.dataset.text.includes(word));
  const shown = new Set(cases.filter(isWanted).map((one) => one.id));
  for (const one of cases) one.hidden = !shown.has(one.id);
  for (const cell of cells) cell.classList.toggle("dim", !shown.has(idOf(cell)));
  for (const group of document.querySelectorAll(".topic, .group"))
    group.hidden = group.querySelector("details.case:not([hidden])") === null;
  document.querySelector(".nothing").hidden = shown.size > 0;
  document.querySelector("#shown").textContent = `${shown.size} of ${cases.length} cases shown`;
}

for (const button of buttons) {
  button.addEventListener("click", () => {
    button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
    filter();
  });
}
search.addEventListener("input", filter);

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "/" && event.target !== search) {
    event.preventDefault();
    search.focus();
  }
  if (event.key === "Escape" && event.target === search) {
    search.value = "";
    filter();
  }
});

// One stop for the Tab key; from there the arrows go from case to case.
const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
const reach = (target) => {
  for (const cell of cells) cell.tabIndex = cell === target ? 0 : -1;
};
if (cells.length > 0) reach(cells[0]);
document.querySelector(".overview").addEventListener("keydown", (event) => {
  const place = cells.indexOf(event.target);
  const next = { Home: 0, End: cells.length - 1 }[event.key] ?? place + (steps[event.key] ?? 0);
  if (place === -1 || next === place || cells[next] === undefined) return;
  event.preventDefault();
  reach(cells[next]);
  cells[next].focus();
});

/** A case that is linked to is opened, whatever the filter says. */
function openTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target?.tagName !== "DETAILS") return;
  target.hidden = false;
  for (const group of document.querySelectorAll(".topic, .group"))
    if (group.contains(target)) group.hidden = false;
  target.open = true;
  target.querySelector("summary").focus({ preventScroll: true });
  target.scrollIntoView();
}
addEventListener("hashchange", openTarget);
for (const cell of cells) cell.addEventListener("click", () => setTimeout(openTarget));
openTarget();

for (const button of document.querySelectorAll(".copy")) {
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.parentElement.querySelector("pre").textContent);
    button.textContent = "Copied";
  });
}

function idOf(cell) {
  return decodeURIComponent(cell.hash.slice(1));
}
