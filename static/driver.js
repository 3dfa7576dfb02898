// What a driver's page does more with script: it counts down without the network, and looks again by itself.

const spoken = (seconds) => {
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes} min ${String(seconds % 60).padStart(2, "0")} s left`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min left`;
};

// Counted from the server's seconds and not from a time of day: the phone's clock may be wrong.
const shown = Date.now();
for (const timer of document.querySelectorAll("[data-seconds]")) {
  timer.title = timer.textContent;
  const count = () => {
    const left = Math.round(Number(timer.dataset.seconds) - (Date.now() - shown) / 1000);
    timer.textContent = left > 0 ? spoken(left) : timer.dataset.over;
    if (left <= 0) clearInterval(beat);
  };
  const beat = setInterval(count, 1000);
  count();
}

for (const waiting of document.querySelectorAll("[data-again]")) {
  setTimeout(() => location.replace(waiting.dataset.again), 2000);
}
