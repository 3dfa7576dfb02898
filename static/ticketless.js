// The few things that a page cannot do by itself: count seconds, answer keys, tell that a car waits.

const spoken = (seconds) => {
  const minutes = Math.floor(seconds / 60), hours = Math.floor(minutes / 60);
  if (minutes < 1) return `${seconds} s`;
  return hours < 1 ? `${minutes} min ${seconds % 60} s` : `${hours} h ${minutes % 60} min`;
};

// The server's clock counts: the control room's own may be wrong.
const ahead = Date.now() - Date.parse(document.body.dataset.now);
const count = () => {
  for (const time of document.querySelectorAll("time[data-since]")) {
    time.title ||= time.textContent;
    time.textContent = spoken(Math.max(0, Math.floor((Date.now() - ahead - Date.parse(time.dateTime)) / 1000)));
  }
};

// One soft tone when another car begins to wait. Browsers allow it once somebody has clicked or typed.
let sound;
const ring = () => {
  if (!sound || sound.state !== "running") return;
  const tone = sound.createOscillator(), volume = sound.createGain(), now = sound.currentTime;
  tone.frequency.value = 520;
  volume.gain.setValueAtTime(0.0001, now);
  volume.gain.exponentialRampToValueAtTime(0.08, now + 0.03);
  volume.gain.exponentialRampToValueAtTime(0.0001, now + 0.6);
  tone.connect(volume).connect(sound.destination);
  tone.start(now);
  tone.stop(now + 0.7);
};

const waiting = () => [...document.querySelectorAll("[data-waiting]")].map((car) => car.dataset.waiting);
const title = document.title;
let known = new Set(waiting());
const tell = () => {
  const cars = waiting();
  document.title = cars.length ? `(${cars.length} waiting) ${title}` : title;
  if (cars.some((car) => !known.has(car))) ring();
  known = new Set(cars);
  for (const tab of document.querySelectorAll("[data-tasks]")) {
    const tasks = document.querySelectorAll(".task").length;
    tab.textContent = tasks ? `(${tasks})` : "";
  }
};

// A key presses the button that shows it, or goes to its field: in the open sheet if there is one, else
// on the page. Escape leaves a field, so that the keys are the page's again.
const press = (event) => {
  sound ??= window.AudioContext && new AudioContext();
  if (event.type !== "keydown" || event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.target.closest("input, select, textarea")) {
    if (event.key === "Escape" && event.target.dataset.key) event.target.blur();
    return;
  }
  if (event.key === "/") {
    document.getElementById("search")?.focus();
    return event.preventDefault();
  }
  const room = document.querySelector("[popover]:popover-open") || document.querySelector("main");
  const button = room.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!button || button.closest("[popover]:not(:popover-open)")) return;
  event.preventDefault();
  if (!button.matches("input")) return button.click();
  button.focus();
  button.select();
};

// Who looks at another window takes no case: it would wait there while somebody else could answer it.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (document.hidden && event.detail.requestConfig.path.endsWith("/review/next/")) event.preventDefault();
});
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) document.querySelector("#review-bar form:not(.note)")?.requestSubmit();
});

// The second half of a double press is for the case that was there before.
let changed = 0;
document.addEventListener("htmx:afterSwap", (event) => { if (event.detail.target.id === "case") changed = Date.now(); });
document.addEventListener("click", (event) => {
  if (Date.now() - changed > 300 || !event.target.closest("#case button")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);

// A list waits with its news while a hand is moving over it: nothing may slip from under a finger.
let moved = 0;
document.addEventListener("pointermove", () => { moved = Date.now(); });
document.addEventListener("htmx:beforeSwap", (event) => {
  if (Date.now() - moved < 2000 && event.detail.target.matches(".stream:hover, .tasks-now:hover")) {
    event.detail.shouldSwap = false;
  }
});

document.addEventListener("keydown", press);
document.addEventListener("pointerdown", press);
document.addEventListener("htmx:afterSettle", () => { count(); tell(); });
document.addEventListener("htmx:afterRequest", (event) => {
  const status = event.detail.xhr.status;
  document.body.classList.toggle("is-offline", status === 0 || status >= 500);
  const sheet = event.detail.elt.closest("[popover]:popover-open");
  if (sheet && status >= 200 && status < 300) sheet.hidePopover();
});
setInterval(count, 1000);
count();
tell();
