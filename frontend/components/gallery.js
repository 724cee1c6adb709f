/** Product pictures: small ones choose the large one. Without script the strip simply scrolls (scroll snap).
 *  Markup: x-data="gallery"; [data-slide] in a scrolling [data-strip]; buttons with data-to="0…" and x-on:click="go". */
export function gallery() {
  return {
    at: 0,
    init() {
      this.strip = this.$root.querySelector("[data-strip]");
      this.slides = [...this.$root.querySelectorAll("[data-slide]")];
      const seen = new IntersectionObserver(
        (entries) => {
          const entry = entries.find((each) => each.isIntersecting);
          if (entry) this.mark(this.slides.indexOf(entry.target));
        },
        { root: this.strip, threshold: 0.6 },
      );
      for (const slide of this.slides) seen.observe(slide);
      this.mark(0);
    },
    go(event) {
      this.show(Number(event.currentTarget.dataset.to));
    },
    /** Another part of the page (options) asks for a picture: a `variant` event whose `picture` is a place. */
    pick(event) {
      const place = event.detail.variant?.picture;
      if (place) this.show(Number(place));
    },
    next() {
      this.show(Math.min(this.at + 1, this.slides.length - 1));
    },
    previous() {
      this.show(Math.max(this.at - 1, 0));
    },
    show(index) {
      const slide = this.slides[index];
      if (slide) this.strip.scrollTo({ left: slide.offsetLeft - this.strip.offsetLeft, behavior: "smooth" });
    },
    mark(index) {
      this.at = index;
      for (const button of this.$root.querySelectorAll("[data-to]")) {
        button.setAttribute("aria-current", String(Number(button.dataset.to) === index));
      }
      const place = this.$root.querySelector("[data-at]");
      if (place) place.textContent = String(index + 1);
    },
  };
}
