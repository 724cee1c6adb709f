/** A number with − and +. Works on the native input inside (min, max, step), so a form needs nothing else.
 *  With data-submit the form is sent shortly after a change (cart lines). */
export function quantity() {
  return {
    timer: 0,
    init() {
      this.field = this.$root.querySelector("input");
      this.field.addEventListener("change", () => this.changed());
      this.limits();
    },
    less() {
      this.field.stepDown();
      this.field.dispatchEvent(new Event("change", { bubbles: true }));
    },
    more() {
      this.field.stepUp();
      this.field.dispatchEvent(new Event("change", { bubbles: true }));
    },
    changed() {
      const { min, max } = this.field;
      const value = Math.trunc(Number(this.field.value)) || Number(min || 1);
      this.field.value = String(Math.max(Number(min || 1), max === "" ? value : Math.min(Number(max), value)));
      this.limits();
      if ("submit" in this.$root.dataset) {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.field.form?.requestSubmit(), 400);
      }
    },
    limits() {
      const { value, min, max } = this.field;
      const [less, more] = this.$root.querySelectorAll("button");
      less.disabled = this.field.disabled || Number(value) <= Number(min || 1);
      more.disabled = this.field.disabled || (max !== "" && Number(value) >= Number(max));
    },
  };
}
