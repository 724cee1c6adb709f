/** A part that opens and closes: [aria-controls] button with x-on:click="toggle", panel with x-show="open". */
export function menu() {
  return {
    open: false,
    init() {
      this.open = "open" in this.$root.dataset;
    },
    toggle() {
      this.open = !this.open;
    },
    close() {
      this.open = false;
    },
    get closed() {
      return !this.open;
    },
    get expanded() {
      return String(this.open);
    },
  };
}
