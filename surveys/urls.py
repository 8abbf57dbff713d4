"""Addresses of this app's pages."""

from django.urls import URLPattern, URLResolver, path, re_path

from surveys import mail_hooks
from surveys.public import answer, done, helped, look, unsubscribe

KEY = r"(?P<token>[^/]+)"

urlpatterns: list[URLPattern | URLResolver] = [
    path("hooks/mail/<slug:provider>/", mail_hooks.mail_hook, name="mail_hook"),
    re_path(r"^s/colour/(?P<colour>[0-9a-f]{6})\.css$", look.colour, name="survey_colour"),
    path("s/logo/<int:pk>/", look.logo, name="survey_logo"),
    re_path(rf"^s/done/{KEY}/$", done.done, name="survey_done"),
    re_path(rf"^s/helped/{KEY}/$", helped.helped, name="insight_helped"),
    re_path(rf"^s/{KEY}/$", answer.answer, name="survey_answer"),
    re_path(rf"^s/{KEY}/thanks/$", answer.thanks, name="survey_thanks"),
    re_path(rf"^s/{KEY}/confirm/$", answer.confirm, name="survey_confirm"),
    re_path(rf"^s/{KEY}/more/$", answer.trap, name="survey_trap"),
    re_path(rf"^unsubscribe/{KEY}/$", unsubscribe.unsubscribe, name="unsubscribe"),
]
