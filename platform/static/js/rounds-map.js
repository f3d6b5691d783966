// The drawing becomes a map that can be moved, with tiles (a setting) or on plain paper. Without this file, or without
// Leaflet, the drawing stays.

let map, layers, everything, names;

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

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

const choose = (number) => document.dispatchEvent(new CustomEvent("rounds:choose", { detail: { number } }));

async function start() {
  const figure = document.querySelector("[data-leaflet]");
  if (!figure) return;
  const [data] = await Promise.all([fetch(figure.dataset.map).then((one) => one.json()), window.L ?? load(figure.dataset.leaflet)]);
  if (!document.contains(figure)) return;
  const L = window.L;
  const ground = document.createElement("div");
  ground.className = "rounds-leaflet";
  figure.prepend(ground);
  map = L.map(ground, {
    scrollWheelZoom: false, zoomControl: false, zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false,
    attributionControl: Boolean(data.tiles),
  });
  ground.setAttribute("role", "application");
  ground.setAttribute("aria-label", figure.dataset.label);
  L.control.zoom({ zoomInTitle: figure.dataset.zoomIn, zoomOutTitle: figure.dataset.zoomOut }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  if (data.tiles) L.tileLayer(data.tiles, { maxZoom: 18 }).addTo(map);
  everything = L.featureGroup().addTo(map);
  map.createPane("places").style.zIndex = 350;
  layers = new Map(data.rounds.map((round) => [String(round.number), drawRound(L, round)]));
  for (const one of data.left_out) drawLeftOut(L, one);
  map.fitBounds(everything.getBounds().pad(0.1), { maxZoom: 15, animate: false });
  map.on("zoomend", () => label(L, data.places));
  label(L, data.places);
  figure.querySelector("svg.rounds-map")?.setAttribute("hidden", "");
}

// Names of townships, as many as have room: of two that would cover each other, the first.
function label(L, places) {
  names?.remove();
  names = L.layerGroup().addTo(map);
  const taken = [];
  for (const place of places) {
    const { x, y } = map.project(place.at);
    if (taken.some((one) => Math.abs(one.x - x) < 90 && Math.abs(one.y - y) < 24)) continue;
    taken.push({ x, y });
    L.tooltip({ permanent: true, direction: "center", className: "rounds-place", interactive: false, pane: "places" })
      .setLatLng(place.at)
      .setContent(plain(place.name))
      .addTo(names);
  }
}

function drawRound(L, round) {
  const color = colour(`--route-${round.colour}`);
  const line = L.polyline(round.way, { color, weight: 3, opacity: 0.7 }).bindTooltip(plain(`${round.number} ${round.name}`), { sticky: true });
  const base = L.circleMarker(round.way[0] ?? round.stops[0].at, { radius: 7, color, weight: 3, fillColor: colour("--card"), fillOpacity: 1 });
  const stops = round.stops.map((stop) => {
    const dot = L.circleMarker(stop.at, { radius: 6, color: colour("--card"), weight: 1, fillColor: color, fillOpacity: 1 });
    dot.bindTooltip(plain(stop.title));
    dot.its = stop;
    return dot;
  });
  const group = L.featureGroup([line, base, ...stops]).on("click", () => choose(round.number)).addTo(everything);
  return { group, line, base, stops };
}

// What the page's list says of a visit that is left out, said on the map too.
function drawLeftOut(L, one) {
  const icon = L.divIcon({ className: "rounds-missing", html: plain("×"), iconSize: [28, 28] });
  const mark = L.marker(one.at, { icon, title: String(one.number), riseOnHover: true });
  mark.bindPopup(() => {
    const item = document.querySelector(`[data-left="${one.number}"]`)?.cloneNode(true);
    item?.removeAttribute("id");
    return item ?? plain("");
  });
  mark.addTo(everything);
}

// One round in full, its stops with their numbers; the others pale.
function light() {
  if (!layers) return;
  const number = new URL(location.href).searchParams.get("round");
  for (const [its, drawn] of layers) strengthen(drawn, { isOn: number === its, isPale: Boolean(number) && number !== its });
  const chosen = layers.get(number)?.group ?? everything;
  map.fitBounds(chosen.getBounds().pad(0.1), { maxZoom: 15, animate: false });
}

function strengthen({ group, line, base, stops }, { isOn, isPale }) {
  const strength = isPale ? 0.2 : 1;
  line.setStyle({ opacity: 0.7 * strength, weight: isOn ? 5 : 3 });
  base.setStyle({ opacity: strength, fillOpacity: strength });
  for (const stop of stops) {
    stop.setStyle({ opacity: strength, fillOpacity: strength });
    stop.setRadius(isOn ? 11 : 6);
    stop.unbindTooltip();
    if (isOn) stop.bindTooltip(String(stop.its.number), { permanent: true, direction: "center", className: "rounds-label" });
    else stop.bindTooltip(plain(stop.its.title));
  }
  if (isOn) group.bringToFront();
}

// Another plan, or another view, is on the page: the map is drawn again where there is a place for it.
document.addEventListener("rounds:shown", () => {
  if (map && document.contains(map.getContainer())) return light();
  map?.remove();
  map = layers = everything = names = undefined;
  start().then(light, () => {});
});

start().then(light, () => {});
