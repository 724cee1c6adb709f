/** Painting a range of days in a calendar: drag with mouse or pen over days, or choose the first and the last by
 *  click, tap or keyboard; the range stands in two date fields, and the form beside says what becomes of it.
 *  Markup: x-data="painting" around; [data-day="2026-12-24"] buttons; [data-from], [data-to] date fields.
 *  Without script the two fields are filled in by hand. */
export function painting() {
  return {
    anchor: "",
    dragging: false,
    init() {
      this.from = this.$root.querySelector("[data-from]");
      this.to = this.$root.querySelector("[data-to]");
      this.$root.addEventListener("pointerdown", (event) => {
        const day = this.day(event);
        if (!day || event.pointerType === "touch" || event.button !== 0) return;
        event.preventDefault();
        this.dragging = true;
        this.anchor = event.shiftKey && this.from.value ? this.from.value : day;
        this.mark(this.anchor, day);
      });
      this.$root.addEventListener("pointerover", (event) => {
        const day = this.day(event);
        if (this.dragging && day) this.mark(this.anchor, day);
      });
      document.addEventListener("pointerup", () => {
        this.dragging = false;
      });
      // Touch and keyboard: a first click begins a range, a second one ends it.
      this.$root.addEventListener("click", (event) => {
        const day = this.day(event);
        if (!day || (event.pointerType === "mouse" && event.detail > 0)) return;
        if (this.anchor && this.from.value === this.to.value) this.mark(this.from.value, day);
        else this.mark((this.anchor = day), day);
      });
      for (const field of [this.from, this.to]) field.addEventListener("change", () => this.show());
      this.show();
    },
    day(event) {
      return event.target.closest?.("[data-day]")?.dataset.day ?? "";
    },
    mark(one, other) {
      [this.from.value, this.to.value] = one < other ? [one, other] : [other, one];
      this.show();
    },
    show() {
      for (const cell of this.$root.querySelectorAll("[data-day]")) {
        const { day } = cell.dataset;
        const inside = this.from.value && this.to.value && day >= this.from.value && day <= this.to.value;
        cell.toggleAttribute("data-painted", Boolean(inside));
        if (cell.tagName === "BUTTON") cell.setAttribute("aria-pressed", String(Boolean(inside)));
      }
    },
  };
}
