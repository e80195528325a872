// <keep-typing name="…">: around a form; what is typed in it lives on in this tab until the server has it.
// Also: answers that say what is wrong (409, 422) are shown, a sign-in that has ended leads to the sign-in, and what
// could not be sent is said.

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
  if (isSignIn(xhr) || xhr.status === 403) {
    event.detail.shouldSwap = false;
    location.reload(); // to the sign-in, or to the page that says why not; what was typed is kept
  } else if ([409, 422].includes(xhr.status)) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});

const notSent = (event) => {
  const form = event.target.closest("form") ?? event.target;
  form.querySelector(":scope > .not-sent")?.remove();
  const words = document.createElement("p");
  words.className = "finding-objection not-sent";
  words.setAttribute("role", "alert");
  words.textContent = "Not sent: the server does not answer. Try again; what you wrote is kept in this tab.";
  form.append(words);
};

document.addEventListener("htmx:sendError", notSent);
document.addEventListener("htmx:responseError", notSent);
