/** Choosing the nights of a stay in a calendar of links. The two date fields are the state: the first click sets the
 *  day of arrival, the next one, if it is later, the day of departure; each change is told as the field itself would.
 *  Markup: x-data="nights" around; [data-first], [data-last] date fields; a[data-night="2026-12-24"] per day.
 *  Without script each link opens the page with a stay from that day on. */
export function nights() {
  return {
    open: false,
    init() {
      this.first = this.$root.querySelector("[data-first]");
      this.last = this.$root.querySelector("[data-last]");
      this.$root.addEventListener("click", (event) => {
        const link = event.target.closest("[data-night]");
        if (!link || event.metaKey || event.ctrlKey) return;
        event.preventDefault();
        this.choose(link.dataset.night);
      });
      this.first.addEventListener("change", () => this.after());
    },
    choose(day) {
      if (this.open && day > this.first.value) {
        this.last.value = day;
        this.open = false;
      } else {
        this.first.value = day;
        this.after();
        this.open = true;
      }
      this.last.dispatchEvent(new Event("change", { bubbles: true }));
    },
    /** A departure that is not after the arrival becomes the next day. */
    after() {
      if (this.last.value > this.first.value || !this.first.value) return;
      const next = new Date(`${this.first.value}T00:00:00Z`);
      next.setUTCDate(next.getUTCDate() + 1);
      this.last.value = next.toISOString().slice(0, 10);
    },
  };
}
