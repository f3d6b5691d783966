// A question that is being looked into: how far, and the answer once it is there. Without this the page reloads itself.

const panel = document.querySelector("[data-poll]");

function show(state) {
  const bar = panel.querySelector("[data-bar]");
  if (bar && state.done !== undefined) bar.value = state.done;
  for (const place of panel.querySelectorAll("[data-value]")) {
    if (state[place.dataset.value] !== undefined) place.textContent = state[place.dataset.value];
  }
}

async function poll() {
  try {
    const answer = await fetch(panel.dataset.poll, { headers: { Accept: "application/json" } });
    if (answer.ok) {
      const state = await answer.json();
      if (state.state !== "searching") return location.reload();
      show(state);
    }
  } catch {
    // No signal: the next try may have one.
  }
  setTimeout(poll, 1000);
}

if (panel) setTimeout(poll, 1000);
