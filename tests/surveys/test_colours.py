"""Whatever colour a brand has, the page is readable in it."""

from hypothesis import given
from hypothesis import strategies as st

from surveys import colours

PART = st.integers(0, 255)


@given(st.tuples(PART, PART, PART))
def test_text_and_edges_keep_their_contrast_in_both_themes(colour):
    for card in (colours.LIGHT_CARD, colours.DARK_CARD):
        accent = colours.readable_on(colour, card)
        assert colours.contrast(accent, card) >= 4.5
        assert colours.contrast(colours.ink_on(accent), accent) >= 4.5


def test_a_readable_colour_stays_as_it_is():
    assert "--acc:#3355d6" in colours.stylesheet("#3355d6")


def test_contrast_of_black_and_white_is_21():
    assert round(colours.contrast((0, 0, 0), (255, 255, 255)), 6) == 21
