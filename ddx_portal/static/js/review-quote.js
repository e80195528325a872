// <quote-bar>: a small bar at words that are selected in the text of a review. Its button, and the key c, begin a finding
// on these words: it opens the form beside them and fills in the words, what stands before them, and whose text it is.
// The server finds the place; so does it for words that are typed into the form by hand.
const BEFORE = 120;

const selected = () => {
  const selection = getSelection();
  const words = selection?.toString().trim();
  if (!words || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  const node = range.commonAncestorContainer;
  const from = (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement)?.closest(".article-main");
  const item = from?.closest("[data-review-item]") ?? from?.closest("review-keys")?.querySelector("[data-review-item]");
  return from && item && !from.querySelector(".review-change")?.contains(node) ? { words, range, from, item } : null;
};

const LETTER = /[\p{L}\p{N}]/u;

// A selection that begins or ends within a word takes the whole word.
const takeWholeWords = () => {
  const selection = getSelection();
  if (!selection?.rangeCount || selection.isCollapsed) return;
  const { startContainer: first, startOffset, endContainer: last, endOffset } = selection.getRangeAt(0);
  let from = startOffset;
  let to = endOffset;
  const within = (node, at) => LETTER.test(node.data[at - 1] ?? "") && LETTER.test(node.data[at] ?? "");
  if (first.nodeType === Node.TEXT_NODE) while (within(first, from)) from -= 1;
  if (last.nodeType === Node.TEXT_NODE) while (within(last, to)) to += 1;
  selection.setBaseAndExtent(first, from, last, to);
};

const before = ({ range, from }) => {
  const lead = document.createRange();
  lead.setStart(from, 0);
  lead.setEnd(range.startContainer, range.startOffset);
  return lead.toString().replace(/\s+/g, " ").slice(-BEFORE);
};

const audience = ({ range }) => {
  const start = range.startContainer;
  const element = start.nodeType === Node.ELEMENT_NODE ? start : start.parentElement;
  if (element.closest(".for-patient")) return "patient";
  return element.closest(".for-clinician") ? "clinician" : "";
};

const fill = (form, name, value) => {
  const field = form.elements.namedItem(name);
  if (!field) return;
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
};

// Begin a finding beside an item, on the words if there are any. A part without a form has its remarks with the whole.
const comment = (item, found = null) => {
  const opener = "[data-key-finding]";
  const summary = item?.querySelector(opener) ?? item?.closest("review-keys").querySelector(opener);
  const details = summary?.closest("details");
  if (!details) return;
  const form = details.querySelector("form");
  details.open = true;
  if (found) {
    form.querySelector("[data-words]").open = true;
    fill(form, "quote", found.words);
    fill(form, "before", before(found));
    fill(form, "audience", audience(found));
  }
  getSelection()?.removeAllRanges();
  form.elements.namedItem("body").focus();
};

class QuoteBar extends HTMLElement {
  connectedCallback() {
    this.follow = () => this.place();
    document.addEventListener("selectionchange", this.follow);
    addEventListener("scroll", this.follow, { passive: true });
    addEventListener("resize", this.follow);
    this.addEventListener("pointerdown", (event) => event.preventDefault()); // the selection stays
    this.querySelector("button").addEventListener("click", () => this.begin(null));
  }

  // Comment on the selected words, or on this item when none are.
  begin(item) {
    takeWholeWords();
    const found = selected();
    comment(found?.item ?? item, found);
  }

  disconnectedCallback() {
    document.removeEventListener("selectionchange", this.follow);
    removeEventListener("scroll", this.follow);
    removeEventListener("resize", this.follow);
  }

  place() {
    const found = selected();
    this.hidden = !found;
    if (!found) return;
    const box = found.range.getBoundingClientRect();
    const width = this.offsetWidth;
    const left = Math.min(Math.max(box.left + box.width / 2 - width / 2, 8), innerWidth - width - 8);
    const top = box.top > 64 ? box.top - this.offsetHeight - 8 : box.bottom + 8;
    this.style.insetInlineStart = `${left}px`;
    this.style.insetBlockStart = `${top}px`;
  }
}

customElements.define("quote-bar", QuoteBar);

// Marked words and their finding show each other.
const light = (id, on) => {
  for (const each of document.querySelectorAll(`mark[data-finding~="${CSS.escape(id)}"]`)) each.classList.toggle("is-lit", on);
};

for (const [type, on] of [["pointerover", true], ["pointerout", false], ["focusin", true], ["focusout", false]]) {
  document.addEventListener(type, (event) => {
    const box = event.target.closest?.(".finding-box[data-finding]");
    if (box) light(box.dataset.finding, on);
  });
}

document.addEventListener("click", (event) => {
  const mark = event.target.closest?.("mark[data-finding]");
  if (!mark || !getSelection()?.isCollapsed) return;
  const box = document.getElementById(`finding_box_${mark.dataset.finding.split(" ")[0]}`);
  box?.focus({ preventScroll: true });
  box?.scrollIntoView({ block: "nearest" });
});
