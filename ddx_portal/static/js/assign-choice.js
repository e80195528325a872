// <assign-choice>: shows beside the list who is chosen now and who is next in line, as the form will send it.
// Whoever is asked now leaves the line, and a place is held by one person only.

class AssignChoice extends HTMLElement {
  connectedCallback() {
    this.card = this.querySelector("[data-chosen]");
    if (!this.card) return;
    this.card.hidden = false;
    this.addEventListener("change", (event) => {
      this.settle(event.target);
      this.show();
    });
    this.show();
  }

  get rows() {
    return [...this.querySelectorAll(".candidate-choice")].map((row) => ({
      name: row.dataset.name,
      now: row.querySelector("input"),
      place: row.querySelector("select"),
    }));
  }

  settle(changed) {
    for (const row of this.rows) {
      if (changed === row.now && row.now.checked) row.place.value = "";
      if (changed === row.place && row.place.value) row.now.checked = false;
      const isTaken = changed.matches("select") && changed.value && row.place !== changed;
      if (isTaken && row.place.value === changed.value) row.place.value = "";
    }
  }

  show() {
    const now = this.rows.filter((row) => row.now.checked);
    const line = this.rows.filter((row) => row.place.value && !row.now.checked);
    line.sort((a, b) => Number(a.place.value) - Number(b.place.value));
    this.fill("[data-now]", now);
    this.fill("[data-line]", line);
    this.querySelector("[data-nobody]").hidden = now.length > 0;
    this.querySelector("[data-line-part]").hidden = line.length === 0;
  }

  fill(place, rows) {
    const items = rows.map((row) => {
      const item = document.createElement("li");
      item.textContent = row.name;
      return item;
    });
    this.querySelector(place).replaceChildren(...items);
  }
}

customElements.define("assign-choice", AssignChoice);
