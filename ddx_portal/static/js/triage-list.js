// <triage-list>: keys for the row that <key-list> stands on (1 to 4 set its priority, s, l and d lead to its specialty,
//   labels and duplicate, Escape leads back, x chooses it), how many are chosen, and all of the page at once.

const OFF = "ddx-keys-off";

const isOff = () => {
  try {
    return localStorage.getItem(OFF) === "1";
  } catch {
    return false;
  }
};

const isTyping = (event) =>
  event.ctrlKey ||
  event.metaKey ||
  event.altKey ||
  event.defaultPrevented ||
  event.target.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable], dialog") !== null;

class TriageList extends HTMLElement {
  connectedCallback() {
    this.listen = (event) => this.key(event);
    document.addEventListener("keydown", this.listen);
    this.addEventListener("change", () => this.count());
    this.addEventListener("focusin", (event) => {
      this.row = event.target.closest("[data-triage-row]")?.id ?? this.row;
    });
    this.addEventListener("htmx:afterSettle", () => {
      if (document.activeElement?.matches("[data-key='l']")) this.back();
      this.count();
    });
    const all = this.querySelector("[data-choose-all]");
    all.hidden = false;
    all.addEventListener("click", () => this.chooseAll());
    this.count();
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.listen);
  }

  get boxes() {
    return [...this.querySelectorAll("[data-key-choose]")];
  }

  key(event) {
    const row = this.row && document.getElementById(this.row);
    if (event.key === "Escape" && row?.contains(event.target)) this.back();
    if (!row || isTyping(event) || isOff()) return;
    if (event.key === "x") row.querySelector("[data-key-choose]").click();
    else {
      const control = row.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
      if (!control) return;
      if ("1234".includes(event.key)) control.click();
      else control.focus();
    }
    event.preventDefault();
  }

  back() {
    document.getElementById(this.row)?.querySelector("[data-key-row]").focus();
  }

  chooseAll() {
    const on = this.boxes.some((box) => !box.checked);
    for (const box of this.boxes) box.checked = on;
    this.count();
  }

  count() {
    const count = this.boxes.filter((box) => box.checked).length;
    this.querySelector("[data-chosen]").textContent = count ? `${count} chosen:` : "With the chosen ones:";
    this.classList.toggle("has-chosen", count > 0);
  }
}

customElements.define("triage-list", TriageList);
