// Rounds: how a search goes, and a map that can be moved. Everything is on the page without this.

const panel = document.querySelector("[data-progress]");

function put(name, text) {
  const place = panel.querySelector(`[data-${name}]`);
  if (place) place.textContent = text;
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
      }
    }
  } catch {
    // No signal: the next try may have one.
  }
  setTimeout(poll, 1000);
}

if (panel) setTimeout(poll, 1000);

// From the map of all rounds to one: opening a helper's day lights its line.
const drawing = document.querySelector(".rounds-map");
for (const day of document.querySelectorAll("details.round")) {
  day.addEventListener("toggle", () => {
    if (!drawing) return;
    const open = [...document.querySelectorAll("details.round[open]")].map((one) => one.id.replace("round-", "route-"));
    drawing.classList.toggle("has-chosen", open.length > 0);
    for (const route of drawing.querySelectorAll(".route")) route.classList.toggle("is-chosen", open.includes(route.id));
  });
}

// With tiles (a setting), the drawing becomes a map that can be moved; without them it stays as it is.
const figure = document.querySelector("[data-leaflet]");

function load(address) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });
}

// Leaflet takes text for HTML; an element with text in it stays text.
function plain(text) {
  const place = document.createElement("span");
  place.textContent = text;
  return place;
}

async function withTiles() {
  const data = await (await fetch(figure.dataset.map)).json();
  if (!data.tiles) return;
  await load(figure.dataset.leaflet);
  const L = window.L;
  const ground = document.createElement("div");
  ground.className = "rounds-leaflet";
  figure.prepend(ground);
  const colours = getComputedStyle(document.documentElement);
  const edge = colours.getPropertyValue("--card").trim();
  const map = L.map(ground, { scrollWheelZoom: false });
  L.tileLayer(data.tiles, { maxZoom: 18 }).addTo(map);
  const everything = L.featureGroup().addTo(map);
  for (const round of data.rounds) {
    const color = colours.getPropertyValue(`--route-${round.colour}`).trim();
    L.polyline(round.way, { color, weight: 3, opacity: 0.8 }).bindTooltip(plain(`${round.number} ${round.name}`)).addTo(everything);
    for (const stop of round.stops) {
      const label = String(stop.number);
      L.circleMarker(stop.at, { radius: 10, color: edge, weight: 1, fillColor: color, fillOpacity: 1 })
        .bindTooltip(label, { permanent: true, direction: "center", className: "rounds-label" })
        .addTo(everything);
    }
  }
  map.fitBounds(everything.getBounds().pad(0.05));
  figure.querySelector("svg.rounds-map").setAttribute("hidden", "");
}

if (figure) withTiles().catch(() => {});
