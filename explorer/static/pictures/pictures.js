// What the pictures gain from a script: tips at once, sliding and moving without a fresh page, links of a document picked
// out. Without it every control is a link or a form.

const view = () => document.querySelector("#view");

// Tips: the titles of marks, shown on hover and on focus.
const tip = Object.assign(document.createElement("div"), { className: "tip", hidden: true });
tip.setAttribute("aria-hidden", "true"); // the mark's own name says the same
document.body.append(tip);

function show(mark) {
  const title = mark.querySelector(":scope > title");
  if (title) {
    mark.setAttribute("aria-label", title.textContent);
    title.remove(); // or the browser would show a second tip
  }
  tip.textContent = mark.getAttribute("aria-label");
  tip.hidden = false;
  const at = mark.getBoundingClientRect();
  const left = Math.min(Math.max(at.left, 8), innerWidth - tip.offsetWidth - 8);
  const above = at.top - tip.offsetHeight - 8;
  tip.style.left = `${left}px`;
  tip.style.top = `${above > 0 ? above : at.bottom + 8}px`;
  pick(mark.dataset.id);
}

function hide() {
  tip.hidden = true;
  pick();
}

function pick(id) {
  const picture = document.querySelector(".documents");
  if (!picture) return;
  picture.classList.toggle("choosing", Boolean(id));
  for (const arc of picture.querySelectorAll(".arc")) {
    arc.classList.toggle("chosen", arc.dataset.from === id || arc.dataset.to === id);
  }
}

const marked = (event) => event.target.closest?.(".picture svg a, .picture .arc");
for (const kind of ["pointerover", "focusin"]) {
  document.addEventListener(kind, (event) => (marked(event) ? show(marked(event)) : kind === "pointerover" && hide()));
}
document.addEventListener("focusout", hide);
document.addEventListener("scroll", hide, true);
document.addEventListener("keydown", (event) => event.key === "Escape" && hide());

// The timeline: another state is fetched and takes this one's place; the address follows.
async function go(address, keep = false) {
  const answer = await fetch(address);
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!answer.ok || !fresh.querySelector("#view")) return location.assign(address);
  const focused = document.activeElement?.dataset?.move ?? (document.activeElement?.matches(".picture") && "picture");
  hide();
  view().replaceWith(fresh.querySelector("#view"));
  document.title = fresh.title;
  if (!keep) history.pushState(null, "", address);
  slide();
  document.querySelector("#told").textContent = document.querySelector("#count, #list").textContent;
  if (focused) document.querySelector(focused === "picture" ? ".picture" : `[data-move="${focused}"]`)?.focus();
}

function slide() {
  document.querySelector(".ranges")?.removeAttribute("hidden");
}

function asked(form) {
  const given = [...new FormData(form)].filter(([, value]) => value);
  return `${location.pathname}?${new URLSearchParams(given)}`;
}

if (view()) {
  slide();
  addEventListener("popstate", () => go(location.href, true));
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("#view .moves a[data-move], #view .eras a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    go(link.href);
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("#view form")) return;
    event.preventDefault();
    go(asked(event.target));
  });
  document.addEventListener("input", (event) => {
    const name = event.target.dataset.for;
    if (name) event.target.form.elements[name].value = event.target.value;
  });
  document.addEventListener("change", (event) => {
    if (event.target.dataset.for) go(asked(event.target.form));
  });
  document.addEventListener("keydown", (event) => {
    if (!event.target.matches?.(".picture")) return;
    const label = { "+": "Zoom in", "-": "Zoom out" }[event.key];
    const link = label && document.querySelector(`[data-move="${label}"]`);
    if (!link) return;
    event.preventDefault();
    go(link.href);
  });
}
