"""The visitor notices what the journeys rely on it to notice."""

import pytest

from tests.journeys.conftest import Visit


def test_what_is_wrong_is_noticed(visit: Visit) -> None:
    visitor = visit(phone=True)
    page = visitor.go("/")
    visitor.is_accessible()
    visitor.fits()
    page.evaluate("document.querySelector('main').innerHTML = '<button></button><p style=\"width: 999px\">x</p>'")
    with pytest.raises(AssertionError, match="button-name"):
        visitor.is_accessible()
    page.evaluate("document.body.append(Object.assign(document.createElement('hr'), {id: 'wide'}))")
    page.evaluate("document.getElementById('wide').style.minWidth = '999px'")
    with pytest.raises(AssertionError, match="too wide"):
        visitor.fits()
    assert any("Content Security Policy" in trouble for trouble in visitor.troubles), visitor.troubles
    visitor.troubles.clear()
    page.evaluate("new Image().src = 'http://127.0.0.1:9/elsewhere.png'")
    page.evaluate("console.error('loud')")
    page.wait_for_timeout(300)
    assert any("asks outside" in trouble or "elsewhere" in trouble for trouble in visitor.troubles), visitor.troubles
    assert any("loud" in trouble for trouble in visitor.troubles)
    visitor.troubles.clear()
