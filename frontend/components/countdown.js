const SECOND = 1000;
const DAY = 86_400_000;

/** Counts down to data-due (ISO). The server's clock is the reference: data-now is its time when the page was made,
 *  so a wrong clock in the reader's device changes nothing. The text lands in [data-left]; at zero the element gets
 *  data-over, a `due` event goes out (htmx can reload on it) and [data-over-text] replaces the countdown. */
export function countdown() {
  return {
    timer: 0,
    // Named here so that each clock has its own: what a component does not name goes to the one around it.
    due: 0,
    offset: 0,
    lang: "",
    days: null,
    init() {
      const { due, now } = this.$root.dataset;
      this.due = Date.parse(due);
      this.offset = Date.parse(now) - performance.now();
      this.lang = document.documentElement.lang || "zh-Hans";
      this.days = new Intl.NumberFormat(this.lang, { style: "unit", unit: "day", unitDisplay: "long" });
      this.tick();
      this.timer = setInterval(() => this.tick(), SECOND);
    },
    destroy() {
      clearInterval(this.timer);
    },
    tick() {
      const left = this.due - (performance.now() + this.offset);
      const place = this.$root.querySelector("[data-left]");
      if (left <= 0) {
        clearInterval(this.timer);
        if (place && place.dataset.over) place.textContent = place.dataset.over;
        this.$root.dataset.state = "over";
        this.$root.dispatchEvent(new CustomEvent("due", { bubbles: true }));
        return;
      }
      if (left < 3_600_000) this.$root.dataset.state = "soon";
      if (place) place.textContent = this.text(left);
    },
    text(left) {
      const two = (number) => String(Math.floor(number)).padStart(2, "0");
      const seconds = Math.ceil(left / SECOND);
      const clock = `${two((seconds / 3600) % 24)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`;
      const days = Math.floor((seconds * SECOND) / DAY);
      return days > 0 ? `${this.days.format(days)} ${clock}` : clock;
    },
  };
}
