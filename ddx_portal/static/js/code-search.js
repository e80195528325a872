// <code-search src="/desk/codes/">: suggests codes while one types into a plain text field.
//
//   <code-search src="…"><input type="text" name="codes"></code-search>
//
// The field holds codes parted by commas; the part at the caret is what is searched for. The address
// answers ?q=… with {"results": [{"code": "R25.3", "name": "Cramp and spasm"}]}. ARIA 1.2 combobox.

let made = 0;

class CodeSearch extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input");
    if (!this.input || this.list) return;
    this.options = [];
    this.active = -1;
    this.build(`code_search_${++made}`);
    this.input.addEventListener("input", () => this.later());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => setTimeout(() => this.close(), 150));
    this.list.addEventListener("pointerdown", (event) => this.choose(event));
  }

  build(id) {
    this.list = document.createElement("ul");
    this.list.id = id;
    this.list.className = "suggestions";
    this.list.hidden = true;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", "Codes");
    this.status = document.createElement("p");
    this.status.className = "visually-hidden";
    this.status.setAttribute("role", "status");
    this.append(this.list, this.status);
    const traits = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id };
    for (const [name, value] of Object.entries(traits)) this.input.setAttribute(name, value);
    this.input.autocomplete = "off";
  }

  // The part between commas that the caret stands in, and where it begins and ends.
  part() {
    const text = this.input.value;
    const caret = this.input.selectionStart ?? text.length;
    const start = text.lastIndexOf(",", caret - 1) + 1;
    const comma = text.indexOf(",", caret);
    const end = comma < 0 ? text.length : comma;
    return { start, end, query: text.slice(start, end).trim() };
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), 180);
  }

  async ask() {
    this.request?.abort();
    const { query } = this.part();
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
    this.options = results.slice(0, 12);
    this.active = -1;
    this.list.replaceChildren(...this.options.map((result, index) => this.option(result, index)));
    const found = this.options.length;
    this.status.textContent = found ? `${found} code${found === 1 ? "" : "s"}, arrow keys to choose` : "No code found";
    this.toggle(found > 0);
  }

  option(result, index) {
    const item = document.createElement("li");
    item.id = `${this.list.id}_${index}`;
    item.dataset.index = String(index);
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    const code = document.createElement("code");
    code.textContent = result.code;
    item.append(code, " ", ...this.marked(result.name));
    return item;
  }

  // The name, what was typed of it in bold.
  marked(name) {
    const words = this.part().query.split(/[^\p{L}\p{N}]+/u).filter((word) => word.length > 1);
    if (!words.length) return [name];
    const pieces = name.split(new RegExp(`\\b(${words.join("|")})`, "i"));
    return pieces.map((piece, index) => {
      if (index % 2 === 0) return piece;
      const bold = document.createElement("b");
      bold.textContent = piece;
      return bold;
    });
  }

  key(event) {
    if (this.list.hidden) {
      if (event.key === "ArrowDown") this.ask();
      return;
    }
    const last = this.options.length - 1;
    const at = Math.max(this.active, 0);
    const to = {
      ArrowDown: this.active < last ? this.active + 1 : 0,
      ArrowUp: this.active > 0 ? this.active - 1 : last,
      PageDown: Math.min(at + 5, last),
      PageUp: Math.max(at - 5, 0),
    };
    if (event.key in to) this.move(to[event.key]);
    else if (event.key === "Enter") this.take(this.options[at]);
    else if (event.key === "Tab" && this.active >= 0) return this.take(this.options[this.active]);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
  }

  move(to) {
    const items = [...this.list.children];
    this.active = to;
    items.forEach((item, index) => item.setAttribute("aria-selected", String(index === this.active)));
    items[this.active].scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", items[this.active].id);
  }

  choose(event) {
    const item = event.target.closest("[role=option]");
    if (!item) return;
    event.preventDefault();
    this.take(this.options[Number(item.dataset.index)]);
  }

  take(result) {
    const { start, end } = this.part();
    this.input.setRangeText(`${start ? " " : ""}${result.code}`, start, end, "end");
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
    this.status.textContent = `${result.code} entered`;
    this.close();
    this.input.focus();
  }

  close() {
    clearTimeout(this.timer);
    this.toggle(false);
  }

  toggle(open) {
    this.list.hidden = !open;
    this.input.setAttribute("aria-expanded", String(open));
    if (!open) this.input.removeAttribute("aria-activedescendant");
  }
}

customElements.define("code-search", CodeSearch);
