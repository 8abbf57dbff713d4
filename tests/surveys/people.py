"""People and machines at the answer page, as they behave."""

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from django.test import Client

from surveys import tokens
from tests import factories

PHONE = (
    "Mozilla/5.0 (Linux; Android 14; SM-A155M) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/131.0.0.0 Mobile Safari/537.36"
)


def invited(kind="nps", **fields):
    """Return an invitation and its address."""
    survey = fields.pop("survey", None) or factories.survey(kind=kind)
    one = factories.survey_invitation(survey=survey, **fields)
    return one, address(one)


def address(invitation):
    return f"/s/{tokens.link_new('answer', invitation=invitation)}/"


@dataclass
class Visitor:
    """Somebody with a browser; reads the page, waits, presses."""

    clock: Any
    agent: str = PHONE
    client: Client = field(default_factory=Client)

    def get(self, url, **query):
        return self.client.get(url, query, headers={"User-Agent": self.agent})

    def post(self, url, data):
        return self.client.post(url, data, headers={"User-Agent": self.agent})

    def answer(self, url, score, *, seconds=10, comment="", **more):
        """Open the page, think, press; return what the press was answered with."""
        page = self.get(url, score=score)
        assert page.status_code == 200
        self.clock.wait(seconds)
        return self.post(url, {"score": score, "comment": comment, **hidden(page), **more})

    def confirm(self, thanks_page, *, seconds=4, **more):
        html = thanks_page.content.decode()
        form = re.search(r'action="([^"]+/confirm/)"', html)
        assert form is not None
        self.clock.wait(seconds)
        return self.post(form[1], {**hidden(thanks_page), **more})


def hidden(page):
    """Return the hidden inputs of a page's form, as a browser sends them."""
    html = page.content.decode()
    return {
        name: unescape(value)
        for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', html)
    }


def all_links(page):
    return [unescape(url) for url in re.findall(r'href="([^"]+)"', page.content.decode())]


def all_fields(page):
    return re.findall(r'name="(\w+)"', page.content.decode())
