"""Every text that a problem can have keeps its placeholders in every language."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils.translation import gettext, override

from wanku.api import v1
from wanku.api.fields import Body, Shape
from wanku.api.problems import MESSAGES, OTHERWISE
from wanku.api.read.reference import codes


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
def test_texts(language: str) -> None:
    v1.build()
    with override(language):
        for text in [*(code.text for code in codes()), *MESSAGES.values(), OTHERWISE]:
            names = set(re.findall(r"%\((\w+)\)s", text))
            assert set(re.findall(r"%\((\w+)\)s", gettext(text))) == names, text
            gettext(text) % dict.fromkeys(names, "x")


@pytest.mark.parametrize("base", [Body, Shape])
def test_no_two_shapes_share_a_name_since_the_reference_would_show_one_for_both(base: type[Body] | type[Shape]) -> None:
    v1.build()
    shared = [name for name, count in Counter(shape.__name__ for shape in every(base)).items() if count > 1]
    assert not shared


def every(base: type[Any]) -> Iterator[type[Any]]:
    for each in base.__subclasses__():
        yield each
        yield from every(each)
