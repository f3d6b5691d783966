// Suggests divisions while somebody types; without it a name or a code can be typed in full.
const fields = document.querySelectorAll("input[data-suggest]");

function suggest(field) {
  const list = document.createElement("datalist");
  list.id = field.getAttribute("list");
  field.after(list);
  let waiting;
  let asked = "";
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      const typed = field.value.trim();
      if (typed.length < 2 || typed === asked || typed.endsWith(")")) return;
      asked = typed;
      const address = new URL(field.dataset.suggest, location.href);
      address.searchParams.set("q", typed);
      const answer = await fetch(address, { headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      const found = await answer.json();
      list.replaceChildren(...found.map((one) => new Option(`${one.name} (${one.code})`, `${one.name} (${one.code})`)));
    }, 200);
  });
}

fields.forEach(suggest);
