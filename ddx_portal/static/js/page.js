// <copy-link>: a link to a place on the page that also copies its full address.
// <print-page>: a print button, shown only where a script can print.
// Also: the contents, open on wide screens, start closed on a phone, and tell which part is being read; and what is
// linked from a diagnosis (its own page) stands beside it, too: the text itself is stored as it was signed.

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

for (const link of document.querySelectorAll("a[data-of]")) {
  const diagnosis = document.getElementById(link.dataset.of);
  if (!diagnosis) continue;
  const line = diagnosis.querySelector(":scope > .report-link") ?? document.createElement("p");
  const whose = document.createElement("span");
  const copy = document.createElement("a");
  line.className = "report-link";
  whose.className = "visually-hidden";
  whose.textContent = ` (${diagnosis.querySelector("h3").textContent})`;
  copy.href = link.href;
  copy.append(link.dataset.says, whose);
  line.append(" ", copy);
  diagnosis.append(line);
}

const lines = new Map();
for (const link of document.querySelectorAll(".contents a")) {
  const part = document.getElementById(link.hash.slice(1))?.closest("section");
  if (part) lines.set(part, link);
}
const reading = new IntersectionObserver(
  (parts) => {
    for (const { target, isIntersecting } of parts) {
      if (isIntersecting) lines.get(target).setAttribute("aria-current", "location");
      else lines.get(target).removeAttribute("aria-current");
    }
  },
  { rootMargin: "-30% 0px -69%" },
);
for (const part of lines.keys()) reading.observe(part);
