// <draft-backup data-key="<user>-<version>" data-revision="7" data-restore="/…/edit/restore/">: around the editor's
// form. Keeps what is typed in this browser until it is saved, and offers it again when the page comes back without
// it: after a crash, a closed window, a session that ended in mid-sentence. `data-unsaved`: the page shows text that
// is not saved (an error, a conflict). `data-saved`: the server has just saved what this browser sent.
// Signing out deletes everything that was kept here.

const PREFIX = "ddx-draft-";
const IGNORED = new Set(["csrfmiddlewaretoken", "action", "at"]);

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
    } catch {
      // full or switched off: the page works without
    }
  },
  remove(key) {
    try {
      localStorage.removeItem(PREFIX + key);
    } catch {
      // nothing was kept
    }
  },
  clear() {
    try {
      for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
    } catch {
      // nothing was kept
    }
  },
};

class DraftBackup extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.key = this.dataset.key;
    if (!this.form) return;
    this.shown = this.fields();
    this.meet(store.read(this.key));
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
    store.write(this.key, { at: Date.now(), sent, revision: this.dataset.revision, fields: this.fields() });
  }

  // What was kept is of no more use when the server has it, or when the page shows it.
  meet(kept) {
    if ("unsaved" in this.dataset) this.keep({ sent: false });
    else if (!kept) return;
    else if (kept.sent && ("saved" in this.dataset || kept.revision !== this.dataset.revision)) store.remove(this.key);
    else if (this.isShown(kept.fields)) store.remove(this.key);
    else this.offer(kept);
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
        store.remove(this.key);
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

document.addEventListener("submit", (event) => {
  if (new URL(event.target.action, location.href).pathname === "/accounts/logout/") store.clear();
});
