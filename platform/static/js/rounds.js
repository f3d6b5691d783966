// Rounds: how a search goes, and one round lit everywhere. Everything is on the page without this.
import { light as lightOnMap, start as startMap } from "./rounds-map.js";

const panel = document.querySelector("[data-progress]");

function put(name, text) {
  const place = panel.querySelector(`[data-${name}]`);
  if (place) place.textContent = text;
}

function draw(name, points) {
  if (points) panel.querySelector(`[data-${name}]`)?.setAttribute("points", points);
}

async function poll() {
  try {
    const answer = await fetch(panel.dataset.progress, { headers: { Accept: "application/json" } });
    if (answer.ok) {
      const state = await answer.json();
      if (state.state !== "searching") return location.reload();
      if (state.seconds !== undefined) {
        panel.querySelector("[data-bar]").value = state.seconds;
        put("seconds", Math.round(state.seconds));
        put("served", state.served);
        put("left", state.visits - state.served);
        draw("curve", state.cost_curve);
        draw("curve-served", state.served_curve);
      }
    }
  } catch {
    // No signal: the next try may have one.
  }
  setTimeout(poll, 1000);
}

if (panel) setTimeout(poll, 1000);

// The part of the page that changes with what is chosen or edited is asked for again, and put in the place of the old.
const live = () => document.querySelector("[data-live]");
let asking;

export async function show(address, { replace = false } = {}) {
  asking?.abort();
  asking = new AbortController();
  const answer = await fetch(address, { signal: asking.signal });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("[data-live]");
  if (!fresh) return location.assign(address);
  const [top, left] = [document.querySelector("#timeline")?.scrollTop, document.querySelector("#timeline")?.scrollLeft];
  const map = document.querySelector(".rounds-leaflet");
  live().replaceWith(fresh);
  if (map && fresh.querySelector("#map")) {
    fresh.querySelector("#map").prepend(map);
    fresh.querySelector("svg.rounds-map")?.setAttribute("hidden", "");
  }
  const frame = document.querySelector("#timeline");
  if (frame && left) frame.scrollTo({ top, left });
  history[replace ? "replaceState" : "pushState"]({}, "", address);
  light();
  document.dispatchEvent(new CustomEvent("rounds:shown"));
}

function chosen() {
  return new URL(location.href).searchParams.get("round");
}

function light() {
  const number = chosen();
  const drawing = document.querySelector("svg.rounds-map");
  drawing?.classList.toggle("has-chosen", Boolean(number));
  for (const route of drawing?.querySelectorAll(".route") ?? []) {
    route.classList.toggle("is-chosen", route.dataset.round === number);
  }
  lightOnMap(number);
}

export function choose(number) {
  const link = document.querySelector(`a.round-link[data-round="${number}"]`);
  if (link) open(link);
}

async function open(link) {
  const number = link.dataset.round;
  try {
    await show(link.href);
  } catch (error) {
    if (error.name !== "AbortError") location.assign(link.href);
    return;
  }
  const again = document.querySelector(`a.round-link[data-round="${number}"]`);
  again?.focus({ preventScroll: true });
  again?.closest(".round").scrollIntoView({ block: "nearest" });
}

document.addEventListener("click", (event) => {
  if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
  const link = event.target.closest("a.round-link[data-round]");
  if (link) {
    event.preventDefault();
    open(link);
    return;
  }
  const route = event.target.closest("svg.rounds-map .route");
  if (route) choose(route.dataset.round);
});

window.addEventListener("popstate", () => {
  if (live()) show(location.href, { replace: true }).catch(() => location.reload());
});

startMap(choose).then(light, () => {});
