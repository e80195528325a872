// <auto-save data-save="…/autosave/" data-pulse="…/pulse/" data-writer="12" data-csrf="csrf" [data-hold] [data-closed]>:
// around the editor's form. Saves it while one types, says in the bar what became of that, and tells of others who have
// the draft open. `data-hold`: the text waits for a decision (a conflict): it is kept, not saved. Nothing that goes
// wrong stops the writing: <draft-backup> around it has the text in this browser until the server has it.
//
// [data-state] in the form shows the state, its [data-state-words] the words; [data-state-told] speaks of trouble;
// [data-live="…"] anywhere are replaced by the parts of the same name that the server answers.

const PAUSE = 900; // ms without a key before the form is sent
const LONGEST_WAIT = 8000; // ms that somebody may type on and on
const PULSE = 15000;
const RETRY = [2000, 4000, 8000, 15000, 30000];
const TAB = "ddx-tab-";
const BEACON = 50000; // characters that a page may still send while it is closed

const TROUBLE = ["offline", "trouble", "signed-out", "lost"]; // the server has nothing of it
const BAD = [...TROUBLE, "conflict", "closed", "discarded", "refused"];

const desks = new BroadcastChannel("ddx-desk"); // every page of the desk says here that it was opened

const clock = (moment) => new Date(moment).toLocaleTimeString(undefined, { timeStyle: "short" });

// The name that this window had before it was loaded anew. After a crash nobody has told the server that it is gone;
// a copy of a window inherits the name of one that still lives.
const nameBefore = async (tab) => {
  let was = null;
  try {
    was = sessionStorage.getItem(TAB);
    sessionStorage.setItem(TAB, tab);
  } catch {
    return null; // storage is switched off: the server forgets a window that is silent
  }
  navigator.locks?.request(TAB + tab, () => new Promise(() => {}));
  const { held } = (await navigator.locks?.query()) ?? { held: [] };
  return held.some((lock) => lock.name === TAB + was) ? null : was;
};

