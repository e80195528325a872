// What every field that suggests something has in common: an ARIA 1.2 combobox with a list.
//
// An element that extends it holds one <input> and says
//   name       what its list is called
//   query()    what to ask for; fewer than two letters ask for nothing
//   fill(item, result)   what stands in a line
//   told(number)         what is said of so many lines
//   take(result)         what happens when a line is chosen
// and may say otherwise where the arrows lead (`steps`) and what a key does (`key`).
// The address in `src` answers ?q=… with {"results": […]}. Without the script the field is a plain one.

let made = 0;

export class Combobox extends HTMLElement {
  wait = 120; // ms without a keystroke before it is asked
  most = 12;
  results = [];
  active = -1; // the line the arrows stand on

  connectedCallback() {
    this.input = this.querySelector("input");
    if (!this.input || this.list) return;
    this.build(`suggestions_${++made}`);
    this.input.addEventListener("input", () => this.later());
    this.input.addEventListener("keydown", (event) => event.isComposing || this.key(event));
    this.addEventListener("focusout", (event) => this.contains(event.relatedTarget) || this.close());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
    this.list.addEventListener("click", (event) => this.choose(event));
  }

  build(id) {
    this.list = document.createElement("ul");
    this.list.id = id;
    this.list.className = "suggestions";
    this.list.hidden = true;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", this.name);
    this.status = document.createElement("p");
    this.status.className = "visually-hidden";
    this.status.setAttribute("role", "status");
    this.append(this.list, this.status);
    const traits = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id };
    for (const [name, value] of Object.entries(traits)) this.input.setAttribute(name, value);
    this.input.autocomplete = "off";
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), this.wait);
  }

  async ask() {
    this.request?.abort();
    const query = this.query();
    if (query.length < 2) return this.close();
    this.request = new AbortController();
    try {
      const address = new URL(this.getAttribute("src"), location.href);
      address.searchParams.set("q", query);
      const answer = await fetch(address, { signal: this.request.signal, headers: { Accept: "application/json" } });
      if (answer.ok) this.show((await answer.json()).results ?? []);
    } catch (problem) {
      if (problem.name !== "AbortError") this.close(); // the field goes on as plain text
    }
  }

  show(results) {
    if (!this.contains(document.activeElement)) return;
    this.results = results.slice(0, this.most);
    this.active = -1;
    this.input.removeAttribute("aria-activedescendant");
    this.list.replaceChildren(...this.results.map((result, index) => this.option(result, index)));
    this.status.textContent = this.told(this.results.length);
    this.toggle(this.results.length > 0);
  }

  option(result, index) {
    const item = document.createElement("li");
    item.id = `${this.list.id}_${index}`;
    item.dataset.index = String(index);
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    this.fill(item, result);
    return item;
  }

  // A text, what was typed of its words in bold.
  marked(text) {
    const words = this.query().split(/[^\p{L}\p{N}]+/u).filter((word) => word.length > 1);
    if (!words.length) return [text];
    const pieces = text.split(new RegExp(`(?<![\\p{L}\\p{N}])(${words.join("|")})`, "iu"));
    return pieces.map((piece, index) => {
      if (index % 2 === 0) return piece;
      const bold = document.createElement("b");
      bold.textContent = piece;
      return bold;
    });
  }

  // Whether the key meant something to the list, which then keeps it from the field.
  key(event) {
    if (this.list.hidden) {
      if (event.key !== "ArrowDown" || this.query().length < 2) return false;
      this.ask();
    } else if (event.key in this.steps()) this.move(this.steps()[event.key]);
    else if (event.key === "Enter" && this.active >= 0) this.take(this.results[this.active]);
    else if (event.key === "Escape") this.close();
    else {
      if (event.key === "Tab" || event.key === "Enter") this.close();
      return false;
    }
    event.preventDefault();
    return true;
  }

  // Where each key leads; -1 is the field.
  steps() {
    const last = this.results.length - 1;
    return { ArrowDown: this.active < last ? this.active + 1 : -1, ArrowUp: this.active < 0 ? last : this.active - 1 };
  }

  move(to) {
    const items = [...this.list.children];
    this.active = to;
    items.forEach((item, index) => item.setAttribute("aria-selected", String(index === to)));
    if (to < 0) return this.input.removeAttribute("aria-activedescendant");
    items[to].scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", items[to].id);
  }

  choose(event) {
    const item = event.target.closest("[role=option]");
    if (item) this.take(this.results[Number(item.dataset.index)]);
  }

  close() {
    clearTimeout(this.timer);
    this.request?.abort();
    this.toggle(false);
  }

  toggle(open) {
    this.list.hidden = !open;
    this.input.setAttribute("aria-expanded", String(open));
    if (!open) this.input.removeAttribute("aria-activedescendant");
  }
}
