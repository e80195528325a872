// A form that is sent when the session has ended is not done, and leads to the sign-in. What was in it is kept in this
// tab until the page on which it stood comes back from there, and put into its form again; any other page forgets it.
// Pages that name nobody (`data-person`) keep what is typed by themselves.

const KEY = "ddx-sent-form";
const FIELDS = "textarea, select, input:not([type=hidden], [type=password], [type=file], [type=submit], [type=button])";
const isSignIn = location.pathname.startsWith("/accounts/");
const { person } = document.body.dataset;
const page = location.pathname + location.search;

const like = (form) => [...document.forms].filter((f) => f.getAttribute("action") === form.action && f.method === "post");

const store = (act) => {
  try {
    return act(sessionStorage);
  } catch {
    return null; // storage is switched off or full: the form works without
  }
};

const held = (field) => {
  if (field.matches("[type=radio], [type=checkbox]")) return field.checked;
  return field.multiple ? [...field.selectedOptions].map((option) => option.value) : field.value;
};

const put = (field, value) => {
  if (typeof value === "boolean") field.checked = value;
  else if (Array.isArray(value)) for (const option of field.options) option.selected = value.includes(option.value);
  else field.value = value;
  if (value && value !== field.defaultValue) field.closest("details")?.setAttribute("open", "");
};

const fieldsOf = (form) => [...form.elements].filter((field) => field.name && field.matches(FIELDS));
// radios and ticks are known by their value, too: what is listed may have changed
const nameOf = (field) => (field.matches("[type=radio], [type=checkbox]") ? `${field.name}=${field.value}` : field.name);

const keep = ({ target: form }) => {
  if (form.method !== "post" || !person) return;
  const action = form.getAttribute("action");
  const place = like({ action }).indexOf(form);
  const fields = fieldsOf(form).map((field) => [nameOf(field), held(field)]);
  store((storage) => storage.setItem(KEY, JSON.stringify({ person, page, action, place, fields })));
};

const restore = (kept) => {
  const form = like({ action: kept.action })[kept.place];
  if (!form) return;
  const waiting = Map.groupBy(kept.fields, ([name]) => name);
  for (const field of fieldsOf(form)) {
    const next = waiting.get(nameOf(field))?.shift();
    if (next) put(field, next[1]);
  }
};

const kept = JSON.parse(store((storage) => storage.getItem(KEY)) ?? "null");
if (isSignIn) {
  if (kept) {
    store((storage) => storage.setItem(KEY, JSON.stringify({ ...kept, wasNotDone: true })));
    document.querySelector("[data-words-kept]").hidden = false;
  }
} else {
  store((storage) => storage.removeItem(KEY));
  if (kept?.wasNotDone && kept.page === page && person && kept.person === person) restore(kept);
  document.addEventListener("submit", keep, true);
}
