"""What the template tags and filters draw and write."""

import datetime as dt
from decimal import Decimal

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from core import formats, marks, time
from core.toasts import toast, toast_error

UTC = dt.UTC
NOON = dt.datetime(2026, 11, 21, 15, 0, tzinfo=UTC)  # noon in São Paulo


def render(source: str, **context) -> str:
    return Template(source).render(Context(context))


@pytest.fixture
def portuguese():
    with translation.override("pt-br"):
        yield


class TestMoney:
    def test_has_no_cents_from_a_hundred_on(self):
        assert formats.money(1840000) == "R$\u00a018,400"
        assert formats.money(10050) == "R$\u00a0100"

    def test_shows_cents_of_small_sums(self):
        assert formats.money(9950) == "R$\u00a099.50"
        assert formats.money(9900) == "R$\u00a099"

    def test_is_written_as_brazilians_do(self, portuguese):
        assert formats.money(1840000) == "R$\u00a018.400"
        assert formats.money(1250) == "R$\u00a012,50"

    def test_negative_sums_have_a_true_minus(self):
        assert formats.money(-1840000) == "−R$\u00a018,400"

    def test_nought_is_not_unknown(self):
        assert formats.money(0) == "R$\u00a00"
        assert formats.money(None) == "—"


class TestNumbers:
    def test_are_grouped_by_language(self):
        assert formats.number(1234567) == "1,234,567"
        with translation.override("pt-br"):
            assert formats.number(Decimal("1234.5"), 1) == "1.234,5"

    def test_percent_of_a_share(self):
        assert formats.percent(Decimal("0.123"), 1) == "12.3%"
        assert formats.percent(None) == "—"

    def test_what_rounds_to_nothing_is_not_minus_nothing(self):
        assert formats.number(-0.2) == "0"


class TestDays:
    def test_are_short_in_both_languages(self):
        assert formats.day(dt.date(2026, 12, 12)) == "12 Dec 2026"
        with translation.override("pt-br"):
            assert formats.day(dt.date(2026, 12, 12)) == "12 dez 2026"

    def test_a_moment_falls_on_the_workspace_day(self, settings):
        settings.TIME_ZONE = "America/Sao_Paulo"
        assert formats.day(dt.datetime(2026, 12, 12, 1, 0, tzinfo=UTC)) == "11 Dec 2026"

    @pytest.mark.parametrize(
        ("days", "words"),
        [
            (0, "today"),
            (1, "tomorrow"),
            (19, "in 19 days"),
            (-1, "yesterday"),
            (-6, "6 days ago"),
            (-90, "3 months ago"),
        ],
    )
    def test_distance_in_words(self, days, words):
        assert formats.in_days(time.local_day(NOON) + dt.timedelta(days=days), NOON) == words

    @pytest.mark.parametrize(
        ("minutes", "words"),
        [(0, "just now"), (1, "1 minute ago"), (59, "59 minutes ago"), (130, "2 hours ago")],
    )
    def test_moments_of_today_in_minutes_and_hours(self, minutes, words):
        assert formats.ago(NOON - dt.timedelta(minutes=minutes), NOON) == words

    def test_clock_follows_the_persons_format(self, rf):
        request = rf.get("/")
        for wanted, written in (("24h", "14:30"), ("12h", "2:30\u202fPM")):
            request.user = type("Person", (), {"time_format": wanted})()
            shown = render(
                "{% clock at %}", at=dt.datetime(2026, 11, 21, 17, 30, tzinfo=UTC), request=request
            )
            assert shown.replace(" ", "\u202f") == written


class TestHealth:
    def test_says_band_and_score_without_colour(self):
        html = render("{% health 46 'yellow' %}")
        assert "cs-health-yellow" in html
        assert "#f-alert-triangle" in html
        assert "Attention, health" in html
        assert ">46</span>" in html or " </span>46" in html

    def test_without_score_says_not_scored(self):
        assert "Not scored" in render("{% health None None %}")

    def test_unknown_band_is_drawn_as_none(self):
        assert "cs-glyph-none" in render("{% glyph 'purple' %}")


class TestDelta:
    def test_less_can_be_good(self):
        html = render("{% delta value ' pp' good=-1 digits=1 %}", value=-1.25)
        assert "cs-delta-good" in html
        assert "#arrow-down" in html
        assert "1.2 pp" in html

    def test_no_change_has_no_colour(self):
        html = render("{% delta 0.3 %}")
        assert "no change" in html
        assert "cs-delta-" not in html

    def test_unknown_is_a_dash(self):
        assert "—" in render("{% delta None %}")


