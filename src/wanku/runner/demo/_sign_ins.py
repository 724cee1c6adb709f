"""Who can sign in to the demo; printed at every start, and shown on its start page only."""

PASSWORD = "wanku-demo-2026"  # noqa: S105 meant to be known
SIGN_INS = [
    ("Buyer 买家", "ann@demo.example", PASSWORD, "/"),
    ("Merchant owner 店主（山间茶事）", "bo@demo.example", PASSWORD, "/desk/"),
    ("Merchant clerk 仓管（山间茶事）", "bo-clerk@demo.example", PASSWORD, "/desk/"),
    ("Merchant owner 店主（轻途箱包）", "cy@demo.example", PASSWORD, "/desk/"),
    ("Platform administrator 平台管理员", "di@demo.example", PASSWORD, "/platform/"),
    ("Platform finance 平台财务", "finance@demo.example", PASSWORD, "/platform/"),
]
"""Role, login, password, where."""
