// Runs in the head before the first paint, so that a chosen theme never flashes. Without it, or without a choice,
// the style sheet follows the system.
(() => {
  try {
    const chosen = localStorage.getItem("wanku-theme");
    if (chosen === "wanku" || chosen === "wanku-dark") document.documentElement.dataset.theme = chosen;
  } catch {
    // Storage may be forbidden; the system's choice then stands.
  }
  document.documentElement.classList.add("js");
})();
