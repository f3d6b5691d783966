// A visit's checklist: every field is saved as it is typed. Without this file the two buttons below do the same.

const form = document.querySelector("[data-save]");
const status = document.querySelector(".saved");
const token = document.querySelector("input[name=csrf_token]")?.value;
const skew = form ? Date.parse(form.dataset.now) - Date.now() : 0; // the server's clock less this phone's
const kept = `visit-${form?.dataset.visit}`;
let queue = JSON.parse(sessionStorage.getItem(kept) ?? "[]"); // not received yet; outlives a page the phone drops
let waiting = Promise.resolve();
let refusal = ""; // once something was refused, "saved" would not be the whole truth

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

/** One report: kept at once, sent in the order in which things were touched. */
function report(kind, payload) {
  const now = new Date(Date.now() + skew).toISOString();
  keep([...queue, { id: newId(), visit_id: form.dataset.visit, kind, payload, happened_at: now, recorded_at: now }]);
  say("saving");
  flush();
}

function keep(reports) {
  queue = reports;
  if (queue.length) sessionStorage.setItem(kept, JSON.stringify(queue));
  else sessionStorage.removeItem(kept);
}

function flush() {
  waiting = waiting.then(send);
  return waiting;
}

/** Everything that waits; what gets no answer goes on waiting, and is sent again under the same ids. */
async function send() {
  const batch = queue;
  if (batch.length === 0) return;
  const answers = await post(batch);
  if (answers === null) return say("failed");
  keep(queue.filter((one) => !batch.includes(one)));
  refusal = answers.find((one) => one.answer === "refused")?.why ?? refusal;
  if (queue.length === 0) say("saved");
  if (refusal) status.textContent = refusal;
}

async function post(events) {
  try {
    const answer = await fetch(form.dataset.url, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token },
      body: JSON.stringify({ sent_at: new Date(Date.now() + skew).toISOString(), events }),
    });
    if (answer.status >= 500) throw new Error(answer.statusText);
    return answer.ok ? (await answer.json()).answers : null;
  } catch {
    setTimeout(flush, 5000);
    return null;
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

if (form) {
  window.addEventListener("online", flush);
  window.addEventListener("beforeunload", (event) => queue.length && event.preventDefault());

  // First what waits, then the form: a signal lost on the way costs nothing.
  form.closest("form").addEventListener("submit", async (event) => {
    if (queue.length === 0) return;
    event.preventDefault();
    await flush();
    if (queue.length === 0) event.target.requestSubmit(event.submitter);
  });

  // The phone dropped this page before all was sent: send it now, and show it.
  if (queue.length) flush().then(() => queue.length || window.location.reload());
}
