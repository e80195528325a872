// <findings-beside>: findings with their own forms inside the form of the editor. What is typed and sent in here is not
// the editor's: its autosave and its guard against leaving do not hear of it.
class FindingsBeside extends HTMLElement {
  connectedCallback() {
    for (const type of ["input", "change", "submit", "keydown"]) {
      this.addEventListener(type, (event) => event.stopPropagation());
    }
  }
}

customElements.define("findings-beside", FindingsBeside);
