// <key-list>: moves through the rows of a queue with j and k; enter opens, as it does on any link; x chooses the row
//   ([data-key-choose], a checkbox), p shows it at a glance ([data-key-peek], a link). Each row has one <a data-key-row>.
// <key-help>: the keys of the page, on ?; there one can also switch single keys off (WCAG 2.1.4).
// On every page: / goes to [data-key-search].

import { areOff, isNotForUs, switchOff } from "./keys.js";

class KeyList extends HTMLElement {
  connectedCallback() {
    this.listen = (event) => this.key(event);
    document.addEventListener("keydown", this.listen);
    this.addEventListener("focusin", (event) => this.select(event.target.closest("[data-key-row]")));
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.listen);
  }

  key(event) {
    const steps = { j: 1, k: -1 };
    const acts = { x: "[data-key-choose]", p: "[data-key-peek]" };
    if (isNotForUs(event)) return;
    if (event.key in acts) this.act(acts[event.key], event);
    if (!(event.key in steps)) return;
    const rows = [...this.querySelectorAll("[data-key-row]")];
    if (!rows.length) return;
    event.preventDefault();
    const at = rows.findIndex((row) => row === document.activeElement || row.matches(".is-selected"));
    const to = at < 0 ? 0 : Math.min(Math.max(at + steps[event.key], 0), rows.length - 1);
    rows[to].focus();
    rows[to].scrollIntoView({ block: "nearest" });
  }

  act(part, event) {
    const target = this.querySelector(".is-selected")?.closest("li")?.querySelector(part);
    if (!target) return;
    event.preventDefault();
    target.click();
  }

  select(row) {
    if (!row || row.matches(".is-selected")) return;
    this.querySelector(".is-selected")?.classList.remove("is-selected");
    row.classList.add("is-selected");
  }
}

class KeyHelp extends HTMLElement {
  connectedCallback() {
    this.hidden = false;
    this.dialog = this.querySelector("dialog");
    this.box = this.querySelector("[data-keys-on]");
    this.box.checked = !areOff();
    this.box.addEventListener("change", () => switchOff(!this.box.checked));
    this.querySelector("[data-key-open]").addEventListener("click", () => this.dialog.showModal());
    this.listen = (event) => event.key === "?" && !isNotForUs(event) && this.dialog.showModal();
    document.addEventListener("keydown", this.listen);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.listen);
  }
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || isNotForUs(event)) return;
  const field = document.querySelector("[data-key-search]");
  if (!field) return;
  event.preventDefault();
  field.focus();
});

customElements.define("key-list", KeyList);
customElements.define("key-help", KeyHelp);
