// <keep-typing name="…">: around a form; what is typed in it lives on in this tab until the server has it.
// Also: answers that say what is wrong (409, 422) are shown, and a sign-in that has ended leads to the sign-in.

const isSignIn = (xhr) => new URL(xhr.responseURL || location.href).pathname.startsWith("/accounts/");

class KeepTyping extends HTMLElement {
  connectedCallback() {
    this.key = `ddx-typing-${this.getAttribute("name")}`;
    this.restore();
    this.addEventListener("input", () => this.keep());
    this.addEventListener("htmx:beforeOnLoad", (event) => this.forget(event.detail.xhr));
  }

  get fields() {
    return [...this.querySelectorAll("textarea, input[type=radio]")];
  }

  keep() {
    const words = this.fields.filter((f) => f.type !== "radio" || f.checked).map((f) => [f.name, f.value]);
    this.store((storage) => storage.setItem(this.key, JSON.stringify(words)));
  }

  restore() {
    const kept = JSON.parse(this.store((storage) => storage.getItem(this.key)) ?? "[]");
    for (const [name, value] of kept) {
      for (const field of this.fields.filter((f) => f.name === name)) this.fill(field, value);
    }
  }

  fill(field, value) {
    if (field.type === "radio") {
      field.checked ||= field.value === value;
    } else if (!field.value && value) {
      field.value = value;
      this.closest("details")?.setAttribute("open", "");
    }
  }

  forget(xhr) {
    if (xhr.status < 400 && !isSignIn(xhr)) this.store((storage) => storage.removeItem(this.key));
  }

  store(act) {
    try {
      return act(sessionStorage);
    } catch {
      return null; // storage is switched off: the form works without
    }
  }
}

customElements.define("keep-typing", KeepTyping);

document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (isSignIn(xhr)) {
    event.detail.shouldSwap = false;
    location.reload();
  } else if ([409, 422].includes(xhr.status)) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});
