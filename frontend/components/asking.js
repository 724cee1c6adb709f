const LONGEST = 10_000;

/** Has the server ask somebody else on the reader's behalf: fires `ask` on its element after data-first seconds, then
 *  at growing distances, and as soon as the tab is looked at again; nothing while it is hidden.
 *  Markup: x-data="asking" data-first="1" hx-post="…" hx-trigger="ask". */
export function asking() {
  return {
    timer: 0,
    wait: 0,
    init() {
      this.wait = Number(this.$root.dataset.first || 5) * 1000;
      this.look = () => (document.hidden ? clearTimeout(this.timer) : this.ask());
      document.addEventListener("visibilitychange", this.look);
      if (!document.hidden) this.later();
    },
    destroy() {
      document.removeEventListener("visibilitychange", this.look);
      clearTimeout(this.timer);
    },
    later() {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.ask(), this.wait);
      this.wait = Math.min(this.wait * 1.2, LONGEST);
    },
    ask() {
      this.$root.dispatchEvent(new CustomEvent("ask", { bubbles: false }));
      this.later();
    },
  };
}
