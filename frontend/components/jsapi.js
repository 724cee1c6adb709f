/** Pays inside WeChat: hands the parameters in data-params to the app that shows the page, and goes to data-done when it has
 *  taken them; the channel itself says whether it was paid. Elsewhere it says so. Without the app's bridge at first, it
 *  waits for it. Markup: x-data="jsapi" data-params="{…}" data-done="/pay/…/result/". */
export function jsapi() {
  return {
    problem: "",
    waiting: false,
    get idle() {
      return !this.waiting;
    },
    get failed() {
      return this.problem === "failed";
    },
    get elsewhere() {
      return this.problem === "elsewhere";
    },
    pay() {
      this.problem = "";
      this.waiting = true;
      if (window.WeixinJSBridge) return this.invoke();
      const late = setTimeout(() => this.stop("elsewhere"), 3000);
      document.addEventListener(
        "WeixinJSBridgeReady",
        () => {
          clearTimeout(late);
          this.invoke();
        },
        { once: true },
      );
    },
    invoke() {
      const { params, done } = this.$root.dataset;
      window.WeixinJSBridge.invoke("getBrandWCPayRequest", JSON.parse(params), (answer) => {
        if (answer.err_msg === "get_brand_wcpay_request:ok") location.assign(done);
        else this.stop(answer.err_msg === "get_brand_wcpay_request:cancel" ? "" : "failed");
      });
    },
    stop(problem) {
      this.waiting = false;
      this.problem = problem;
    },
  };
}
