"""Why a row or a file is refused: a code with parameters, and the sentence that says how to mend it.

Codes are stored and never change; the sentence is made when somebody reads it, in that reader's language.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SHOWN = 60  # so much of a cell is repeated in a sentence

REASONS: dict[str, str | Promise] = {
    # --- one cell ---
    "missing": _("this cell is empty and a new row needs it; fill it in"),
    "key_missing": _("this cell is empty and the row cannot be told apart without it; fill it in"),
    "cannot_clear": _("this field cannot be cleared with “-”; write its value"),
    "too_long": _("longer than the %(limit)s characters that fit here; shorten it"),
    "bad_text": _("holds a character that is not text; remove it"),
    "bad_email": _("“%(value)s” is not an e-mail address; write it like name@company.com"),
    "bad_date": _("“%(value)s” is not a date; write it like %(form)s"),
    "no_such_date": _("“%(value)s” does not exist in the calendar; correct the day or the month"),
    "date_out_of_range": _(
        "“%(value)s” is outside the years 1970 to 2199; correct the year, or leave the cell empty for open"
    ),
    "bad_time": _("“%(value)s” is not a time; write it like 2026-01-31T14:30:00-03:00"),
    "time_missing": _("“%(value)s” is only a date and this needs the time too, like 2026-01-31T14:30"),
    "bad_month": _("“%(value)s” is not a month; write it like 2026-01"),
    "future_month": _("“%(value)s” has not begun yet; costs are given for months that have begun"),
    "bad_number": _("“%(value)s” is not a number; write it like %(form)s"),
    "ambiguous_number": _(
        "“%(value)s” may mean a thousand or a fraction; write %(thousand)s or %(fraction)s"
    ),
    "other_currency": _(
        "“%(value)s” is not in %(currency)s, the currency of this workspace; convert it and write only the number"
    ),
    "currency_sign": _("“%(value)s” has a currency sign; write only the number"),
    "not_whole": _("“%(value)s” is not a whole number"),
    "negative": _("“%(value)s” is below zero; only zero and more is possible here"),
    "not_positive": _("“%(value)s” is not above zero; only one and more is possible here"),
    "too_large": _("“%(value)s” is too large to be right; correct it"),
    "bad_choice": _("“%(value)s” is not known here; write one of: %(choices)s"),
    "bad_bool": _("“%(value)s” is neither yes nor no; write true or false"),
    "bad_locale": _("“%(value)s” is not a language; write it like pt-BR or en"),
    "bad_time_zone": _("“%(value)s” is not a time zone; write it like America/Sao_Paulo"),
    "bad_tag": _("the tag “%(value)s” is longer than the %(limit)s characters that fit here; shorten it"),
    "bad_slice": _("“%(value)s” is not a slice; leave it empty for the whole, or write it like segment=mid"),
    # --- cells that do not go together ---
    "ends_before_start": _("the end %(end)s is before the start %(start)s; exchange or correct them"),
    "ends_at_start": _("the end %(end)s is not after the start %(start)s; correct one of them"),
    "score_out_of_scale": _(
        "%(value)s is outside the scale of %(survey)s, which goes from %(low)s to %(high)s"
    ),
    "no_distance": _("baseline and target are both %(value)s; an objective needs a way to go"),
    "own_parent": _("the customer names itself; leave the cell empty or name another customer"),
    "parent_circle": _(
        "“%(value)s” is below this customer already; a company cannot be its own parent's parent"
    ),
    "overlaps": _(
        "the span %(start)s – %(end)s overlaps the one of the same subscription that starts on %(other)s; "
        "end the earlier one on the day the later one starts"
    ),
    "overlaps_line": _(
        "the span %(start)s – %(end)s overlaps the one of the same subscription on line %(line)s; "
        "end the earlier one on the day the later one starts"
    ),
    "before_move_in": _(
        "“%(value)s” is not before %(day)s, when the customer came in; from then on its own row says what holds"
    ),
    # --- what a cell points to ---
    "unknown_customer": _("there is no customer “%(value)s”; import the customers first, or correct the key"),
    "unknown_figure": _("there is no figure “%(value)s”; use a key of the figures' list, such as mrr or nps"),
    "unknown_figure_near": _("there is no figure “%(value)s”; perhaps you mean %(near)s"),
    "figure_of_all": _("“%(key)s” is told for all customers only; leave the slice empty"),
    "not_cut_so": _(
        "“%(key)s” is not cut like “%(value)s”; write it like segment=mid, with one of: %(cuts)s"
    ),
    "unknown_part": _("there is no “%(value)s”; write one of: %(parts)s"),
    "erased": _(
        "this person was erased because they asked for it, and stays so; if they came back, add them by hand on the "
        "customer's page"
    ),
    # --- the row ---
    "cell_count": _(
        "the row has %(found)s cells and the header %(expected)s; a separator or a quotation mark is missing, "
        "or the file was cut here"
    ),
    "open_quote": _("a quotation mark is opened and never closed; the file may have been cut here"),
    "bad_quote": _(
        "a quotation mark inside a cell is not doubled; write it twice, or take the outer ones away"
    ),
    "bad_json": _('this line is not a JSON object; each line must be one, like {"external_id": "c1"}'),
}

FILE_PROBLEMS: dict[str, str | Promise] = {
    "unknown_kind": _("“%(value)s” is not a kind of file; choose one of: %(choices)s."),
    "no_file": _("There is no file “%(value)s”, or it cannot be read."),
    "empty": _("The file is empty; its first line must name the columns."),
    "binary": _("The file is not text (line %(line)s holds a zero byte); save it as CSV in UTF-8."),
    "not_encoded": _(
        "Line %(line)s of the file is not %(encoding)s text; save it as CSV in UTF-8, or say which encoding it has."
    ),
    "unknown_encoding": _("“%(value)s” is not an encoding; write it like utf-8 or cp1252."),
    "missing_columns": _("The header lacks what this kind needs: %(columns)s. Found: %(found)s."),
    "duplicate_column": _("The header names the column “%(value)s” twice; keep one of them."),
    "too_many_columns": _("The header has more than %(limit)s columns; is this the right file?"),
    "line_too_long": _("Line %(line)s is longer than %(limit)s characters; is this the right file?"),
    "bad_quotes": _(
        "A cell that begins on line %(line)s does not end within %(limit)s characters; "
        "a quotation mark is probably missing there."
    ),
    "bad_xlsx": _(
        "The file is not an .xlsx workbook that can be read; save it again from the spreadsheet program."
    ),
    "ambiguous_dates": _(
        "The dates may be day/month or month/day; say which, because both readings are possible in every row."
    ),
    "too_large": _("The file is larger than %(limit)s MB; import it with the command instead."),
}


class FileProblem(Exception):  # noqa: N818  (a condition to tell, named in the reader's words)
    """Nothing of a file can be read, and why."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        text = str(FILE_PROBLEMS[self.code])
        return text % self.params if self.params else text


class Rejected(Exception):  # noqa: N818
    """A row does not go in: the column at fault (empty: the whole row), a code of `REASONS` and its parameters."""

    def __init__(self, column: str, code: str, **params: Any) -> None:
        super().__init__(code)
        self.column = column
        self.code = code
        self.params = {name: _short(value) for name, value in params.items()}


def sentence(code: str, params: Mapping[str, Any]) -> str:
    """Say a reason in the reader's language."""
    text = str(REASONS[code])
    return text % params if params else text


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
