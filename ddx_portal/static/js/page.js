// <copy-link>: a link to a place on the page that also copies its full address.
// <print-page>: a print button, shown only where a script can print.
// Also: the contents, open on wide screens, start closed on a phone.

class CopyLink extends HTMLElement {
  connectedCallback() {
    this.link = this.querySelector("a");
    this.status = document.createElement("span");
    this.status.className = "copied";
    this.status.setAttribute("role", "status");
    this.append(this.status);
    this.addEventListener("click", () => this.copy());
  }

  async copy() {
    try {
      await navigator.clipboard.writeText(this.link.href);
      this.say("Link copied");
    } catch {
      // the link still leads to its place, from where the address can be copied
    }
  }

  say(words) {
    this.status.textContent = words;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => (this.status.textContent = ""), 2500);
  }
}

class PrintPage extends HTMLElement {
  connectedCallback() {
    this.hidden = false;
    this.addEventListener("click", (event) => event.target.closest("button") && window.print());
  }
}

customElements.define("copy-link", CopyLink);
customElements.define("print-page", PrintPage);

const contents = document.querySelector("details.contents");
const wide = matchMedia("(min-width: 62rem)");
const fit = () => contents.toggleAttribute("open", wide.matches);
if (contents) {
  fit();
  wide.addEventListener("change", fit);
}
