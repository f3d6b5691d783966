// A proposal changed by hand: forms that send without leaving the page, keys, and what a change would come to.
// Without this every form works as a form.
//
// "rounds:wish" {act} makes a change that was asked for by other means than a form.

const edit = () => document.querySelector("#edit");
let focusOn;

async function send(address, body) {
  try {
    const answer = await fetch(address, { method: "POST", body });
    const detail = { html: await answer.text(), address: answer.url };
    document.dispatchEvent(new CustomEvent("rounds:put", { detail }));
  } catch {
    const said = document.querySelector("[data-said]");
    said.textContent = document.querySelector("main").dataset.offline;
    said.className = "edit-said is-problem";
  }
}

async function ask(act, extra = {}, signal = undefined) {
  const query = new URLSearchParams({ act, ...extra });
  const answer = await fetch(`${edit().dataset.effect}?${query}`, { signal });
  return answer.json();
}

// In the capturing phase: before the frame marks the form as sent.
document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    const button = event.submitter;
    if (!(form.id === "edit" || "swap" in form.dataset) || button?.hasAttribute("formaction")) return;
    event.preventDefault();
    remember(button);
    send(form.action, new FormData(form, button));
  },
  true,
);

document.addEventListener("rounds:wish", (event) => {
  const body = new FormData(edit());
  body.set("act", event.detail.act);
  focusOn = event.detail.focus;
  send(edit().action, body);
});

// After a change the same stop has the focus, wherever it stands now.
function remember(button) {
  const stop = button?.closest(".stop");
  focusOn = stop ? { visit: stop.dataset.visit, act: button.value.split(":")[0], label: button.textContent } : undefined;
}

document.addEventListener("rounds:shown", () => {
  const form = document.querySelector("[data-place]");
  if (form) {
    form.scrollIntoView({ block: "nearest" });
    say(form);
  }
  const stop = focusOn && document.querySelector(`.stop[data-visit="${focusOn.visit}"]`);
  if (!stop) return;
  const again = [...stop.querySelectorAll("button[name='act']:not([disabled])")];
  (again.find((one) => one.textContent === focusOn.label) ?? again[0])?.focus();
  focusOn = undefined;
});

// Alt and an arrow move the stop that has the focus.
document.addEventListener("keydown", (event) => {
  if (!event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
  const buttons = event.target.closest(".stop")?.querySelectorAll(".stop-edits button[value^='move:']");
  if (!buttons?.length) return;
  event.preventDefault();
  const button = buttons[event.key === "ArrowUp" ? 0 : 1];
  if (!button.disabled) button.click();
});

// What the choice of a helper and a place comes to, as it is chosen.
let asking;

async function say(form) {
  asking?.abort();
  asking = new AbortController();
  const place = form.querySelector("[data-effect-said]");
  const fields = new FormData(form);
  const extra = {};
  for (const name of ["helper", "second_helper", "position"]) if (fields.get(name)) extra[name] = fields.get(name);
  place.textContent = "…";
  try {
    const answer = await ask(form.querySelector("button[name='act']").value, extra, asking.signal);
    place.textContent = answer.sentence;
    place.className = `place-effect is-${answer.possible ? "good" : "problem"}`;
  } catch (error) {
    if (error.name !== "AbortError") place.textContent = "";
  }
}

document.addEventListener("change", (event) => {
  const form = event.target.closest("[data-place]");
  if (form) say(form);
});

const first = document.querySelector("[data-place]");
if (first) say(first);
