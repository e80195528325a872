// <leave-guard>: around a form; asks before a page with unsaved words is left.
// A `saved` event (htmx: HX-Trigger: saved) anywhere on the page says that all is stored.

class LeaveGuard extends HTMLElement {
  connectedCallback() {
    this.unsaved = this.hasAttribute("unsaved");
    const change = () => (this.unsaved = true);
    this.leaving = (event) => this.unsaved && event.preventDefault();
    this.saved = () => (this.unsaved = false);
    this.addEventListener("input", change);
    this.addEventListener("change", change);
    this.addEventListener("submit", this.saved);
    document.addEventListener("saved", this.saved);
    window.addEventListener("beforeunload", this.leaving);
  }

  disconnectedCallback() {
    document.removeEventListener("saved", this.saved);
    window.removeEventListener("beforeunload", this.leaving);
  }
}

customElements.define("leave-guard", LeaveGuard);
