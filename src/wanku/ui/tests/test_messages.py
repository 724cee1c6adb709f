"""Catalogues: what is found, what is kept, what is derived, and that nothing is missing."""

import gettext
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from django.apps import apps as django_apps

from wanku.ui import messages


@pytest.mark.parametrize("app", [app.name for app in messages.apps()])
def test_everything_is_translated(app: str) -> None:
    assert messages.problems([app]) == []


def test_no_text_means_two_things() -> None:
    assert messages.clashes() == []


@pytest.mark.parametrize("language", [messages.SOURCE, messages.DERIVED])
def test_no_other_package_speaks_first(language: str) -> None:
    """The first app that is installed wins: none with words of its own may stand before ours and differ."""
    ours = {
        text[0]: str(message.string)
        for app in messages.apps()
        for message in messages.read(messages.catalogue_path(app, language), language)
        if message.id and (text := messages.key(message))[1] is None and isinstance(message.string, str)
    }
    for config in list(django_apps.get_app_configs()):
        if config.name.startswith("wanku."):
            break
        path = Path(config.path) / "locale" / language / "LC_MESSAGES" / "django.mo"
        if path.exists() and not config.name.startswith("django."):
            with path.open("rb") as file:
                theirs = gettext.GNUTranslations(file)
            assert {text: theirs.gettext(text) for text in ours if theirs.gettext(text) not in (text, ours[text])} == {}


def test_a_clash_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, word in (("one", "时间"), ("two", "次数"), ("three", "时间")):
        (tmp_path / name).mkdir()
        catalogue = Catalog(locale="zh_Hans")
        catalogue.add("Time", word)
        catalogue.add("Time", word, context=name)
        messages.write(messages.catalogue_path(tmp_path / name, "zh_Hans"), catalogue)
    monkeypatch.setattr(messages, "apps", lambda: sorted(tmp_path.iterdir()))
    assert messages.clashes() == ["zh_Hans: 'Time' is '时间' in one three, '次数' in two"]


def test_python_texts_are_found() -> None:
    source = (
        'C = "c"\n_p(C, "Four")\n_("One")\ngettext_noop("Two %(n)s")\n'
        'pgettext_lazy("c", "Three")\nngettext("a", "b", 2)\n_(name)\n'
    )
    found = {(t.msgid, t.plural, t.context) for t in messages.python_texts(source, "x.py")}
    assert found == {
        ("One", None, None),
        ("Two %(n)s", None, None),
        ("Three", None, "c"),
        ("Four", None, "c"),
        ("a", "b", None),
    }


def test_template_texts_are_found() -> None:
    source = (
        '{% translate "One 5%" %}{% translate "Two" context "c" as x %}'
        '{% comment %}{% translate "No" %}{% endcomment %}'
        "{% blocktranslate with n=a|num %}{{ n }} of {{ all }}{% endblocktranslate %}"
        "{% blocktranslate count n=1 trimmed %}\n one\n thing{% plural %}{{ n }} things{% endblocktranslate %}"
    )
    found = [(t.msgid, t.plural, t.context) for t in messages.template_texts(source, "x.html")]
    assert found == [
        ("One 5%%", None, None),
        ("Two", None, "c"),
        ("%(n)s of %(all)s", None, None),
        ("one thing", "%(n)s things", None),
    ]


def test_a_block_without_end_is_named() -> None:
    with pytest.raises(ValueError, match=r"x\.html"):
        list(messages.template_texts("{% blocktranslate %}oh", "x.html"))


def test_translations_stay_and_unused_texts_go() -> None:
    old = Catalog(locale="zh_Hans")
    old.add("Cart", "购物车")
    old.add("Gone", "没了")
    new = messages.merged([messages.Text("Cart", None, None, ""), messages.Text("New", None, None, "")], old, "zh_Hans")
    assert {m.id: m.string or "" for m in new if m.id} == {"Cart": "购物车", "New": ""}


def test_traditional_is_derived_but_never_overwritten() -> None:
    source, target = Catalog(locale="zh_Hans"), Catalog(locale="zh_Hant")
    source.add("Cart", "购物车")
    source.add("Order", "订单")
    target.add("Cart", "")
    target.add("Order", "訂購單")
    assert messages.derive(source, target) == 1
    assert {m.id: m.string for m in target if m.id} == {"Cart": "購物車", "Order": "訂購單"}


def test_writing_twice_changes_nothing(tmp_path: Path) -> None:
    catalogue = messages.merged([messages.Text("Cart", None, None, "")], Catalog(locale="zh_Hans"), "zh_Hans")
    path = tmp_path / "django.po"
    assert messages.write(path, catalogue)
    assert not messages.write(path, messages.merged([messages.Text("Cart", None, None, "")], catalogue, "zh_Hans"))
