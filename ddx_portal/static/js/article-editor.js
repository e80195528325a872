// The editor's page: what the elements on it do not do themselves. Everything works without this file.

const form = document.getElementById("editor");
const pane = document.getElementById("preview-pane");
const OPEN = `ddx-open-${location.pathname}`;

for (const part of document.querySelectorAll("[data-needs-script]")) part.hidden = false;

// Where the writer is, so that a save comes back there.
const at = form.querySelector("[data-at]");
form.addEventListener("focusin", (event) => {
  const field = event.target.closest("input:not([type=hidden]), textarea, select");
  if (field?.id) at.value = field.id;
});

// Ctrl or Cmd with S saves.
document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key !== "s") return;
  event.preventDefault();
  form.requestSubmit(form.querySelector("[data-save-key]") ?? undefined);
});

// On a phone the lists beside the text begin folded.
if (matchMedia("(max-width: 63.99rem)").matches) {
  for (const box of form.querySelectorAll("[data-folds]")) box.open = false;
}

// A diagnosis that is linked to opens; those that were open stay open after a save.
const parts = [...form.querySelectorAll("details[data-part]")];
const reveal = () => {
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  for (let box = target.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
  target.scrollIntoView({ block: "nearest" });
  target.focus({ preventScroll: true });
};
const remember = () => {
  const open = parts.filter((part) => part.open).map((part) => part.dataset.part);
  sessionStorage.setItem(OPEN, JSON.stringify(open));
};
try {
  const open = new Set(JSON.parse(sessionStorage.getItem(OPEN) ?? "[]"));
  for (const part of parts) if (open.has(part.dataset.part)) part.open = true;
  for (const part of parts) part.addEventListener("toggle", remember);
} catch {
  // storage is switched off
}
addEventListener("hashchange", reveal);
reveal();
document.querySelector(".error-summary")?.focus();

// ?saved=1 has done its work: a reload is a plain visit.
if (location.search) history.replaceState(null, "", location.pathname + location.hash);

// The time of the last save, by the reader's own clock.
for (const time of document.querySelectorAll("[data-local-time]")) {
  const moment = new Date(time.dateTime);
  const sameDay = moment.toDateString() === new Date().toDateString();
  const style = sameDay ? { timeStyle: "short" } : { dateStyle: "medium", timeStyle: "short" };
  time.textContent = moment.toLocaleString(undefined, style);
}

// A diagnosis is called by its name everywhere on the page, as it is typed.
form.addEventListener("input", (event) => {
  const [place, field] = event.target.name?.split("_") ?? [];
  if (field !== "name" || !place.startsWith("diagnosis-")) return;
  const name = event.target.value.trim() || "(no name yet)";
  for (const each of form.querySelectorAll(`[data-name-of="${CSS.escape(place)}"]`)) each.textContent = name;
});

// A link to words inside a field marks them there.
form.addEventListener("click", (event) => {
  const link = event.target.closest("[data-find]");
  const field = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
  if (!field?.setSelectionRange) return;
  event.preventDefault();
  history.replaceState(null, "", link.hash);
  reveal();
  const words = link.dataset.find.split(/\s+/).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const found = new RegExp(words.join("[\\s*_`>+-]+"), "i").exec(field.value);
  if (found) field.setSelectionRange(found.index, found.index + found[0].length);
  field.focus();
});

// References, terms and questions are counted anew when they are put in another order.
form.addEventListener("change", () => {
  for (const list of form.querySelectorAll(".reference-list")) {
    list.querySelectorAll(".reference-number").forEach((number, index) => (number.textContent = String(index + 1)));
  }
});

// The preview takes the place of the fields.
document.body.addEventListener("htmx:afterSwap", (event) => {
  if (event.target !== pane) return;
  form.classList.add("is-previewing");
  pane.focus({ preventScroll: true });
  pane.scrollIntoView({ block: "start" });
});
const close = () => {
  pane.replaceChildren();
  form.classList.remove("is-previewing");
  (document.getElementById(at.value) ?? form.querySelector("[name=title]")).focus();
};
pane.addEventListener("click", (event) => event.target.closest("[data-close-preview]") && close());
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.defaultPrevented && form.classList.contains("is-previewing")) close();
});
