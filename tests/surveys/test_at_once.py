"""Fifty presses of one link at the same moment are one answer."""

import time as clock
from functools import partial

import pytest

from core import time
from surveys.models import Invitation, Response, ResponseVersion
from surveys.services.answers import Given, response_record
from tests import factories
from tests.metrics.outside import Outside, ended

pytestmark = pytest.mark.django_db(transaction=True)


def press_at_once(folder, presses, times, *, different=False):
    """Press the links of some invitations, each from so many processes at once; return the versions of each."""
    survey, person = factories.survey(), factories.contact()
    keys = [factories.survey_invitation(person, survey=survey).pk for _ in range(times)]

    def press(n, first):
        for at, key in enumerate(keys):
            clock.sleep(max(0.0, first + at * 0.05 - clock.monotonic()))  # all at the same moments
            given = Given(n % 11 if different else 9, "", False, [])
            invitation = Invitation.objects.select_related("survey", "campaign").get(pk=key)
            response_record(invitation=invitation, given=given, language="en", at=time.now())

    with Outside(folder) as outside:
        first = clock.monotonic() + 1
        processes = [outside.start(partial(press, n, first)) for n in range(presses)]
        assert [ended(process) for process in processes] == [0] * presses
    counts = []
    for key in keys:
        response = Response.objects.get(invitation=key)
        numbers = list(ResponseVersion.objects.filter(response=response).values_list("number", flat=True))
        assert numbers == list(range(1, len(numbers) + 1))
        assert response.score == response.versions.order_by("-number")[0].score
        counts.append(len(numbers))
    return counts


def test_fifty_presses_of_the_same_number_are_one_answer_in_one_version(tmp_path):
    assert press_at_once(tmp_path, 50, 10) == [1] * 10


def test_presses_of_different_numbers_are_versions_of_one_answer(tmp_path):
    assert min(press_at_once(tmp_path, 20, 3, different=True)) >= 2


@pytest.mark.long
def test_fifty_presses_two_hundred_times(tmp_path):
    assert press_at_once(tmp_path, 50, 200) == [1] * 200
