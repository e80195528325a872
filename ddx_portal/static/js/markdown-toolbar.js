// <markdown-toolbar for="id_of_a_textarea">: buttons that write Markdown (templates/_components/markdown_toolbar.html).
// Hidden without a script; one tab stop, arrow keys between the buttons; Ctrl or Cmd with B, I, K in the field.

const AROUND = { bold: ["**", "**"], italic: ["*", "*"], code: ["`", "`"] };
const BEFORE = { list: () => "- ", ordered: (index) => `${index + 1}. `, quote: () => "> " };
const KEYS = { b: "bold", i: "italic", k: "link" };

class MarkdownToolbar extends HTMLElement {
  connectedCallback() {
    this.field = document.getElementById(this.getAttribute("for"));
    this.buttons = [...this.querySelectorAll("[data-md]")];
    if (!this.field) return;
    this.hidden = false;
    this.buttons.forEach((button, index) => (button.tabIndex = index ? -1 : 0));
    this.addEventListener("click", (event) => this.press(event.target.closest("[data-md]")));
    this.addEventListener("keydown", (event) => this.step(event));
    this.field.addEventListener("keydown", (event) => this.shortcut(event));
  }

  press(button) {
    if (!button) return;
    this.field.focus();
    this.write(button.dataset.md);
  }

  shortcut(event) {
    const kind = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && KEYS[event.key];
    if (!kind) return;
    event.preventDefault();
    this.write(kind);
  }

  step(event) {
    const steps = { ArrowRight: 1, ArrowLeft: -1 };
    if (!(event.key in steps)) return;
    event.preventDefault();
    const at = this.buttons.indexOf(document.activeElement);
    const next = this.buttons[(at + steps[event.key] + this.buttons.length) % this.buttons.length];
    for (const button of this.buttons) button.tabIndex = button === next ? 0 : -1;
    next.focus();
  }

  write(kind) {
    if (kind in BEFORE) this.prefix(BEFORE[kind]);
    else if (kind === "link") this.link();
    else this.wrap(...AROUND[kind]);
  }

  get chosen() {
    return this.field.value.slice(this.field.selectionStart, this.field.selectionEnd);
  }

  wrap(before, after) {
    const { selectionStart: start } = this.field;
    const text = this.chosen;
    this.put(before + text + after);
    this.field.setSelectionRange(start + before.length, start + before.length + text.length);
  }

  link() {
    const { selectionStart: start } = this.field;
    const text = this.chosen || "text";
    this.put(`[${text}](https://)`);
    const address = start + text.length + 3;
    this.field.setSelectionRange(address, address + "https://".length);
  }

  prefix(mark) {
    const { value, selectionStart, selectionEnd } = this.field;
    const start = value.lastIndexOf("\n", selectionStart - 1) + 1;
    const end = value.indexOf("\n", selectionEnd) < 0 ? value.length : value.indexOf("\n", selectionEnd);
    this.field.setSelectionRange(start, end);
    const lines = value.slice(start, end).split("\n");
    this.put(lines.map((line, index) => mark(index) + line).join("\n"));
  }

  // insertText keeps the browser's undo; where it is gone, the field is changed directly.
  put(text) {
    if (!document.execCommand?.("insertText", false, text)) {
      this.field.setRangeText(text, this.field.selectionStart, this.field.selectionEnd, "end");
      this.field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }
}

customElements.define("markdown-toolbar", MarkdownToolbar);
