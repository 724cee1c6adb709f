// htmx under a strict content policy: nothing evaluated, no style element injected.
import htmx from "htmx.org";
import { say } from "./components/toast.js";

Object.assign(htmx.config, {
  allowEval: false,
  allowScriptTags: false,
  includeIndicatorStyles: false,
  selfRequestsOnly: true,
  historyCacheSize: 0,
  refreshOnHistoryMiss: true,
  scrollBehavior: "auto",
  defaultSettleDelay: 0,
});

// A refusal comes back with its own place on the page (HX-Retarget); anything else that failed is said in a toast,
// and the page stays as it was, so nothing typed is lost.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (xhr.status === 422 || (xhr.status >= 400 && xhr.getResponseHeader("HX-Retarget"))) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});
document.addEventListener("htmx:responseError", () => say(document.body.dataset.textFailed, "error"));
document.addEventListener("htmx:sendError", () => say(document.body.dataset.textOffline, "error"));
document.addEventListener("htmx:timeout", () => say(document.body.dataset.textOffline, "error"));
