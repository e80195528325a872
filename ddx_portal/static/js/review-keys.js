// <review-keys>: single keys for reading an article: j k between its parts, n p between findings, m read, c comment on
// the selected words or the part, v switch between the texts, a approve, r request changes. When they rest, and how they
// are switched off for good, is in keys.js; the list of keys, on ?, is <key-help>.

import { isNotForUs } from "./keys.js";

class ReviewKeys extends HTMLElement {
  connectedCallback() {
    this.keys = {
      j: () => this.step(1),
      k: () => this.step(-1),
      n: () => this.stepFinding(1),
      p: () => this.stepFinding(-1),
      m: () => this.current?.querySelector("[data-key-read]")?.click(),
      c: () => this.comment(),
      v: () => this.switchText(),
      a: () => this.querySelector("[data-key-approve]")?.click(),
      r: () => this.querySelector("[data-key-changes]")?.click(),
    };
    this.listen = (event) => this.key(event);
    document.addEventListener("keydown", this.listen);
    this.addEventListener("focusin", (event) => this.mark(event.target.closest("[data-review-item]")));
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.listen);
  }

  get items() {
    return [...this.querySelectorAll("[data-review-item]")];
  }

  get current() {
    return this.querySelector("[data-review-item].is-current");
  }

  key(event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.target.form?.requestSubmit();
    if (!Object.hasOwn(this.keys, event.key) || isNotForUs(event)) return;
    event.preventDefault();
    this.keys[event.key]();
  }

  step(by) {
    const items = this.items;
    const at = items.indexOf(this.current);
    const to = at < 0 ? 0 : Math.min(Math.max(at + by, 0), items.length - 1);
    this.show(items[to]);
  }

  stepFinding(by) {
    const boxes = [...this.querySelectorAll(".finding-box")];
    const at = boxes.indexOf(document.activeElement?.closest(".finding-box"));
    const near = at < 0 ? this.firstAfter(boxes) : at + by;
    this.show(boxes[Math.min(Math.max(near, 0), boxes.length - 1)]);
  }

  // The first finding at or after the current part.
  firstAfter(boxes) {
    const here = this.current;
    const found = boxes.findIndex((box) => !here || here.contains(box) || here.compareDocumentPosition(box) & 4);
    return found < 0 ? boxes.length - 1 : found;
  }

  show(element) {
    if (!element) return;
    for (let box = element.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
    element.focus({ preventScroll: true });
    element.scrollIntoView({ block: "start" });
  }

  comment() {
    this.querySelector("quote-bar")?.begin(this.current ?? this.items[0]);
  }

  switchText() {
    const choices = [...this.querySelectorAll('input[name="audience"]')];
    const at = choices.findIndex((choice) => choice.checked);
    const next = choices[(at + 1) % choices.length];
    if (next) next.checked = true;
    next?.dispatchEvent(new Event("change", { bubbles: true }));
  }

  mark(item) {
    if (!item || item === this.current) return;
    this.current?.classList.remove("is-current");
    item.classList.add("is-current");
  }
}

customElements.define("review-keys", ReviewKeys);
