"""Tags: free labels, one of a name whatever its case."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import User
from core import time
from customers.models import Customer, CustomerHistory, Tag
from customers.models.customer import Decided
from customers.services.history import history_record_many

NAME_LIMIT = 60
SEPARATOR = "|"


def tag_name(text: str, *, at: str = "name") -> str:
    """Return a tag's name with single spaces. Raises `ValidationError` at the field `at` for what cannot be one."""
    name = " ".join(text.split())
    if not name:
        raise ValidationError({at: _("A tag needs a name.")})
    if len(name) > NAME_LIMIT:
        raise ValidationError(
            {at: _("“%(name)s…” is too long; a tag has at most 60 characters.") % {"name": name[:20]}}
        )
    if SEPARATOR in name or "," in name:
        raise ValidationError({at: _("A tag's name has no comma and no vertical bar.")})
    return name


def tags_named(names: Iterable[str]) -> list[Tag]:
    """Return the tags of these names, making those that do not exist yet. Raises `ValidationError`."""
    wanted: dict[str, str] = {}
    for one in names:
        name = tag_name(one, at="tags")
        wanted.setdefault(name.casefold(), name)
    if not wanted:
        return []
    found = {tag.name.casefold(): tag for tag in Tag.objects.all() if tag.name.casefold() in wanted}
    for key, name in wanted.items():
        if key not in found:
            found[key] = Tag.objects.get_or_create(name=name)[0]
    return sorted(found.values(), key=lambda tag: tag.name)


def tag_lists(customer_ids: Iterable[int]) -> dict[int, str]:
    """Map customers to their tag list as history tells it: the names, sorted, joined by `|`."""
    lists: dict[int, list[str]] = {key: [] for key in customer_ids}
    rows = Tag.customers.through.objects.filter(customer_id__in=list(lists)).values_list(
        "customer_id", "tag__name"
    )
    for key, name in rows:
        lists[key].append(name)
    return {key: SEPARATOR.join(sorted(names)) for key, names in lists.items()}


@transaction.atomic
def tag_create(*, actor: User, name: str) -> Tag:
    """Make a tag. Raises `ValidationError` when there is one of this name."""
    name = tag_name(name)
    _check_free(name, None)
    tag = Tag.objects.create(name=name)
    audit.record(actor=actor, action="tag.created", subject=tag, changes={"name": (None, name)})
    return tag


@transaction.atomic
def tag_rename(*, actor: User, tag: Tag, name: str) -> Tag:
    """Give a tag another name; its customers keep it, and their history says so from today."""
    name = tag_name(name)
    if name == tag.name:
        return tag
    _check_free(name, tag)
    keys = list(tag.customers.values_list("pk", flat=True))
    befores = tag_lists(keys)
    before, tag.name = tag.name, name
    tag.save(update_fields=["name"])
    history_record_many(
        values=tag_lists(keys),
        befores=befores,
        field=CustomerHistory.Field.TAG,
        valid_from=time.today(),
        decided_by=Decided.HAND,
        actor=actor,
        reason=_("Tag renamed"),
    )
    audit.record(actor=actor, action="tag.renamed", subject=tag, changes={"name": (before, name)})
    return tag


@transaction.atomic
def tag_remove(*, actor: User, tag: Tag) -> None:
    """Take away a tag that no customer carries. Raises `ValidationError` while one does."""
    if Customer.objects.filter(
        Exists(Tag.customers.through.objects.filter(customer=OuterRef("pk"), tag=tag))
    ):
        raise ValidationError(
            _("Customers carry this tag. Take it off them in the portfolio first, where that can be undone.")
        )
    audit.record(actor=actor, action="tag.removed", subject=tag, changes={"name": (tag.name, None)})
    tag.delete()


def _check_free(name: str, own: Tag | None) -> None:
    for tag in Tag.objects.all():
        if tag != own and tag.name.casefold() == name.casefold():
            raise ValidationError({"name": _("There is a tag “%(name)s” already.") % {"name": tag.name}})
