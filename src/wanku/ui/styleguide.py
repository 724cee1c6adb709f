"""Every part on one page, in the theme and language of the reader; for those who build pages."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from wanku.kernel.money import Money
from wanku.ui.labels import LABELS


class SampleForm(forms.Form):
    """One field of each kind, some wrong, to see how errors look."""

    name = forms.CharField(label="Recipient", max_length=60, help_text="As it should stand on the parcel.")
    phone = forms.RegexField(r"^1\d{10}$", label="Phone")
    province = forms.ChoiceField(label="Province", choices=[("", "—"), ("zj", "浙江省"), ("gd", "广东省")])
    note = forms.CharField(label="Note to the shop", required=False, widget=forms.Textarea(attrs={"rows": 2}))
    pay = forms.ChoiceField(
        label="Pay with",
        choices=[("wechat", "微信支付"), ("alipay", "支付宝"), ("card", "银行卡")],
        widget=forms.RadioSelect,
    )
    keep = forms.BooleanField(label="Keep this address", required=False)
    photo = forms.FileField(label="Picture", required=False)


def styleguide(request: HttpRequest) -> HttpResponse:
    """The page; 404 outside development."""
    if not settings.DEBUG:
        raise Http404
    now: datetime = getattr(request, "now", None) or timezone.now()
    form = SampleForm({"name": "王小玩", "phone": "12345", "province": "zj", "pay": "alipay", "keep": "1"})
    page = Paginator(range(487), 20).get_page(request.GET.get("page") or 3)
    context = {"now": now, "form": form, "page": page, "labels": LABELS, **_samples(now)}
    template = {"desk": "ui/styleguide_desk.html"}.get(request.GET.get("view", ""), "ui/styleguide.html")
    return render(request, template, context)


def _samples(now: datetime) -> dict[str, Any]:
    return {
        "soon": now + timedelta(minutes=14, seconds=32),
        "later": now + timedelta(days=1, hours=5),
        "before": now - timedelta(hours=3),
        "total": Money(123400, "CNY"),
        "big": Money(129900, "CNY"),
        "less": Money(-2000, "CNY"),
        "steps": [
            {"label": "提交订单", "state": "done", "at": now - timedelta(days=2)},
            {"label": "付款", "state": "done", "at": now - timedelta(days=2)},
            {"label": "商家发货", "state": "now"},
            {"label": "确认收货", "state": "todo"},
            {"label": "评价", "state": "todo"},
        ],
        "moves": [
            {
                "label": "包裹到达【杭州转运中心】",
                "at": now - timedelta(hours=2),
                "actor": "顺丰速运",
                "note": "正发往【余杭集散点】",
            },
            {"label": "商家已发货", "at": now - timedelta(hours=20), "actor": "青禾茶社"},
            {"label": "付款成功", "at": now - timedelta(days=1), "actor": "微信支付"},
            {"label": "提交订单", "at": now - timedelta(days=1, minutes=3)},
        ],
        "rows": [
            {"label": "商品", "amount": Money(125400, "CNY"), "note": "3 件"},
            {"label": "运费", "amount": "包邮", "note": "满 ¥99.00 包邮"},
            {"label": "店铺满减", "amount": Money(-2000, "CNY")},
        ],
        "tabs_sample": [
            {"label": "全部", "url": "#", "current": True},
            {"label": "待付款", "url": "#", "count": 2},
            {"label": "待发货", "url": "#", "count": 12, "alert": True},
            {"label": "待收货", "url": "#"},
            {"label": "退款/售后", "url": "#"},
        ],
        "crumbs": [("首页", "#"), ("茶具", "#"), ("手作盖碗", "")],
        "products": _products(),
        "shots": [None] * 4,
        "orders": _orders(now),
        "categories": [
            {"name": n, "url": "#"} for n in ("茶与咖啡", "餐厨", "家居", "数码", "户外", "文具", "母婴", "宠物")
        ],
        "cart_count": 3,
        "unread_count": 2,
        "place": "home",
        "desk_name": "商家工作台",
        "desk_sub": "青禾茶社",
        "nav": _nav(),
    }


def _products() -> list[dict[str, Any]]:
    names = (
        "手作白瓷盖碗 150ml",
        "明前龙井 2026 新茶 100g 罐装",
        "便携旅行茶具三件套 一壶两杯含收纳包",
        "胡桃木茶盘",
        "玻璃公道杯",
    )
    tags: tuple[list[str], ...] = (["48 小时发货"], ["包邮", "7 天无理由"], [], ["满 200 减 20"], [])
    return [
        {
            "id": index,
            "url": "#",
            "name": name,
            "price": Money(8900 + index * 12350, "CNY"),
            "was": Money(12900, "CNY") if index == 0 else None,
            "starting": index == 2,
            "rating": (4.8, 4.5, None, 3.7, 5.0)[index],
            "shop": "青禾茶社",
            "sold": (1203, 88, 0, 12, 5)[index],
            "tags": tags[index],
            "out": index == 4,
        }
        for index, name in enumerate(names)
    ]


def _orders(now: datetime) -> list[dict[str, Any]]:
    states = ("paid", "late", "shipped", "completed", "refunding", "cancelled")
    return [
        {
            "number": f"2026{index}1204{index}883{index}",
            "buyer": ("王**", "李**", "陈**", "Ann", "赵**", "周**")[index],
            "what": ("手作白瓷盖碗 ×2", "明前龙井 ×1", "旅行茶具 ×1", "胡桃木茶盘 ×1", "玻璃公道杯 ×4", "盖碗 ×1")[
                index
            ],
            "amount": Money(17800 + 9100 * index, "CNY"),
            "state": state,
            "due": now + timedelta(hours=7 * index - 6),
            "at": now - timedelta(hours=9 * index + 1),
        }
        for index, state in enumerate(states)
    ]


def _nav() -> list[dict[str, Any]]:
    def item(label: str, icon: str, count: int = 0, **more: Any) -> dict[str, Any]:
        return {"label": label, "url": "#", "icon": icon, "count": count, **more}

    return [
        {
            "label": "",
            "items": [
                item("今天", "sun", current=True),
                item("订单", "clipboard-list", 12, alert=True),
                item("消息", "message-circle", 3),
            ],
        },
        {"label": "经营", "items": [item("商品", "package"), item("导入", "upload"), item("评价", "star")]},
        {"label": "资金", "items": [item("对账单", "receipt-text"), item("提现", "banknote")]},
        {"label": "店铺", "items": [item("员工", "users"), item("设置", "settings")]},
    ]
