// Shows of a calendar rule's form only what its way of repeating needs; without it every field is there.
const part = document.querySelector("[data-repeats]");
const choice = part?.querySelector("select");

function show() {
  for (const group of part.querySelectorAll("[data-for]")) {
    group.hidden = !group.dataset.for.split(" ").includes(choice.value);
  }
}

if (choice) {
  choice.addEventListener("change", show);
  show();
}
