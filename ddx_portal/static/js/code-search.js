// <code-search src="/desk/codes/">: suggests codes while one types into a plain text field.
//
//   <code-search src="…"><input type="text" name="codes"></code-search>
//
// The field holds codes parted by commas; the part at the caret is what is searched for. The address
// answers ?q=… with {"results": [{"code": "R25.3", "name": "Cramp and spasm"}]}. The arrows go round; Enter takes the
// first code unless another was chosen.

import { Combobox } from "./combobox.js";

class CodeSearch extends Combobox {
  name = "Codes";
  wait = 180;

  // The part between commas that the caret stands in, and where it begins and ends.
  part() {
    const text = this.input.value;
    const caret = this.input.selectionStart ?? text.length;
    const start = text.lastIndexOf(",", caret - 1) + 1;
    const comma = text.indexOf(",", caret);
    const end = comma < 0 ? text.length : comma;
    return { start, end, query: text.slice(start, end).trim() };
  }

  query() {
    return this.part().query;
  }

  fill(item, result) {
    const code = document.createElement("code");
    code.textContent = result.code;
    item.append(code, " ", ...this.marked(result.name));
  }

  told(number) {
    return number ? `${number} code${number === 1 ? "" : "s"}, arrow keys to choose` : "No code found";
  }

  steps() {
    const last = this.results.length - 1;
    const at = Math.max(this.active, 0);
    return {
      ArrowDown: this.active < last ? this.active + 1 : 0,
      ArrowUp: this.active > 0 ? this.active - 1 : last,
      PageDown: Math.min(at + 5, last),
      PageUp: Math.max(at - 5, 0),
    };
  }

  key(event) {
    if (!this.list.hidden && event.key === "Enter" && this.active < 0) this.active = 0;
    if (!this.list.hidden && event.key === "Tab" && this.active >= 0) this.take(this.results[this.active]);
    else super.key(event);
  }

  take(result) {
    const { start, end } = this.part();
    this.input.setRangeText(`${start ? " " : ""}${result.code}`, start, end, "end");
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
    this.status.textContent = `${result.code} entered`;
    this.close();
    this.input.focus();
  }
}

customElements.define("code-search", CodeSearch);
