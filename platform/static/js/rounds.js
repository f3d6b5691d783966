// Rounds: how a search goes, and one round lit everywhere. Everything is on the page without this.
//
// Events on the document: "rounds:choose" {number} opens a round; "rounds:put" {html, address} puts a fetched page's
// live part in the place of this one's; "rounds:shown" says that it has been put there.

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

const live = () => document.querySelector("[data-live]");
const frame = () => document.querySelector("#timeline");
let asking;

// The map's ground is kept while the plan is the same: moving it costs nothing, drawing it again does.
function replaceLive(html, address, { isBack = false } = {}) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const fresh = page.querySelector("[data-live]");
  if (!fresh) return location.assign(address);
  const left = frame()?.scrollLeft;
  const ground = document.querySelector(".rounds-leaflet");
  const isSame = live().dataset.edit === fresh.dataset.edit;
  const isLogOpen = document.querySelector(".edit-log")?.open;
  live().replaceWith(fresh);
  if (ground && isSame && fresh.querySelector("#map")) {
    fresh.querySelector("#map").prepend(ground);
    fresh.querySelector("svg.rounds-map")?.setAttribute("hidden", "");
  }
  if (left) frame()?.scrollTo({ left });
  if (isLogOpen && fresh.querySelector(".edit-log")) fresh.querySelector(".edit-log").open = true;
  if (!isBack && address !== location.href) history.pushState({}, "", address);
  light();
  tell(page);
  document.dispatchEvent(new CustomEvent("rounds:shown"));
}

// What the fetched page has to say about what was just done, said where one is looking.
function tell(page) {
  const place = document.querySelector("[data-said]");
  const said = page.querySelector("main > .notice[role='status']");
  document.querySelector("main > .notice[role='status']")?.remove();
  if (!place || !said) return;
  place.textContent = said.textContent.trim();
  place.className = `edit-said is-${said.classList.contains("notice-problem") ? "problem" : "good"}`;
}

async function show(address, options) {
  asking?.abort();
  asking = new AbortController();
  try {
    const answer = await fetch(address, { signal: asking.signal });
    replaceLive(await answer.text(), address, options);
    return true;
  } catch (error) {
    if (error.name !== "AbortError") location.assign(address);
    return false;
  }
}

function light() {
  const number = new URL(location.href).searchParams.get("round");
  const drawing = document.querySelector("svg.rounds-map");
  drawing?.classList.toggle("has-chosen", Boolean(number));
  for (const route of drawing?.querySelectorAll(".route") ?? []) {
    route.classList.toggle("is-chosen", route.dataset.round === number);
  }
}

const linkOf = (number) => document.querySelector(`a.round-link[data-round="${number}"]`);

async function open(link) {
  const number = link.dataset.round;
  if (!(await show(link.href))) return;
  linkOf(number)?.focus({ preventScroll: true });
  linkOf(number)?.closest(".round").scrollIntoView({ block: "nearest" });
}

document.addEventListener("click", (event) => {
  if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || !live()) return;
  const link = event.target.closest("a.round-link[data-round], a[data-open]");
  if (link) {
    event.preventDefault();
    if (link.dataset.round) open(link);
    else show(link.href);
    return;
  }
  const route = event.target.closest("svg.rounds-map .route, .t-stop");
  const round = route?.dataset.round ?? route?.closest(".round")?.querySelector("a.round-link").dataset.round;
  if (round && linkOf(round)?.getAttribute("aria-expanded") === "false") open(linkOf(round));
});

document.addEventListener("rounds:choose", (event) => {
  const link = linkOf(event.detail.number);
  if (link && link.getAttribute("aria-expanded") === "false") open(link);
});
document.addEventListener("rounds:put", (event) => replaceLive(event.detail.html, event.detail.address));
window.addEventListener("popstate", () => live() && show(location.href, { isBack: true }));

// Both halves of a visit by two light up together.
document.addEventListener("pointerover", (event) => {
  const stop = event.target.closest(".t-stop");
  for (const twin of document.querySelectorAll(".t-stop.is-twin")) twin.classList.remove("is-twin");
  if (!stop?.querySelector(".t-pair")) return;
  for (const twin of document.querySelectorAll(`.t-stop[data-visit="${stop.dataset.visit}"]`)) twin.classList.add("is-twin");
});
