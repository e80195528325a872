// <review-keys>: single keys for reading an article: j k between its parts, r read, f finding, a approve, c changes.
// They rest while somebody types, and can be switched off for good (the list of keys, on ?, is <key-help>).
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
  event.target.closest?.("input, textarea, select, [contenteditable], dialog") != null;

class ReviewKeys extends HTMLElement {
  connectedCallback() {
    this.keys = {
      j: () => this.step(1),
      k: () => this.step(-1),
      r: () => this.current?.querySelector("[data-key-read]")?.click(),
      f: () => this.find(),
      a: () => this.querySelector("[data-key-approve]")?.click(),
      c: () => this.querySelector("[data-key-changes]")?.click(),
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
    if (!Object.hasOwn(this.keys, event.key) || isTyping(event) || isOff()) return;
    event.preventDefault();
    this.keys[event.key]();
  }

  step(by) {
    const items = this.items;
    const at = items.indexOf(this.current);
    const to = at < 0 ? 0 : Math.min(Math.max(at + by, 0), items.length - 1);
    items[to]?.focus({ preventScroll: true });
    items[to]?.scrollIntoView({ block: "start" });
  }

  find() {
    const item = this.current ?? this.items[0];
    const details = item?.querySelector("[data-key-finding]")?.closest("details");
    if (!details) return;
    details.open = true;
    details.querySelector("textarea").focus();
  }

  mark(item) {
    if (!item || item === this.current) return;
    this.current?.classList.remove("is-current");
    item.classList.add("is-current");
  }
}

customElements.define("review-keys", ReviewKeys);
