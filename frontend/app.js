import Alpine from "@alpinejs/csp";
import { asking } from "./components/asking.js";
import { bulk } from "./components/bulk.js";
import { chime } from "./components/chime.js";
import { copy } from "./components/copy.js";
import { countdown } from "./components/countdown.js";
import { gallery } from "./components/gallery.js";
import { guard } from "./components/guard.js";
import { jsapi } from "./components/jsapi.js";
import { live } from "./components/live.js";
import { menu } from "./components/menu.js";
import { nights } from "./components/nights.js";
import { painting } from "./components/painting.js";
import { quantity } from "./components/quantity.js";
import { theme } from "./components/theme.js";
import { toast } from "./components/toast.js";
import { variants } from "./components/variants.js";
import "./dialogs.js";
import "./htmx.js";

const COMPONENTS = {
  asking, bulk, chime, copy, countdown, gallery, guard, jsapi, live, menu, nights, painting, quantity, theme, toast,
  variants,
};
for (const [name, component] of Object.entries(COMPONENTS)) Alpine.data(name, component);
Alpine.start();

// A page to print says so with a button; without script the browser's own command does it.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
