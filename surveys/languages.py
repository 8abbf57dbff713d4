"""Which of a survey's languages somebody reads."""

from django.conf import settings

from surveys.models.kinds import Language


def language_of(*locales: str) -> str:
    """Return the survey language of the first locale that has one; without any the workspace's, or English.

    `pt-BR`, `pt_br` and `pt` are all Brazilian Portuguese, `es-MX` is Spanish.
    """
    for locale in (*locales, settings.LANGUAGE_CODE):
        short = locale.strip().lower().replace("_", "-").split("-")[0]
        if short == "pt":
            return Language.PT_BR
        if short in Language.values:
            return short
    return Language.EN
