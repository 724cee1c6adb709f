const KEY = "wanku-theme";

/** Light, dark or as the system has it. Markup: buttons with data-theme-to="wanku|wanku-dark|" and x-on:click="choose". */
export function theme() {
  return {
    init() {
      this.mark();
    },
    choose(event) {
      const chosen = event.currentTarget.dataset.themeTo;
      const root = document.documentElement;
      if (chosen) root.dataset.theme = chosen;
      else delete root.dataset.theme;
      try {
        if (chosen) localStorage.setItem(KEY, chosen);
        else localStorage.removeItem(KEY);
      } catch {
        // Storage may be forbidden; the choice then lasts for this page.
      }
      for (const place of document.querySelectorAll("[data-theme-to]")) this.press(place);
    },
    mark() {
      for (const place of this.$root.querySelectorAll("[data-theme-to]")) this.press(place);
    },
    press(button) {
      const chosen = document.documentElement.dataset.theme ?? "";
      button.setAttribute("aria-pressed", String(button.dataset.themeTo === chosen));
    },
  };
}
