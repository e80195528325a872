// <audience-choice>: remembers which text was chosen. The switching itself is CSS and works without this file.
const KEY = "ddx-audience";

class AudienceChoice extends HTMLElement {
  connectedCallback() {
    this.recall();
    this.addEventListener("change", (event) => this.remember(event.target.value));
  }

  recall() {
    const known = this.stored();
    for (const radio of this.querySelectorAll("input[type=radio]")) {
      if (radio.value === known) radio.checked = true;
    }
  }

  stored() {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null; // storage is switched off: the choice holds for this page
    }
  }

  remember(value) {
    try {
      localStorage.setItem(KEY, value);
    } catch {
      // as above
    }
  }
}

customElements.define("audience-choice", AudienceChoice);
