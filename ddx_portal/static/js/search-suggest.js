// <search-suggest src="/suggest/">: suggests articles and diagnoses while one types into a search field.
//
//   <search-suggest src="…"><input type="search" name="q"></search-suggest>
//
// The address answers ?q=… with {"results": [{"label": "…", "kind": "article", "url": "/articles/…/"}]}. The arrows
// choose, past either end one is in the field again, as typed; Enter follows, without a choice it searches.

import { Combobox } from "./combobox.js";

class SearchSuggest extends Combobox {
  name = "Suggestions";

  query() {
    return this.input.value.trim();
  }

  fill(item, result) {
    const kind = document.createElement("small");
    kind.textContent = result.kind;
    const label = document.createElement("span");
    label.append(...this.marked(result.label));
    item.append(label, " ", kind);
  }

  told(number) {
    return number ? `${number} suggestion${number === 1 ? "" : "s"}, arrow keys to choose` : "";
  }

  take(result) {
    const address = new URL(result.url, location.href);
    if (address.origin === location.origin) location.assign(address);
  }
}

customElements.define("search-suggest", SearchSuggest);
