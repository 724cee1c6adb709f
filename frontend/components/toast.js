const STAY = 6000;

/** One message in the corner; good news leaves by itself, bad news stays until it is closed. */
export function toast() {
  return {
    shown: true,
    init() {
      if (this.$root.dataset.tone === "error" || this.$root.dataset.tone === "warning") return;
      setTimeout(() => this.close(), STAY);
    },
    close() {
      this.$root.remove();
    },
  };
}

/** Shows a message in the reader's language (the text comes from the page). */
export function say(text, tone = "info") {
  const place = document.getElementById("toasts");
  const pattern = document.getElementById(`toast-${tone}`);
  if (!place || !pattern || !text) return;
  const copy = pattern.content.cloneNode(true);
  copy.querySelector("[data-toast-text]").textContent = text;
  place.append(copy);
}
