"""Tags and parts: what they show, and that they show nothing of what is hostile."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator

from wanku.kernel.money import Money
from wanku.ui import built
from wanku.ui.labels import LABELS, label

NOW = datetime(2026, 5, 3, 4, 5, 6, tzinfo=UTC)
HOSTILE = "<script>alert(1)</script>\"' onclick=x"
Render = Callable[..., str]


class Picture:
    """Like a stored picture."""

    widths = (960, 160, 480)

    def path(self, width: int) -> str:
        """Where that width lies."""
        return f"p/ab/{width}.webp"


class SampleForm(forms.Form):
    name = forms.CharField(help_text="As on the parcel.")
    pay = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    keep = forms.BooleanField(required=False)


def test_money_filter_takes_money_and_minor_units(render: Render) -> None:
    assert render("{{ m|money }} {{ 990|money }} {{ none|money }}", m=Money(1, "CNY"), none=None) == "¥0.01 ¥9.90 "


def test_price_shows_what_it_was_only_when_it_was_more(render: Render) -> None:
    assert "¥12.00" in render("{% price 1000 was=1200 %}")
    assert "<del" not in render("{% price 1000 was=900 %}")


def test_when_has_machine_and_human_time(render: Render) -> None:
    html = render("{% when at %}", at=NOW - timedelta(hours=2))
    assert 'datetime="2026-05-03T02:05:06+00:00"' in html
    assert "3 May, 10:05" in html
    assert "2 hours ago" in html
    assert render("{% when none %}", none=None) == ""


def test_clock_counts_from_the_servers_time(render: Render) -> None:
    html = render('{% clock due turn="merchant" outcome="refunded" %}', due=NOW + timedelta(minutes=14))
    assert 'data-now="2026-05-03T04:05:06.000+00:00"' in html
    assert "14 minutes" in html
    assert "Waiting for the merchant" in html
    assert "refunded" in html


def test_a_clock_that_ran_out_says_so_without_script(render: Render) -> None:
    html = render('{% clock due turn="merchant" %}', due=NOW - timedelta(minutes=1))
    assert "Time is up" in html
    assert "data-due" not in html


def test_picture_offers_every_width(render: Render) -> None:
    html = render('{% picture p "Cup" %}', p=Picture())
    assert "/media/p/ab/160.webp 160w, /media/p/ab/480.webp 480w, /media/p/ab/960.webp 960w" in html
    assert 'loading="lazy"' in html
    assert 'alt="Cup"' in html


def test_the_same_thing_has_the_same_ground(render: Render) -> None:
    assert render("{% picture none seed=7 %}", none=None) == render("{% picture none seed=7 %}", none=None)


def test_unknown_states_show_as_written(render: Render) -> None:
    assert "half done" in render('{% state "order" "half_done" %}')


def test_pagination_keeps_the_other_parameters(render: Render) -> None:
    html = render("{% pagination page %}", page=Paginator(range(200), 10).get_page(2))
    assert "?q=tea&amp;page=3" in html
    assert 'aria-current="page"' in html


def test_one_page_needs_no_pagination(render: Render) -> None:
    assert render("{% pagination page %}", page=Paginator(range(3), 10).get_page(1)).strip() == ""


def test_a_field_names_its_error_and_keeps_what_was_typed(render: Render) -> None:
    form = SampleForm({"name": "", "pay": "b"})
    html = render("{% fields form %}", form=form)
    assert 'aria-invalid="true"' in html
    assert 'id="id_name_error"' in html
    assert "id_name_helptext id_name_error" in html
    assert 'value="b"' in html
    assert "checked" in html


def test_a_plain_field_carries_its_error(render: Render) -> None:
    html = render('{% plain_field "phone" "Phone" v error="No such phone." help="Eleven digits." %}', v="12")
    assert 'value="12"' in html
    assert 'aria-describedby="f-phone-error f-phone-help"' in html


def test_confirm_posts_and_says_what_follows(render: Render) -> None:
    html = render(
        '{% confirm id="c" action="/x" title="Cancel?" yes="Cancel it" hidden=h %}Money goes back.{% endconfirm %}',
        h={"reason": "late"},
        csrf_token="t0ken",
    )
    assert 'method="post"' in html
    assert "Money goes back." in html
    assert "t0ken" in html
    assert 'name="reason" value="late"' in html


def test_stars_are_clipped_by_an_attribute(render: Render) -> None:
    assert 'width="60"' in render("{% stars 2.5 3 %}")
    assert "No reviews yet" in render("{% stars none 0 %}", none=None)


def test_icons_are_hidden_from_screen_readers_unless_named(render: Render) -> None:
    assert 'aria-hidden="true"' in render('{% icon "truck" %}')
    assert 'aria-label="Shipped"' in render('{% icon "truck" label="Shipped" %}')


def test_qr_is_drawn_in_place(render: Render) -> None:
    html = render('{% qr "https://example.com" label="Pay" %}')
    assert "<svg" in html
    assert 'aria-label="Pay"' in html


@pytest.mark.parametrize(
    "text",
    [
        "{% badge v %}",
        "{% copy v label=v %}",
        "{% icon v label=v %}",
        "{% qr v %}",
        "{% empty v v url=v action=v %}",
        "{% breadcrumb crumbs %}",
        "{% tabs tabs label=v %}",
        "{% timeline moves %}",
        "{% money_table rows %}",
        "{% picture v v seed=v css=v %}",
        "{% card title=v %}{{ v }}{% endcard %}",
        "{% alert title=v %}{{ v }}{% endalert %}",
        "{% dialog id=v title=v %}{{ v }}{% enddialog %}",
        "{% plain_field v v v help=v error=v placeholder=v %}",
        "{% product_card item %}",
        "{% quantity name=v label=v %}",
        "{% stat v v url=v note=v %}",
        "{% progress 3 label=v %}",
    ],
)
def test_hostile_text_stays_text(render: Render, text: str) -> None:
    variables: dict[str, Any] = {
        "v": HOSTILE,
        "crumbs": [(HOSTILE, HOSTILE), (HOSTILE, "")],
        "tabs": [{"label": HOSTILE, "url": HOSTILE, "count": 2}],
        "moves": [{"label": HOSTILE, "at": NOW, "note": HOSTILE, "actor": HOSTILE, "url": HOSTILE}],
        "rows": [{"label": HOSTILE, "amount": HOSTILE, "note": HOSTILE}],
        "item": {"name": HOSTILE, "url": HOSTILE, "shop": HOSTILE, "tags": [HOSTILE], "price": Money(1, "CNY")},
    }
    html = render(text, **variables)
    assert "<script" not in html
    assert "\"' onclick" not in html


def test_every_label_has_an_icon_that_exists() -> None:
    names = built.icon_names()
    if not names:
        pytest.skip("the front end is not built")
    used = {one.icon for table in LABELS.values() for one in table.values() if one.icon}
    assert used <= names


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140 Safari/537.36 Edg/140", "Edge · Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18 Safari/604.1", "Safari · iPhone"),
        ("curl/8", "curl/8"),
    ],
)
def test_devices_are_called_as_people_call_them(render: Render, agent: str, name: str) -> None:
    assert render("{{ agent|device }}", agent=agent) == name


def test_labels_follow_the_reader() -> None:
    assert str(label("order", "placed").text) == "To pay"
