// <choose-rows>: how many rows of a list are chosen, and all of the page at once.

import { chooseAll, countChosen } from "./choosing.js";

class ChooseRows extends HTMLElement {
  connectedCallback() {
    const all = this.querySelector("[data-choose-all]");
    all.hidden = false;
    all.addEventListener("click", () => {
      chooseAll(this);
      this.count();
    });
    this.addEventListener("change", () => this.count());
    this.count();
  }

  count() {
    const count = countChosen(this);
    this.querySelector("[data-chosen]").textContent = count ? `${count} chosen` : "With the messages chosen";
  }
}

customElements.define("choose-rows", ChooseRows);
