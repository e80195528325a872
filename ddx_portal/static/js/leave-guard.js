// <leave-guard>: around a form; asks before a page with unsaved words is left.
// A `saved` event (htmx: HX-Trigger: saved) anywhere on the page says that all is stored. While `calm`, somebody else
// (<auto-save>) sees to it that nothing is lost, and nobody is asked.

class LeaveGuard extends HTMLElement {
  connectedCallback() {
    this.unsaved = this.hasAttribute("unsaved");
    const change = () => (this.unsaved = true);
    this.leaving = (event) => this.unsaved && !this.calm && event.preventDefault();
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
