// Single keys: when they rest, and switching them off for good (WCAG 2.1.4).

const OFF = "ddx-keys-off";

const areOff = () => {
  try {
    return localStorage.getItem(OFF) === "1";
  } catch {
    return false;
  }
};

const TYPED_INTO = "input:not([type=checkbox]), textarea, select, [contenteditable], dialog";

const isTyping = (event) =>
  event.ctrlKey ||
  event.metaKey ||
  event.altKey ||
  event.defaultPrevented ||
  Boolean(event.target.closest?.(TYPED_INTO));

// Whether this key press is none of ours.
const isNotForUs = (event) => isTyping(event) || areOff();

const switchOff = (off) => {
  try {
    localStorage.setItem(OFF, off ? "1" : "0");
  } catch {
    // storage is switched off: the keys stay on
  }
};

export { areOff, isNotForUs, switchOff };
