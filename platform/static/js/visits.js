// A visit's checklist: every field is saved as it is typed. Without this file the two buttons below do the same.

const form = document.querySelector("[data-save]");
const status = document.querySelector(".saved");
const token = document.querySelector("input[name=csrf_token]")?.value;
const skew = form ? Date.parse(form.dataset.now) - Date.now() : 0; // the server's clock less this phone's
let waiting = Promise.resolve();
let unsent = 0; // "saved" is said only when nothing waits any more,
let missed = false; // and nothing has been missed: the form's own button sends it all again

/** A UUIDv7: sorts by time; works on plain http too, where crypto.randomUUID does not exist. */
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const at = Date.now() + skew;
  for (let i = 0; i < 6; i += 1) bytes[i] = Math.floor(at / 2 ** (8 * (5 - i))) % 256;
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function say(state) {
  status.dataset.state = state;
  status.textContent = form.dataset[state];
}

/** One report; sent in the order in which things were touched, tried three times under the same id. */
function report(kind, payload) {
  const now = new Date(Date.now() + skew).toISOString();
  const event = { id: newId(), visit_id: form.dataset.visit, kind, payload, happened_at: now, recorded_at: now };
  unsent += 1;
  say("saving");
  waiting = waiting.then(() => send(event, 3)).then(settle);
}

/** What became of a report: "" for received, else why not. */
function settle(why) {
  unsent -= 1;
  missed ||= why !== "";
  if (unsent === 0) say(missed ? "failed" : "saved");
  if (why) status.textContent = why;
}

async function send(event, tries) {
  try {
    const answer = await fetch(form.dataset.url, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token },
      body: JSON.stringify({ sent_at: new Date(Date.now() + skew).toISOString(), events: [event] }),
    });
    if (answer.status >= 500) throw new Error(answer.statusText);
    const body = answer.ok ? await answer.json() : null;
    const receipt = body?.answers[0];
    return receipt && receipt.answer !== "refused" ? "" : (receipt?.why ?? null);
  } catch {
    if (tries <= 1) return null;
    await new Promise((resolve) => setTimeout(resolve, 800));
    return send(event, tries - 1);
  }
}

function check(block) {
  const mark = form.querySelector(`input[data-block="${block}"]:checked`);
  const note = form.querySelector(`textarea[data-note="${block}"]`);
  if (mark) report("checked", { block, mark: mark.value, note: note?.value ?? "" });
}

/** Something was changed: which report says it? */
function changed(field) {
  if (field.dataset.block) check(field.dataset.block);
  else if (field.dataset.note) check(field.dataset.note);
  else if ("mood" in field.dataset) report("mood", { mood: field.value });
  else if ("overall" in field.dataset) report("note", { note: field.value });
  else if ("needs" in field.dataset) {
    report("needs", { needs: [...form.querySelectorAll("input[data-needs]:checked")].map((box) => box.value) });
  }
}

/** A note of a block belongs to a mark other than normal. */
function unfold(field) {
  if (field.dataset.block && field.value !== "normal") {
    form.querySelector(`textarea[data-note="${field.dataset.block}"]`)?.focus({ preventScroll: true });
  }
}

const typing = new WeakMap();
form?.addEventListener("change", (event) => {
  clearTimeout(typing.get(event.target));
  changed(event.target);
  unfold(event.target);
});
form?.addEventListener("input", (event) => {
  if (event.target.tagName !== "TEXTAREA") return;
  clearTimeout(typing.get(event.target));
  typing.set(event.target, setTimeout(() => changed(event.target), 1500));
});
