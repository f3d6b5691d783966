// The frame's small comforts; every page works without them.

const open = () => document.querySelectorAll("details[data-menu][open]");

document.addEventListener("click", (event) => {
  for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of open()) {
    menu.open = false;
    menu.querySelector("summary")?.focus();
  }
});

// A form without a signal stays on its page, not lost behind the browser's own error; with one it goes off once,
// however often it is tapped. Where it led to no other page, to a file, it may go again a while later.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented) return;
  if (!navigator.onLine) {
    event.preventDefault();
    tellOffline();
  } else if ("sent" in form.dataset) {
    event.preventDefault();
  } else {
    form.dataset.sent = "";
    setTimeout(() => delete form.dataset.sent, 10_000);
  }
});

function tellOffline() {
  const main = document.querySelector("main[data-offline]");
  main?.querySelector(".offline")?.remove();
  const notice = document.createElement("p");
  notice.className = "notice notice-watch offline";
  notice.setAttribute("role", "alert");
  notice.textContent = main?.dataset.offline ?? "";
  main?.prepend(notice);
  window.addEventListener("online", () => notice.remove(), { once: true });
}

window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// What went wrong is read first.
document.querySelector("[data-focus]")?.focus();

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
