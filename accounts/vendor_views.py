"""Permissions we declare for views that libraries bring and that cannot carry our decorator."""

from accounts.permissions import Perm

PUBLIC_NAMES = frozenset(
    {
        "account_login",
        "account_logout",
        "account_signup",
        "account_inactive",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
        "mfa_authenticate",
        "mfa_login_webauthn",
        "mfa_trust",
        "openid_connect_login",
        "openid_connect_callback",
        "socialaccount_signup",
        "socialaccount_login_cancelled",
        "socialaccount_login_error",
        "account_request_login_code",
        "account_confirm_login_code",
        "account_email_verification_sent",
        "account_confirm_email",
    }
)
SIGNED_IN_PREFIXES = ("account_", "mfa_", "usersessions_", "socialaccount_")


def vendor_permission(url_name: str | None, namespace: str) -> Perm | None:
    """Return the permission of a library's view by its URL name, None when we have not declared one."""
    if not url_name or namespace:
        return None
    if url_name in PUBLIC_NAMES:
        return Perm.PUBLIC
    if url_name.startswith(SIGNED_IN_PREFIXES):
        return Perm.SIGNED_IN
    return None
