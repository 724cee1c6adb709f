import { listen } from "./stream.js";

const QUIET = 60_000;

/** Keeps a part of a page fresh: fires `refresh` on its element when the stream at data-events says that something moved,
 *  and every data-every seconds where there is no stream; while there is one it asks only once a minute. Sleeps while the
 *  tab is hidden, and waits while somebody has a dialog of the part open. [data-live] shows on, off or wait.
 *  Markup: x-data="live" data-every="10" data-events="/live/…" data-mark="…" hx-get="…" hx-trigger="refresh". */
export function live() {
  return {
    timer: 0,
    late: false,
    init() {
      this.every = Number(this.$root.dataset.every || 15) * 1000;
      this.wake = () => {
        this.poll(this.every);
        if (!document.hidden) this.refresh();
      };
      document.addEventListener("visibilitychange", this.wake);
      this.$root.addEventListener("htmx:beforeSwap", (event) => {
        // The question may have been on its way when the dialog was opened.
        if (event.detail.requestConfig.elt !== this.$root || !this.isHeld()) return;
        event.detail.shouldSwap = false;
        this.late = true;
      });
      this.$root.addEventListener("close", () => this.late && this.refresh(), true);
      this.$root.addEventListener("htmx:sendError", () => this.show("off"));
      this.$root.addEventListener("htmx:afterOnLoad", () => this.show("on"));
      this.poll(this.every);
      const { events, mark } = this.$root.dataset;
      if (!events) this.show("on");
      this.leave = events ? listen(events, mark ?? "", (what) => this.heard(what)) : () => {};
    },
    destroy() {
      document.removeEventListener("visibilitychange", this.wake);
      clearInterval(this.timer);
      this.leave();
    },
    heard(what) {
      if (what === "moved") this.refresh();
      else this.poll(what === "open" ? Math.max(QUIET, this.every) : this.every);
      this.show(what === "lost" ? "wait" : "on");
    },
    poll(every) {
      clearInterval(this.timer);
      if (!document.hidden) this.timer = setInterval(() => this.refresh(), every);
    },
    refresh() {
      this.late = this.isHeld();
      if (!this.late) this.$root.dispatchEvent(new CustomEvent("refresh", { bubbles: false }));
    },
    isHeld() {
      return this.$root.querySelector("dialog[open]") !== null;
    },
    show(state) {
      const place = this.$root.querySelector("[data-live]");
      if (place) place.dataset.live = state;
    },
  };
}