class TestAvatar:
    @pytest.mark.parametrize(
        ("name", "letters"),
        [("Óticas Boa Vista", "ÓV"), ("Marina", "MA"), ("João da Silva", "JS"), ("", "?"), ("— 3M", "3M")],
    )
    def test_initials(self, name, letters):
        assert marks.initials(name) == letters

    def test_tint_belongs_to_the_name(self):
        assert marks.tint("Marina Duarte") == marks.tint("Marina Duarte")
        assert {marks.tint(str(n)) for n in range(200)} == {1, 2, 3, 4, 5, 6}

    def test_names_are_escaped(self):
        assert "<b" not in render("{% avatar name %}", name="<b> <b>")


class TestBarsAndSparks:
    def test_bar_never_leaves_its_track(self):
        assert 'width="100.0"' in render("{% bar 7 5 %}")
        assert 'width="0.0"' in render("{% bar None 5 %}")
        assert 'width="0.0"' in render("{% bar 3 0 %}")

    def test_no_geometry_in_a_style(self):
        assert "style" not in render("{% bar 3 5 %}{% spark points 'red' %}", points=[1, 2, 3])

    def test_noise_stays_flat(self):
        heights = [y for _, y in marks.spark_points([50, 51, 50, 51])]
        assert max(heights) - min(heights) < 2

    def test_unknown_values_leave_no_point(self):
        assert len(marks.spark_points([1, None, 3])) == 2
        assert render("{% spark points %}", points=[None, 4]) == ""

    def test_segment_bars(self):
        assert render("{% segment 'mid' %}").count('class="on"') == 2
        assert "High value" in render("{% segment 'high_value' %}")
        assert render("{% segment '' %}") == "—"


class Person(forms.Form):
    name = forms.CharField(label="Name", help_text="As colleagues say it")
    note = forms.CharField(required=False, widget=forms.Textarea)
    role = forms.ChoiceField(choices=[("a", "A"), ("b", "B")])
    active = forms.BooleanField(required=False)
    ways = forms.MultipleChoiceField(
        choices=[("x", "X")], widget=forms.CheckboxSelectMultiple, required=False
    )


class TestField:
    def test_ties_label_hint_and_error_to_the_control(self):
        html = render("{% field form.name %}", form=Person({"name": ""}))
        assert '<label class="form-label" for="id_name">Name</label>' in html
        assert 'aria-describedby="id_name_hint id_name_error"' in html
        assert 'aria-invalid="true"' in html
        assert "This field is required." in html

    def test_keeps_what_was_typed(self):
        assert 'value="Ana"' in render("{% field form.name %}", form=Person({"name": "Ana"}))

    def test_says_what_is_optional(self):
        assert "optional" in render("{% field form.note %}", form=Person())
        assert "optional" not in render("{% field form.name %}", form=Person())

    def test_each_kind_of_control_has_its_class(self):
        html = render("{% for bound in form %}{% field bound %}{% endfor %}", form=Person())
        assert 'class="form-select"' in html
        assert "cs-field-check" in html
        assert "<fieldset" in html

    def test_attributes_can_be_given(self):
        assert 'hx-get="/x/"' in render("{% field form.name hx_get='/x/' %}", form=Person())


class TestQuery:
    def test_changes_and_removes_parameters(self):
        request = RequestFactory().get("/x/?q=a&page=3&tag=1&tag=2")
        assert (
            render("{% query page=None sort='name' %}", request=request)
            == "?q=a&amp;tag=1&amp;tag=2&amp;sort=name"
        )


class TestToasts:
    @pytest.fixture
    def request_(self, rf):
        from django.contrib.messages.storage.cookie import CookieStorage

        request = rf.get("/x/")
        request._messages = CookieStorage(request)
        return request

    def test_offers_to_undo(self, request_):
        toast(request_, "Moved 3 customers", undo_url="/undo/7/")
        html = render("{% include 'components/toasts.html' %}", messages=request_._messages, request=request_)
        assert "Moved 3 customers" in html
        assert 'action="/undo/7/"' in html
        assert "Undo" in html

    def test_an_error_stays(self, request_):
        toast_error(request_, "Not saved")
        html = render("{% include 'components/toasts.html' %}", messages=request_._messages, request=request_)
        assert "data-stays" in html
        assert "Undo" not in html

    def test_text_is_escaped(self, request_):
        toast(request_, "<script>")
        assert "<script>" not in render(
            "{% include 'components/toasts.html' %}", messages=request_._messages, request=request_
        )


class TestChart:
    def test_brings_its_numbers_as_json_and_as_table(self):
        html = render(
            "{% chart 'mrr' 'mrr' data 'MRR over a year' table=table %}",
            data={"values": [1, 2]},
            table={"head": ["Month", "MRR"], "rows": [["Dec", None]]},
        )
        assert 'id="mrr-data" type="application/json"' in html
        assert 'aria-label="MRR over a year"' in html
        assert '<th scope="row">Dec</th>' in html
        assert "—" in html
