// The checkboxes of a list's rows ([data-key-choose]), as one.

const boxesOf = (list) => [...list.querySelectorAll("[data-key-choose]")];

const countChosen = (list) => boxesOf(list).filter((box) => box.checked).length;

const areAllChosen = (list) => boxesOf(list).every((box) => box.checked);

// All of them; none, when all are chosen.
const chooseAll = (list) => {
  const on = !areAllChosen(list);
  for (const box of boxesOf(list)) box.checked = on;
};

export { areAllChosen, chooseAll, countChosen };
