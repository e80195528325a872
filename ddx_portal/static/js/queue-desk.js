// <queue-desk>: the queue with its preview beside it, and the count of what is chosen.
//   [data-key-peek] is a link to a version at a glance: where there is room it opens in .queue-peek.
//   [data-key-choose] is a row's checkbox; [data-bulk-count] says how many; [data-bulk-all] takes the whole page.

import { areAllChosen, chooseAll, countChosen } from "./choosing.js";

const roomBeside = matchMedia("(min-width: 75rem)");

class QueueDesk extends HTMLElement {
  connectedCallback() {
    this.pane = this.querySelector(".queue-peek");
    this.count = this.querySelector("[data-bulk-count]");
    this.all = this.querySelector("[data-bulk-all]");
    this.addEventListener("click", (event) => this.click(event));
    this.addEventListener("change", () => this.tell());
    if (this.all) this.all.hidden = false;
    document.querySelector(".queue-rail [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
    this.tell();
  }

  click(event) {
    const link = event.target.closest("[data-key-peek]");
    if (link && roomBeside.matches && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      this.peek(link);
    }
    if (event.target.closest("[data-bulk-all]")) {
      chooseAll(this);
      this.tell();
    }
    if (event.target.closest("[data-peek-close]")) this.close();
  }

  async peek(link) {
    if (this.peeked === link) return this.close();
    this.unmark();
    this.peeked = link;
    link.setAttribute("aria-expanded", "true");
    this.classList.add("is-peeking");
    await htmx.ajax("GET", link.href, { target: this.pane, swap: "innerHTML" });
  }

  close() {
    this.unmark();
    this.pane.replaceChildren();
    this.classList.remove("is-peeking");
  }

  unmark() {
    this.peeked?.removeAttribute("aria-expanded");
    this.peeked = null;
  }

  tell() {
    if (!this.count) return;
    this.count.textContent = `${countChosen(this)} chosen`;
    this.all.textContent = areAllChosen(this) ? "Choose none" : "Choose all on this page";
  }
}

customElements.define("queue-desk", QueueDesk);
