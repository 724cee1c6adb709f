"""WeChat Pay as its API v3 describes it, for the ways to pay that the shop uses: native, H5, JSAPI and app.

Where the documents leave a choice, it behaves in the way that is harder for the shop: answers are signed with the key
that the request asked for, a refund is only accepted and succeeds later, an order that was refunded in part says
``REFUND``, and a payment that failed is not told of.

Sources: pay.weixin.qq.com, API v3, direct merchants; the official SDK wechatpay-go.
"""
