/** Keeps a part of a page fresh: fires `refresh` on its element when the server says so (data-events, a stream of
 *  server-sent events) or every data-every seconds; sleeps while the tab is hidden. [data-live] shows on, off or wait.
 *  Markup: x-data="live" data-every="10" hx-get="…" hx-trigger="refresh". */
export function live() {
  return {
    timer: 0,
    stream: null,
    init() {
      this.every = Number(this.$root.dataset.every || 15) * 1000;
      this.wake = () => (document.hidden ? this.stop() : this.start(true));
      document.addEventListener("visibilitychange", this.wake);
      this.$root.addEventListener("htmx:sendError", () => this.show("off"));
      this.$root.addEventListener("htmx:afterOnLoad", () => this.show("on"));
      this.start(false);
    },
    destroy() {
      document.removeEventListener("visibilitychange", this.wake);
      this.stop();
    },
    start(now) {
      this.stop();
      if (now) this.refresh();
      this.timer = setInterval(() => this.refresh(), this.every);
      const { events } = this.$root.dataset;
      if (events && !this.stream) {
        this.stream = new EventSource(events);
        this.stream.onmessage = () => this.refresh();
        this.stream.onopen = () => this.show("on");
        this.stream.onerror = () => this.show("wait");
      } else {
        this.show("on");
      }
    },
    stop() {
      clearInterval(this.timer);
      this.stream?.close();
      this.stream = null;
    },
    refresh() {
      this.$root.dispatchEvent(new CustomEvent("refresh", { bubbles: false }));
    },
    show(state) {
      const place = this.$root.querySelector("[data-live]");
      if (place) place.dataset.live = state;
    },
  };
}
