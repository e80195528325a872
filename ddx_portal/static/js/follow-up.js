// <follow-up-question>: shows the answer under the box, without leaving the page. An emergency gets its page, where
// nothing else is seen; and whatever goes wrong, the form is sent as it would be without this file.

class FollowUpQuestion extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.shown = this.querySelector("[data-answer]");
    this.status = this.querySelector("[data-status]");
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.ask();
    });
  }

  async ask() {
    this.request?.abort(); // an older answer must not stand under a newer question
    const { signal } = (this.request = new AbortController());
    this.status.textContent = "Looking…";
    try {
      const body = new URLSearchParams(new FormData(this.form));
      const answer = await fetch(this.form.action, { method: "POST", body, signal, headers: { "X-Part": "answer" } });
      if (!answer.ok || answer.headers.get("X-Answer") === "emergency") return this.form.submit();
      const html = await answer.text();
      if (!signal.aborted) this.show(html);
    } catch {
      if (!signal.aborted) this.form.submit();
    }
  }

  show(html) {
    document.querySelector(".ask-page > .answer")?.remove(); // the answer to the question before
    this.shown.innerHTML = html;
    const heading = this.shown.querySelector("#answer_heading");
    const found = this.shown.querySelectorAll(".passages > .passage").length;
    this.status.textContent = found ? `${found} passage${found > 1 ? "s" : ""} found` : heading.textContent;
    heading.focus();
  }
}

customElements.define("follow-up-question", FollowUpQuestion);
