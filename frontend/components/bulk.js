/** Selection of rows in a table: a box in the head, boxes in the rows, a bar that appears with the count.
 *  Markup: x-data="bulk" around; [data-bulk-all] and [data-bulk-row] boxes; [data-bulk-bar]; [data-bulk-count]. */
export function bulk() {
  return {
    chosen: 0,
    init() {
      this.$el.addEventListener("change", (event) => {
        if (event.target.matches("[data-bulk-all]")) {
          for (const box of this.boxes()) box.checked = event.target.checked;
        }
        this.count();
      });
      this.$el.addEventListener("htmx:afterSettle", () => this.count());
      this.count();
    },
    boxes() {
      return [...this.$root.querySelectorAll("[data-bulk-row]:not(:disabled)")];
    },
    count() {
      const boxes = this.boxes();
      this.chosen = boxes.filter((box) => box.checked).length;
      const all = this.$root.querySelector("[data-bulk-all]");
      if (all) {
        all.checked = boxes.length > 0 && this.chosen === boxes.length;
        all.indeterminate = this.chosen > 0 && this.chosen < boxes.length;
      }
      for (const place of this.$root.querySelectorAll("[data-bulk-count]")) place.textContent = String(this.chosen);
      for (const button of this.$root.querySelectorAll("[data-bulk-act]")) button.disabled = this.chosen === 0;
    },
    clear() {
      for (const box of this.boxes()) box.checked = false;
      this.count();
    },
    get some() {
      return this.chosen > 0;
    },
  };
}
