"""Every text that a problem can have keeps its placeholders in every language."""

import re

import pytest
from django.utils.translation import gettext, override

from wanku.api import v1
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
