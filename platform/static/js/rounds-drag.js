// Dragging a stop to another place in the day, or to another helper, by mouse, pen or finger. While it is held, what it
// would come to stands beside it; letting go makes the change. Everything here can be done with buttons too.

const HOLD = 350; // milliseconds a finger rests before it holds instead of scrolling
const FAR = 6; // pixels a mouse moves before it drags instead of clicking

let held; // { visit, second, from, kind, name, start, isHeld, timer, target, answer, asking }

const edit = () => document.querySelector("#edit");

function holdable(element) {
  const stop = element.closest?.(".t-stop, .stop");
  if (!stop || !edit() || stop.classList.contains("is-pinned")) return undefined;
  if (stop.matches(".stop") && !element.closest("[data-grip]")) return undefined;
  return stop;
}

document.addEventListener("pointerdown", (event) => {
  if (event.button || held) return;
  const stop = holdable(event.target);
  if (!stop) return;
  const round = stop.closest(".round");
  held = {
    stop,
    pointer: event.pointerId,
    visit: stop.dataset.visit,
    second: "second" in stop.dataset ? "1" : "0",
    from: round.dataset.helper,
    x: event.clientX,
    y: event.clientY,
    isHeld: false,
  };
  const isGrip = Boolean(event.target.closest("[data-grip]"));
  if (event.pointerType === "touch" && !isGrip) held.timer = setTimeout(lift, HOLD);
  else if (isGrip) event.preventDefault();
});

function lift() {
  if (!held || held.isHeld) return;
  held.isHeld = true;
  held.note = document.createElement("div");
  held.note.className = "drag-note";
  held.note.setAttribute("role", "status");
  document.body.append(held.note);
  document.body.classList.add("is-dragging");
  held.stop.classList.add("is-held");
  // The open day below the row would lie between it and the others.
  if (held.stop.matches(".t-stop")) held.stop.closest(".round").classList.add("is-folded");
  follow(held.x, held.y);
}

document.addEventListener("pointermove", (event) => {
  if (!held || event.pointerId !== held.pointer) return;
  const isFar = Math.hypot(event.clientX - held.x, event.clientY - held.y) > FAR;
  if (!held.isHeld && isFar) {
    if (held.timer) return drop(); // a finger that moves at once scrolls
    lift();
  }
  if (!held?.isHeld) return;
  event.preventDefault();
  follow(event.clientX, event.clientY);
});

// The browser would scroll under the finger.
document.addEventListener("touchmove", (event) => held?.isHeld && event.preventDefault(), { passive: false });

function follow(x, y) {
  held.note.style.left = `${Math.min(x + 14, window.innerWidth - 280)}px`;
  held.note.style.top = `${Math.min(y + 18, window.innerHeight - 90)}px`;
  const over = y < 70 ? -14 : y > window.innerHeight - 70 ? 14 : 0;
  if (over) window.scrollBy({ top: over, behavior: "instant" });
  const target = targetAt(x, y);
  const key = target && `${target.helper}:${target.position}`;
  if (key === held.key) return;
  held.key = key;
  held.target = target;
  mark(target);
  consider();
}

function targetAt(x, y) {
  const under = document.elementFromPoint(x, y);
  const round = under?.closest(".round[data-helper]");
  if (!round) return undefined;
  const helper = round.dataset.helper;
  const stop = under.closest(".stop");
  if (stop) return { round, helper, ...beside(stop, y) };
  const track = under.closest(".track") ?? round.querySelector(".t-row .track");
  return { round, helper, ...(track ? amongst(track, x) : { position: "" }) };
}

const others = (elements) => elements.filter((one) => one.dataset.visit !== held.visit || ("second" in one.dataset ? "1" : "0") !== held.second);

function beside(stop, y) {
  const list = others([...stop.parentElement.querySelectorAll(".stop")]);
  const before = list.filter((one) => middle(one.getBoundingClientRect(), "y") < y);
  return { position: before.length + 1, at: list[before.length] };
}

function amongst(track, x) {
  const before = others([...track.querySelectorAll(".t-stop")]).filter((one) => middle(one.getBoundingClientRect(), "x") < x);
  return { position: before.length + 1, track, x: x - track.getBoundingClientRect().left };
}

const middle = (box, axis) => (axis === "x" ? box.left + box.width / 2 : box.top + box.height / 2);

function mark(target) {
  for (const one of document.querySelectorAll(".is-target")) one.classList.remove("is-target");
  for (const one of document.querySelectorAll(".is-before")) one.classList.remove("is-before");
  document.querySelector(".t-drop")?.remove();
  target?.round.classList.add("is-target");
  target?.at?.classList.add("is-before");
  if (!target?.track) return;
  const line = document.createElementNS("http://www.w3.org/2000/svg", "line");
  line.setAttribute("class", "t-drop");
  for (const [name, value] of [["x1", target.x], ["x2", target.x], ["y1", 0], ["y2", "100%"]]) line.setAttribute(name, value);
  target.track.append(line);
}

const actOf = ({ target, visit, second }) => `move:${visit}:${second}:${target.helper}:${target.position}`;

async function consider() {
  held.asking?.abort();
  held.answer = undefined;
  held.note.textContent = held.target ? "…" : "";
  held.note.className = "drag-note";
  if (!held.target) return;
  const its = held;
  its.asking = new AbortController();
  try {
    const query = new URLSearchParams({ act: actOf(its) });
    const answer = await (await fetch(`${edit().dataset.effect}?${query}`, { signal: its.asking.signal })).json();
    its.answer = answer;
    its.note.textContent = answer.sentence;
    its.note.className = `drag-note is-${answer.possible ? "good" : "problem"}`;
  } catch {
    // Asked again at the next place, or checked on letting go.
  }
}

document.addEventListener("pointerup", (event) => {
  if (!held || event.pointerId !== held.pointer) return;
  const its = held;
  drop();
  if (!its.isHeld) return;
  swallowClick();
  if (!its.target) return;
  if (its.answer?.possible === false) return refuse(its.answer.sentence);
  const detail = { act: actOf(its), focus: { visit: its.visit, label: "" } };
  document.dispatchEvent(new CustomEvent("rounds:wish", { detail }));
});

function refuse(sentence) {
  const said = document.querySelector("[data-said]");
  said.textContent = sentence;
  said.className = "edit-said is-problem";
}

// The click that follows letting go chooses nothing.
function swallowClick() {
  const stop = (event) => {
    event.stopPropagation();
    event.preventDefault();
  };
  document.addEventListener("click", stop, { capture: true, once: true });
  setTimeout(() => document.removeEventListener("click", stop, true), 50);
}

function drop() {
  clearTimeout(held?.timer);
  held?.asking?.abort();
  held?.note?.remove();
  held?.stop.classList.remove("is-held");
  held?.stop.closest(".round").classList.remove("is-folded");
  document.body.classList.remove("is-dragging");
  mark(undefined);
  held = undefined;
}

document.addEventListener("pointercancel", () => held && drop());
document.addEventListener("keydown", (event) => event.key === "Escape" && held && drop());

// Grips are for who can drag.
function showGrips() {
  for (const grip of document.querySelectorAll("[data-grip]")) grip.hidden = false;
}

document.addEventListener("rounds:shown", showGrips);
showGrips();
