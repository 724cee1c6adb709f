/** On a form: one send at a time (a second click does nothing while the first is under way), and a question before
 *  leaving with changes that were not saved (only with data-guard-leave). */
export function guard() {
  return {
    dirty: false,
    sent: false,
    init() {
      const form = this.$root;
      const asks = "guardLeave" in form.dataset;
      this.leave = (event) => {
        if (asks && this.dirty && !this.sent) event.preventDefault();
      };
      form.addEventListener("input", () => (this.dirty = true));
      form.addEventListener("submit", (event) => this.submit(event));
      window.addEventListener("beforeunload", this.leave);
      // Back from the next page, a kept form must be usable again.
      this.back = () => this.release();
      window.addEventListener("pageshow", this.back);
      form.addEventListener("htmx:afterRequest", this.back);
    },
    destroy() {
      window.removeEventListener("beforeunload", this.leave);
      window.removeEventListener("pageshow", this.back);
    },
    submit(event) {
      if (this.sent) {
        event.preventDefault();
        event.stopImmediatePropagation();
        return;
      }
      this.sent = true;
      this.$root.setAttribute("aria-busy", "true");
      event.submitter?.classList.add("is-busy");
    },
    release() {
      this.sent = false;
      this.$root.removeAttribute("aria-busy");
      for (const button of this.$root.querySelectorAll(".is-busy")) button.classList.remove("is-busy");
    },
  };
}
