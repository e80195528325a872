// <triage-list>: keys for the row that <key-list> stands on (1 to 4 set its priority, s, l and d lead to its specialty,
//   labels and duplicate, Escape leads back, x chooses it), how many are chosen, and all of the page at once.

import { chooseAll, countChosen } from "./choosing.js";
import { isNotForUs } from "./keys.js";

class TriageList extends HTMLElement {
  connectedCallback() {
    this.listen = (event) => this.key(event);
    document.addEventListener("keydown", this.listen);
    this.addEventListener("change", () => this.count());
    this.addEventListener("focusin", (event) => {
      this.row = event.target.closest("[data-triage-row]")?.id ?? this.row;
    });
    this.addEventListener("submit", () => (this.returns = document.activeElement?.matches("[data-key='l']") ?? false), true);
    this.addEventListener("htmx:afterSettle", () => {
      if (this.returns) this.back();
      this.returns = false;
      this.count();
    });
    const all = this.querySelector("[data-choose-all]");
    all.hidden = false;
    all.addEventListener("click", () => {
      chooseAll(this);
      this.count();
    });
    this.count();
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.listen);
  }

  key(event) {
    const row = this.row && document.getElementById(this.row);
    if (event.key === "Escape" && row?.contains(event.target)) this.back();
    if (!row || isNotForUs(event)) return;
    if (event.key === "x") row.querySelector("[data-key-choose]").click();
    else {
      const control = row.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
      if (!control) return;
      if ("1234".includes(event.key)) control.click();
      else this.lead(control);
    }
    event.preventDefault();
  }

  lead(control) {
    this.returns = false; // what was sent before may settle while the next is typed
    control.focus();
  }

  back() {
    document.getElementById(this.row)?.querySelector("[data-key-row]").focus();
  }

  count() {
    const count = countChosen(this);
    this.querySelector("[data-chosen]").textContent = count ? `${count} chosen:` : "With the chosen ones:";
    this.classList.toggle("has-chosen", count > 0);
  }
}

customElements.define("triage-list", TriageList);
