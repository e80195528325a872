// <draft-backup data-key="<user>-<version>" data-revision="7" data-restore="/…/edit/restore/">: around the editor's
// form. Keeps what is typed in this browser, each tab for itself, until the server has it, and offers it again when the
// page comes back without it: after a crash, a closed window, a session that ended in mid-sentence. `data-unsaved`: the
// page shows text that is not saved (an error, a conflict). `data-saved`: the server has just saved what was sent.
// Signing out hands what was kept here to the server, then deletes it: others may sit down at this browser.

const PREFIX = "ddx-draft-";
const IGNORED = new Set(["csrfmiddlewaretoken", "action", "at", "tab", "restored", "lookup"]);

const store = {
  read(key) {
    try {
      return JSON.parse(localStorage.getItem(PREFIX + key));
    } catch {
      return null;
    }
  },
  write(key, value) {
    try {
      localStorage.setItem(PREFIX + key, JSON.stringify(value));
      return true;
    } catch {
      return false; // full or switched off: the page works without
    }
  },
  remove(key) {
    try {
      localStorage.removeItem(PREFIX + key);
    } catch {
      // nothing was kept
    }
  },
  keys() {
    try {
      return Object.keys(localStorage).flatMap((key) => (key.startsWith(PREFIX) ? [key.slice(PREFIX.length)] : []));
    } catch {
      return [];
    }
  },
};

class DraftBackup extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form#editor"); // other forms may stand before it
    if (!this.form) return;
    this.key = `${this.dataset.key}-${this.form.elements.tab.value}`;
    this.shown = this.fields();
    this.meet();
    this.listen = new AbortController();
    const { signal } = this.listen;
    for (const kind of ["input", "change"]) this.form.addEventListener(kind, () => this.later(), { signal });
    this.form.addEventListener("submit", () => this.keep({ sent: true }), { signal });
    addEventListener("pagehide", () => this.timer && this.keep({ sent: false }), { signal });
    document.addEventListener("visibilitychange", () => document.hidden && this.timer && this.keep({ sent: false }), {
      signal,
    });
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
    this.listen?.abort();
  }

  fields() {
    return [...new FormData(this.form)].filter(([name, value]) => !IGNORED.has(name) && typeof value === "string");
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep({ sent: false }), 400);
  }

  keep({ sent }) {
    clearTimeout(this.timer);
    this.timer = 0;
    const { revision } = this.dataset;
    const [save, tab] = [this.querySelector("auto-save")?.dataset.save, this.form.elements.tab.value];
    return store.write(this.key, { at: Date.now(), sent, revision, save, tab, fields: this.fields() });
  }

  // The server has all of it.
  forget() {
    clearTimeout(this.timer);
    this.timer = 0;
    store.remove(this.key);
  }

  // What was kept is of no more use when the server has it, or when the page shows it.
  meet() {
    const mine = (key) => key === this.dataset.key || key.startsWith(`${this.dataset.key}-`);
    const left = [];
    for (const key of store.keys().filter(mine)) {
      const kept = store.read(key);
      const isSaved = kept?.sent && ("saved" in this.dataset || kept.revision !== this.dataset.revision);
      if (!kept || isSaved || this.isShown(kept.fields)) store.remove(key);
      else left.push({ key, ...kept });
    }
    if ("unsaved" in this.dataset) this.keep({ sent: false });
    else if (left.length) this.offer(left.sort((a, b) => b.at - a.at)[0]);
  }

  isShown(fields) {
    const plain = (pairs) =>
      JSON.stringify(
        pairs.filter(([name]) => name !== "based_on").map(([name, value]) => [name, value.replace(/\r\n?/g, "\n")]),
      );
    return plain(fields) === plain(this.shown);
  }

  offer(kept) {
    const when = new Date(kept.at).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
    const box = document.createElement("div");
    box.className = "alert alert-warning backup-offer";
    box.setAttribute("role", "alert");
    const inner = document.createElement("div");
    const words = document.createElement("p");
    words.textContent = `This browser has kept text of this draft from ${when} that was never saved.`;
    const actions = document.createElement("div");
    actions.className = "actions";
    actions.append(
      this.button("Show it", "button button-primary button-small", () => this.restore(kept)),
      this.button("Delete it", "button button-small", () => {
        store.remove(kept.key);
        box.remove();
      }),
    );
    inner.append(words, actions);
    box.append(inner);
    this.prepend(box);
  }

  button(words, style, press) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = style;
    button.textContent = words;
    button.addEventListener("click", press);
    return button;
  }

  // The server builds the page anew from what was kept: diagnoses may have come and gone since.
  restore(kept) {
    store.remove(kept.key);
    const form = document.createElement("form");
    form.method = "post";
    form.action = this.dataset.restore;
    form.enctype = "multipart/form-data";
    form.hidden = true;
    const token = this.form.querySelector("[name=csrfmiddlewaretoken]").value;
    for (const [name, value] of [["csrfmiddlewaretoken", token], ...kept.fields]) {
      const field = document.createElement("textarea");
      field.name = name;
      field.value = value;
      form.append(field);
    }
    document.body.append(form);
    form.submit();
  }
}

customElements.define("draft-backup", DraftBackup);

// Hand one kept text to the server, which saves it or keeps it for its writer. Whether it has it now.
const handOver = async (key) => {
  const kept = store.read(key);
  if (!kept?.save) return false;
  const body = new FormData();
  for (const [name, value] of [...kept.fields, ["tab", kept.tab], ["as", key.split("-")[0]]]) body.append(name, value);
  const headers = { "X-CSRFToken": document.querySelector("[name=csrfmiddlewaretoken]").value };
  try {
    const answer = await fetch(kept.save, { method: "POST", body, headers, signal: AbortSignal.timeout(8000) });
    return answer.ok && ["saved", "kept", "held", "conflict", "closed"].includes((await answer.json()).state);
  } catch {
    return false;
  }
};

const WARNING = "This browser holds text of a draft that the server does not have. Sign out and delete it?";

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (new URL(form.action, location.href).pathname !== "/accounts/logout/" || !store.keys().length) return;
  event.preventDefault();
  for (const key of store.keys()) if (await handOver(key)) store.remove(key);
  if (store.keys().length && !confirm(WARNING)) return;
  for (const key of store.keys()) store.remove(key);
  form.submit();
});

// A page of the desk was opened: somebody is signed in. An editor that waits for that (<auto-save>) tries again.
new BroadcastChannel("ddx-desk").postMessage("opened");
