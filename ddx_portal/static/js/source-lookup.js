// <source-lookup src="/desk/sources/">: says what a DOI, PMID or address is while one types it, and whether an article
// here cites it. The button beside the field adds it; so does Enter.

class SourceLookup extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input");
    if (!this.input || this.said) return;
    this.said = document.createElement("p");
    this.said.className = "look-up-said";
    this.said.setAttribute("role", "status");
    this.append(this.said);
    this.input.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.ask(), 250);
    });
    this.input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault();
      if (this.input.value.trim()) this.querySelector("[data-look-up]").click();
    });
  }

  async ask() {
    this.request?.abort();
    if (this.input.value.trim().length < 4) return this.say("");
    this.request = new AbortController();
    const address = new URL(this.getAttribute("src"), location.href);
    address.searchParams.set("q", this.input.value.slice(0, 2000));
    try {
      const answer = await fetch(address, { signal: this.request.signal, redirect: "manual" });
      if (answer.ok) this.tell(await answer.json());
    } catch {
      // the button asks again, and says what is wrong
    }
  }

  tell({ problem, kind, value, citation }) {
    if (problem) return this.say(problem);
    this.say(`${kind} ${value}. ${citation ? `Known here: ${citation}` : "No article here cites it yet."}`);
  }

  say(words) {
    if (this.said.textContent !== words) this.said.textContent = words;
  }
}

customElements.define("source-lookup", SourceLookup);
