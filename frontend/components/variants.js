/** Choosing a variant by its options. The radio buttons are the state; the list of variants comes as JSON in
 *  <script type="application/json" data-variants>: [{"id": "…", "options": {"colour": "red"}, "price": "¥12.00",
 *  "was": "", "left": 3, "picture": "0"}]. Values that lead to nothing are marked; [data-price], [data-was],
 *  [data-left] and the hidden [data-variant] field follow the choice, and a `variant` event tells others.
 *  Without script the page offers every variant in a plain list. */
export function variants() {
  return {
    init() {
      this.all = JSON.parse(this.$root.querySelector("script[data-variants]").textContent);
      this.radios = [...this.$root.querySelectorAll("input[type=radio][data-option]")];
      this.$root.addEventListener("change", () => this.update());
      this.update();
    },
    chosen() {
      return Object.fromEntries(this.radios.filter((r) => r.checked).map((r) => [r.dataset.option, r.value]));
    },
    fits(variant, options) {
      return Object.entries(options).every(([name, value]) => variant.options[name] === value);
    },
    update() {
      const chosen = this.chosen();
      for (const radio of this.radios) {
        const tried = { ...chosen, [radio.dataset.option]: radio.value };
        const possible = this.all.filter((variant) => this.fits(variant, tried));
        radio.closest("label").dataset.state =
          possible.length === 0 ? "none" : possible.some((variant) => variant.left > 0) ? "some" : "out";
      }
      const names = new Set(this.radios.map((radio) => radio.dataset.option));
      const complete = [...names].every((name) => name in chosen);
      this.tell(complete ? this.all.find((variant) => this.fits(variant, chosen)) : undefined);
    },
    tell(variant) {
      const write = (name, text) => {
        for (const place of this.$root.querySelectorAll(`[data-${name}]`)) place.textContent = text;
      };
      const field = this.$root.querySelector("[data-variant]");
      if (field) field.value = variant?.id ?? "";
      if (variant) {
        write("price", variant.price);
        write("was", variant.was ?? "");
        write("left", String(variant.left));
      }
      const buyable = Boolean(variant) && variant.left > 0;
      for (const button of this.$root.querySelectorAll("[data-buy]")) button.disabled = !buyable;
      this.$root.dataset.stock = !variant ? "" : variant.left > 0 ? "some" : "out";
      this.$dispatch("variant", { variant });
    },
  };
}
