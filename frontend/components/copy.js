/** Copies data-text to the clipboard and says so for a moment (data-done is the label shown meanwhile). */
export function copy() {
  return {
    done: false,
    async run() {
      const { text } = this.$root.dataset;
      try {
        await navigator.clipboard.writeText(text);
      } catch {
        // Plain http has no clipboard; a hidden field still copies there.
        const field = document.createElement("textarea");
        field.value = text;
        field.className = "sr-only";
        this.$root.append(field);
        field.select();
        document.execCommand("copy");
        field.remove();
      }
      this.done = true;
      setTimeout(() => (this.done = false), 1600);
    },
    get idle() {
      return !this.done;
    },
  };
}
