// <search-suggest src="/suggest/">: suggests articles and diagnoses while one types into a search field.
//
//   <search-suggest src="…"><input type="search" name="q"></search-suggest>
//
// The address answers ?q=… with {"results": [{"label": "…", "kind": "article", "url": "/articles/…/"}]}. ARIA 1.2
// combobox with a list: the arrows choose, Enter follows, Escape closes; without a choice Enter searches. Without this
// script the field is a plain one.

let made = 0;

class SearchSuggest extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input");
    if (!this.input || this.list) return;
    this.results = [];
    this.active = -1;
    this.build(`search_suggest_${++made}`);
    this.input.addEventListener("input", () => this.later());
    this.input.addEventListener("keydown", (event) => this.key(event));
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
    this.list.setAttribute("aria-label", "Suggestions");
    this.status = document.createElement("p");
    this.status.className = "visually-hidden";
    this.status.setAttribute("role", "status");
    this.append(this.list, this.status);
    const traits = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id };
    for (const [name, value] of Object.entries(traits)) this.input.setAttribute(name, value);
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), 120);
  }

  async ask() {
    this.request?.abort();
    const query = this.input.value.trim();
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
    this.results = results;
    this.active = -1;
    this.input.removeAttribute("aria-activedescendant");
    this.list.replaceChildren(...results.map((result, index) => this.option(result, index)));
    const found = results.length;
    this.status.textContent = found ? `${found} suggestion${found === 1 ? "" : "s"}, arrow keys to choose` : "";
    this.toggle(found > 0);
  }

  option(result, index) {
    const item = document.createElement("li");
    item.id = `${this.list.id}_${index}`;
    item.dataset.index = String(index);
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    const kind = document.createElement("small");
    kind.textContent = result.kind;
    const label = document.createElement("span");
    label.append(...this.marked(result.label));
    item.append(label, " ", kind);
    return item;
  }

  // The label, what was typed of it in bold.
  marked(label) {
    const words = this.input.value.split(/[^\p{L}\p{N}]+/u).filter((word) => word.length > 1);
    if (!words.length) return [label];
    const pieces = label.split(new RegExp(`(?<![\\p{L}\\p{N}])(${words.join("|")})`, "iu"));
    return pieces.map((piece, index) => {
      if (index % 2 === 0) return piece;
      const bold = document.createElement("b");
      bold.textContent = piece;
      return bold;
    });
  }

  key(event) {
    if (event.isComposing) return;
    if (this.list.hidden) {
      if (event.key === "ArrowDown" && this.input.value.trim().length > 1) {
        event.preventDefault();
        this.ask();
      }
      return;
    }
    const last = this.results.length - 1;
    // past either end one is in the field again, as typed
    const to = { ArrowDown: this.active < last ? this.active + 1 : -1, ArrowUp: this.active < 0 ? last : this.active - 1 };
    if (event.key in to) this.move(to[event.key]);
    else if (event.key === "Enter" && this.active >= 0) this.follow(this.active);
    else if (event.key === "Escape") this.close();
    else if (event.key === "Tab" || event.key === "Enter") return this.close();
    else return;
    event.preventDefault();
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
    if (item) this.follow(Number(item.dataset.index));
  }

  follow(index) {
    const address = new URL(this.results[index].url, location.href);
    if (address.origin === location.origin) location.assign(address);
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

customElements.define("search-suggest", SearchSuggest);