class AutoSave extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form#editor");
    if (!this.form || "closed" in this.dataset) return;
    this.bar = this.form.querySelector("[data-state]");
    this.words = this.bar.querySelector("[data-state-words]");
    this.told = this.form.querySelector("[data-state-told]");
    this.backup = this.closest("draft-backup");
    this.guard = this.closest("leave-guard");
    Object.assign(this, { typed: 0, done: 0, failures: 0, since: 0, shown: new Map(), wasBad: false });
    if (this.guard) this.guard.calm = true;
    this.listen();
    this.later(() => this.pulse(), 1500, "beat");
    nameBefore(this.form.elements.tab.value).then((was) => was && this.pulse({ was }));
  }

  listen() {
    this.ear = new AbortController();
    const { signal } = this.ear;
    for (const kind of ["input", "change"]) this.form.addEventListener(kind, (e) => this.touch(e), { signal });
    this.form.addEventListener("focusout", () => this.isDirty && this.schedule(150), { signal });
    this.addEventListener("submit", (event) => this.gate(event), { signal, capture: true });
    document.addEventListener("visibilitychange", () => this.turn(), { signal });
    addEventListener("online", () => this.isDirty && this.schedule(0), { signal });
    addEventListener("offline", () => this.isDirty && this.trouble("offline"), { signal });
    addEventListener("focus", () => this.isTroubled && this.schedule(0), { signal });
    addEventListener("pagehide", () => this.leave(), { signal });
    desks.addEventListener("message", () => this.isTroubled && this.schedule(0), { signal });
  }

  disconnectedCallback() {
    this.ear?.abort();
    clearTimeout(this.timer);
    clearTimeout(this.beat);
  }

  get isDirty() {
    return this.typed > this.done;
  }

  later(act, wait, name = "timer") {
    clearTimeout(this[name]);
    this[name] = setTimeout(act, wait);
  }

  touch(event) {
    if (event.target.closest("[data-not-typed]")) return;
    this.typed += 1;
    this.since ||= Date.now();
    if (this.state !== "unsaved" && !BAD.includes(this.state)) this.show("unsaved", "Unsaved changes.");
    if (!this.isTroubled) this.schedule(Math.min(PAUSE, Math.max(0, this.since + LONGEST_WAIT - Date.now())));
  }

  get isTroubled() {
    return TROUBLE.includes(this.state);
  }

  schedule(wait) {
    this.later(() => this.send(), wait);
  }

  turn() {
    if (document.hidden && this.isDirty) this.send();
    if (!document.hidden) this.pulse();
  }

  // The secret of the cookie is the token: it changes when somebody signs in again in another tab.
  get token() {
    const name = `${this.dataset.csrf}=`;
    const cookie = document.cookie.split("; ").find((each) => each.startsWith(name));
    return cookie?.slice(name.length) ?? this.form.elements.csrfmiddlewaretoken.value;
  }

  refresh() {
    const { token } = this;
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
    document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
    return token;
  }

  body() {
    const body = new FormData(this.form);
    body.delete("action");
    body.set("as", this.dataset.writer);
    if ("hold" in this.dataset) body.set("hold", "1");
    return body;
  }

  async ask(address, body) {
    const headers = { Accept: "application/json", "X-CSRFToken": this.refresh() };
    const options = { method: "POST", body, headers, redirect: "manual", signal: AbortSignal.timeout(20000) };
    const answer = await fetch(address, options);
    if (answer.type === "opaqueredirect") return { state: "signed-out" };
    if (answer.status === 404) return { state: "gone" };
    if (answer.status === 403) return { state: "forbidden" };
    if (answer.status === 413) return { state: "refused" };
    if (answer.status !== 409 && !answer.ok) return { state: "trouble" };
    return answer.json();
  }

  // One request at a time; what is typed meanwhile goes with the next one.
  send() {
    clearTimeout(this.timer);
    this.sending ??= this.attempt().finally(() => {
      this.sending = null;
      if (this.isDirty && !this.isTroubled) this.schedule(PAUSE);
    });
    return this.sending;
  }

  async attempt() {
    const upTo = this.typed;
    this.since = 0;
    if (!BAD.includes(this.state)) this.show("saving", "Saving…");
    let answer;
    try {
      answer = await this.ask(this.dataset.save, this.body());
    } catch {
      answer = { state: navigator.onLine ? "trouble" : "offline" };
    }
    this.take(answer, upTo);
  }

  take(answer, upTo) {
    const { state } = answer;
    if (["saved", "kept", "held", "conflict", "closed", "discarded"].includes(state)) this.arrived(answer, upTo);
    const act = {
      saved: () => this.saved(answer),
      kept: () => this.show("kept", this.reasons(answer)),
      held: () => this.show("kept", `Kept ${clock(Date.now())}. Press Save to save it.`),
      conflict: () => this.conflict(answer),
      closed: () => this.show("closed", `Not saved: this version is ${answer.state_word.toLowerCase()}. Yours is kept.`),
      discarded: () => this.discarded(answer),
      gone: () => this.lost("Not saved: this draft has been discarded. Copy what you want to keep."),
      forbidden: () => this.lost("Not saved: you may not write here any more. Your text is kept in this browser."),
      stranger: () => this.lost("Not saved: somebody else is signed in now. Your text is kept in this browser."),
      refused: () => this.show("refused", `Not saved: this is far too long. ${this.place()}`),
    }[state];
    if (act) act();
    else this.trouble(state);
  }

  // The server has it, saved or kept: the copy in this browser has done its work.
  arrived(answer, upTo) {
    this.failures = 0;
    this.done = upTo;
    if (!this.isDirty) {
      this.backup?.forget();
      document.dispatchEvent(new Event("saved"));
    }
    if (this.guard) this.guard.calm = true;
    this.news(answer);
    this.replace(answer.parts ?? "");
  }

  saved(answer) {
    this.form.elements.based_on.value = answer.revision;
    const specialty = this.form.elements.specialty_before;
    if (specialty && !this.isDirty) specialty.value = this.form.elements.specialty.value;
    if (this.backup) this.backup.dataset.revision = answer.revision;
    if (this.isDirty) this.show("unsaved", "Unsaved changes.");
    else this.show("saved", `Saved ${clock(answer.saved_at)}`);
  }

  reasons(answer) {
    const [first] = answer.errors ?? [];
    const words = document.createDocumentFragment();
    words.append(`Kept ${clock(Date.now())}, not saved yet: `);
    const link = document.createElement("a");
    link.href = `#${first?.place ?? "title"}`;
    link.textContent = first?.sentence ?? "something is to be corrected";
    words.append(link);
    return words;
  }

  conflict(answer) {
    const words = document.createDocumentFragment();
    words.append(`Not saved: ${answer.saved_by} saved this draft at ${clock(answer.saved_at)}. What you type is kept. `);
    const button = document.createElement("button");
    Object.assign(button, { type: "submit", name: "action", value: "save", className: "button-link" });
    button.textContent = "See both texts";
    words.append(button);
    this.show("conflict", words);
  }

  discarded(answer) {
    const words = document.createDocumentFragment();
    const link = document.createElement("a");
    Object.assign(link, { href: answer.url, textContent: "See the kept text" });
    words.append("Not saved: this draft has been discarded. What you type is kept. ", link);
    this.show("discarded", words);
  }

  place() {
    return this.backup?.keep({ sent: false }) ? "Your text is kept in this browser." : "Keep this page open.";
  }

  lost(words) {
    this.place();
    this.show("lost", words);
  }

  trouble(state) {
    const kept = this.backup?.keep({ sent: false }) ? "kept in this browser" : "keep this page open";
    if (this.guard) this.guard.calm = false;
    if (state === "signed-out") this.show(state, this.signIn(kept));
    else if (state === "offline") this.show(state, `Not saved: no connection, ${kept}`);
    else this.show("trouble", `Not saved: the server does not answer, ${kept}`);
    this.later(() => this.send(), RETRY[Math.min(this.failures++, RETRY.length - 1)]);
  }

  signIn(kept) {
    const words = document.createDocumentFragment();
    const link = document.createElement("a");
    Object.assign(link, { href: "/accounts/login/?next=/desk/", target: "_blank", rel: "noopener" });
    link.textContent = "sign in in another tab";
    const what = kept.startsWith("kept") ? "your text is kept" : kept;
    words.append("You are signed out: ", link, `; ${what}`);
    return words;
  }

  show(state, words) {
    if (state === this.state && this.words.textContent === (words.textContent ?? words)) return;
    this.state = this.bar.dataset.state = state;
    this.words.replaceChildren(words);
    if (state === "saving" || state === "unsaved") return;
    const isBad = BAD.includes(state);
    if (isBad !== this.wasBad) this.told.textContent = isBad ? this.words.textContent : "Saved again.";
    this.wasBad = isBad;
  }

  // Before the form goes: what is typed is brought to safety, so that no answer can take it away.
  async gate(event) {
    if (event.target !== this.form || this.isPassing) return;
    this.refresh();
    if (!this.isDirty && !this.sending && !this.isTroubled) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const before = this.state;
    await this.sending;
    if (this.isDirty || this.isTroubled) await this.send();
    const isServersFault = this.state === "trouble" && before === "trouble"; // pressed again: try the other way
    if (this.isTroubled && !isServersFault) return;
    this.isPassing = true;
    this.form.requestSubmit(event.submitter?.isConnected ? event.submitter : undefined);
    this.isPassing = false;
  }

  async pulse({ was } = {}) {
    this.later(() => this.pulse(), PULSE, "beat");
    if (document.hidden || this.isTroubled || this.sending) return;
    const body = new FormData();
    body.set("tab", this.form.elements.tab.value);
    if (was) body.set("was", was);
    try {
      const answer = await this.ask(this.dataset.pulse, body);
      if (answer.state === "signed-out" && !this.sending) this.trouble("signed-out");
      else if (answer.state === "open") this.news(answer);
    } catch {
      // the next one may come through; typing says more
    }
  }

  news(answer) {
    if (answer.people !== undefined) this.put("people", answer.people);
    const behind = answer.revision > Number(this.form.elements.based_on.value) && !answer.is_mine;
    if (answer.state !== "open" || !behind || "hold" in this.dataset) return;
    if (this.isDirty) return this.conflict(answer);
    const words = document.createDocumentFragment();
    const link = document.createElement("a");
    Object.assign(link, { href: location.pathname, textContent: "Load it" });
    words.append(`${answer.saved_by} saved this draft at ${clock(answer.saved_at)}. `, link);
    this.show("conflict", words);
  }

  leave() {
    if (this.isDirty && !this.isPassing) {
      const body = this.body();
      const size = [...body.values()].reduce((sum, value) => sum + value.length + 100, 0);
      const headers = { "X-CSRFToken": this.token };
      const options = { method: "POST", body, headers, keepalive: true, redirect: "manual" };
      if (size < BEACON) fetch(this.dataset.save, options).catch(() => {});
    }
    const goodbye = new FormData();
    for (const name of ["csrfmiddlewaretoken", "tab"]) goodbye.set(name, this.form.elements[name].value);
    goodbye.set("leaving", "1");
    navigator.sendBeacon(this.dataset.pulse, goodbye);
  }

  // The parts of the page that follow from what is typed. One that holds the focus is left alone.
  replace(html) {
    const parts = new DOMParser().parseFromString(html, "text/html").querySelectorAll("[data-live]");
    for (const part of parts) if (part.dataset.live !== "outline") this.put(part.dataset.live, part.innerHTML);
    const outline = [...parts].find((part) => part.dataset.live === "outline");
    if (outline && this.hasMoved) this.reorder(outline.innerHTML);
  }

  put(name, html) {
    if (this.shown.get(name) === html) return;
    for (const place of this.querySelectorAll(`[data-live="${CSS.escape(name)}"]`)) {
      if (place.contains(document.activeElement)) return;
      place.innerHTML = html;
    }
    this.shown.set(name, html);
  }

  // A diagnosis that went to another tier goes to its new place.
  get hasMoved() {
    const [outline] = this.querySelectorAll("[data-live=outline]");
    return [...this.querySelectorAll("details[data-part]")].some((part) => {
      const tier = part.querySelector("select[name$=_tier]")?.value;
      const key = part.dataset.part.replace("diagnosis-", "");
      return outline.querySelector(`[data-tier="${tier}"] input[value="${CSS.escape(key)}"]`) === null;
    });
  }

  reorder(html) {
    if (this.isDirty) return;
    this.put("outline", html);
    for (const input of this.querySelectorAll("[data-live=outline] input[name=diagnosis]")) {
      const part = this.querySelector(`details[data-part="diagnosis-${CSS.escape(input.value)}"]`);
      const tier = part.querySelector("select[name$=_tier]").value;
      for (const marked of [part, part.querySelector(".part-title .tier")]) marked.dataset.tier = tier;
      if (!part.contains(document.activeElement)) part.parentElement.append(part);
    }
  }
}

customElements.define("auto-save", AutoSave);
