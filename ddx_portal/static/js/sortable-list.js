// <sortable-list>: puts the items of one list in order, by dragging the handle or by buttons.
//
//   <sortable-list>
//     <ol>
//       <li data-sort-item="Benign twitch">
//         <input type="hidden" name="…-position" value="1" data-sort-position>
//         <span class="sort-handle" data-sort-handle hidden>…</span>
//         <button name="move" value="up:benign-twitch" data-sort="up">…</button>
//         <button name="move" value="down:benign-twitch" data-sort="down">…</button>
//
// Without this file the buttons submit the form. With it they move the item at once; positions are
// renumbered from 1, a bubbling `change` event tells the form, and the move is spoken.

class SortableList extends HTMLElement {
  connectedCallback() {
    this.list = this.querySelector("ol, ul");
    this.status = document.createElement("p");
    this.status.className = "visually-hidden";
    this.status.setAttribute("role", "status");
    this.append(this.status);
    for (const handle of this.querySelectorAll("[data-sort-handle]")) handle.hidden = false;
    this.addEventListener("click", (event) => this.press(event));
    this.addEventListener("pointerdown", (event) => this.grab(event));
    this.mark();
  }

  get items() {
    return [...this.list.children].filter((item) => item.matches("[data-sort-item]"));
  }

  press(event) {
    const button = event.target.closest("[data-sort]");
    if (!button || button.closest("sortable-list") !== this) return;
    event.preventDefault();
    const item = button.closest("[data-sort-item]");
    const items = this.items;
    const to = items.indexOf(item) + (button.dataset.sort === "up" ? -1 : 1);
    if (to < 0 || to >= items.length) return;
    if (button.dataset.sort === "up") items[to].before(item);
    else items[to].after(item);
    this.settle(item);
    button.focus();
  }

  grab(event) {
    const handle = event.target.closest("[data-sort-handle]");
    if (!handle || event.button !== 0 || handle.closest("sortable-list") !== this) return;
    event.preventDefault();
    const item = handle.closest("[data-sort-item]");
    const start = this.items;
    item.classList.add("is-dragging");
    handle.setPointerCapture(event.pointerId);
    const done = new AbortController();
    const follow = { signal: done.signal };
    const drop = () => {
      done.abort();
      item.classList.remove("is-dragging");
      if (this.items.some((each, index) => each !== start[index])) this.settle(item);
    };
    handle.addEventListener("pointermove", (move) => this.follow(item, move.clientY), follow);
    handle.addEventListener("pointerup", drop, follow);
    handle.addEventListener("pointercancel", drop, follow);
    document.addEventListener("keydown", (key) => key.key === "Escape" && (this.list.append(...start), drop()), follow);
  }

  // The neighbours step aside; the item itself stays in the page, or the pointer would be let go.
  follow(item, y) {
    const middle = (each) => each.getBoundingClientRect().top + each.getBoundingClientRect().height / 2;
    const neighbour = (step) => this.items[this.items.indexOf(item) + step];
    while (neighbour(-1) && y < middle(neighbour(-1))) item.after(neighbour(-1));
    while (neighbour(1) && y > middle(neighbour(1))) item.before(neighbour(1));
  }

  settle(item) {
    this.items.forEach((each, index) => {
      const input = each.querySelector("[data-sort-position]");
      if (input) input.value = String(index + 1);
    });
    this.mark();
    const place = this.items.indexOf(item) + 1;
    this.status.textContent = `${item.dataset.sortItem} is now ${place} of ${this.items.length}`;
    item.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // The first cannot go up and the last cannot go down. They stay focusable, so that focus is not lost.
  mark() {
    this.items.forEach((item, index, all) => {
      const end = { up: index === 0, down: index === all.length - 1 };
      for (const button of item.querySelectorAll("[data-sort]")) {
        button.setAttribute("aria-disabled", String(end[button.dataset.sort]));
      }
    });
  }
}

customElements.define("sortable-list", SortableList);
