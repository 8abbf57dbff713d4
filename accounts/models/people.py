"""Who is asking: people, their invitations and tokens, the workspace's settings, the audit trail."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Perm, Role, role_has
from accounts.querysets import AuditQuerySet, InvitationQuerySet, TokenQuerySet, UserQuerySet
from core import time


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Makes people; their e-mail address is their name to the system."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make a person with a normalised address; without a password they cannot log in by one."""
        user: User = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """Find a person by address, whatever the case it is typed in."""
        found: User = self.get(email__iexact=username or "")
        return found


class User(AbstractBaseUser):
    """A person of the team."""

    class Theme(models.TextChoices):
        AUTO = "auto", _("As the system")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    class TimeFormat(models.TextChoices):
        H24 = "24h", "14:30"
        H12 = "12h", "2:30 PM"

    class Reports(models.TextChoices):
        NONE = "none", _("None")
        WEEKLY = "weekly", _("Every week")
        MONTHLY = "monthly", _("Every month")
        BOTH = "both", _("Every week and every month")

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    job_title = models.CharField(max_length=80, blank=True, default="")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.ANALYST)
    language = models.CharField(max_length=10, blank=True, default="")
    theme = models.CharField(max_length=5, choices=Theme.choices, default=Theme.AUTO)
    time_format = models.CharField(max_length=3, choices=TimeFormat.choices, default=TimeFormat.H24)
    shortcuts = models.BooleanField(default=True)
    reports = models.CharField(max_length=8, choices=Reports.choices, default=Reports.NONE)
    is_active = models.BooleanField(default=True)
    disabled_at = models.DateTimeField(null=True, blank=True)
    joined_at = models.DateTimeField(default=time.now, editable=False)
    session_epoch = models.PositiveIntegerField(default=0, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("email"), name="accounts_user_email_once"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="accounts_user_role_known"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def may(self, perm: Perm) -> bool:
        """Tell whether this person's role includes a permission; a disabled person has none."""
        return self.is_active and role_has(self.role, perm)

    @property
    def person(self) -> "User":
        """The person behind this caller (see `accounts.principals`)."""
        return self

    @property
    def audit_label(self) -> str:
        """How the audit trail names this caller without keeping anything personal."""
        return f"#{self.pk}"

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Tie every session to `session_epoch` besides the password: raising it ends all of them at once."""
        key_salt = "accounts.models.User.session_epoch"
        value = f"{self.password}:{self.session_epoch}"
        return salted_hmac(key_salt, value, secret=secret, algorithm="sha256").hexdigest()

    @property
    def first_name(self) -> str:
        """The name people call this person by."""
        return self.name.split(" ")[0] if self.name else self.email.split("@")[0]


class Invitation(models.Model):
    """A link by which a person joins; only its hash is stored."""

    class State(models.TextChoices):
        OPEN = "open", _("Waiting")
        EXPIRED = "expired", _("Expired")
        ACCEPTED = "accepted", _("Accepted")
        REVOKED = "revoked", _("Revoked")

    email = models.EmailField()
    role = models.CharField(max_length=10, choices=Role.choices)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL)
    created_at = models.DateTimeField(default=time.now, editable=False)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                Lower("email"),
                condition=models.Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="accounts_one_open_invitation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} ({self.role})"

    @property
    def state(self) -> "Invitation.State":
        """Where the invitation stands at this moment."""
        if self.accepted_at is not None:
            return self.State.ACCEPTED
        if self.revoked_at is not None:
            return self.State.REVOKED
        return self.State.EXPIRED if self.expires_at <= time.now() else self.State.OPEN


class Workspace(models.Model):
    """The settings of this installation that an admin changes in the page; exactly one row."""

    name = models.CharField(max_length=120, default="Zelo")
    restrict_visibility = models.BooleanField(default=False)
    grace_days = models.PositiveSmallIntegerField(default=0)
    renewal_grace_days = models.PositiveSmallIntegerField(default=30)
    gross_margin = models.DecimalField(max_digits=5, decimal_places=2, default=100)  # per cent
    fiscal_year_start = models.PositiveSmallIntegerField(default=1)  # the month, 1–12
    week_start = models.PositiveSmallIntegerField(default=0)  # of weeks on pages, Monday is 0
    is_demo = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=time.now, editable=False)
    setup_dismissed_at = models.DateTimeField(null=True, blank=True)
    # since when changes of customers' industry, parent and attributes are recorded here
    details_since = models.DateField(default=time.today, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(pk=1), name="accounts_one_workspace"),
            models.CheckConstraint(
                condition=models.Q(gross_margin__gt=0, gross_margin__lte=100),
                name="accounts_gross_margin_share",
            ),
            models.CheckConstraint(
                condition=models.Q(fiscal_year_start__range=(1, 12)), name="accounts_fiscal_year_month"
            ),
            models.CheckConstraint(condition=models.Q(week_start__lte=6), name="accounts_week_day"),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def get(cls) -> "Workspace":
        """Return the one row, making it on first use."""
        return cls.objects.get_or_create(pk=1)[0]


class Token(models.Model):
    """A key to the API, of a person or of an integration; shown once, stored hashed."""

    class Scope(models.TextChoices):
        READ = "read", _("Read")
        WRITE = "write", _("Write")
        INGEST = "ingest", _("Ingest")
        ADMIN = "admin", _("Admin")

    name = models.CharField(max_length=80)
    user = models.ForeignKey(User, null=True, blank=True, on_delete=models.CASCADE, related_name="tokens")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.ANALYST)
    prefix = models.CharField(max_length=12)
    token_hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=time.now, editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = TokenQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="accounts_token_role_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @property
    def is_live(self) -> bool:
        """Whether the token still opens the API: neither revoked nor expired."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > time.now())


class AuditEntry(models.Model):
    """One change: who, when, what, to which object. Append-only by triggers (accounts/triggers.py)."""

    at = models.DateTimeField(default=time.now, editable=False, db_index=True)
    actor = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    actor_label = models.CharField(max_length=120)
    action = models.CharField(max_length=60)
    object_type = models.CharField(max_length=60)
    object_id = models.CharField(max_length=60)
    customer_id = models.BigIntegerField(null=True, blank=True, db_index=True)
    changed_fields = models.JSONField(default=list)

    objects = AuditQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["object_type", "object_id", "-id"], name="accounts_audit_object"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.object_type} {self.object_id}"


class AuditValue(models.Model):
    """What a field was before and after: the side table that an erasure may empty."""

    entry = models.ForeignKey(AuditEntry, on_delete=models.DO_NOTHING, related_name="values")
    field = models.CharField(max_length=60)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    label = models.CharField(max_length=200, blank=True, default="")

    def __str__(self) -> str:
        return self.field
