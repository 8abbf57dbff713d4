"""Permissions we declare for views that libraries bring and that cannot carry our decorator.

Every name is listed. One that is not listed answers nobody, and the permission table in the tests
finds it. `CLOSED` names are those we have seen and do not offer.
"""

from accounts.permissions import Perm

PUBLIC_NAMES = frozenset(
    {
        "account_login",
        "account_logout",
        "account_signup",  # says that one joins by invitation
        "account_inactive",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
        "mfa_authenticate",
        "mfa_login_webauthn",
        "openid_connect_login",
        "openid_connect_callback",
        "socialaccount_login_cancelled",
        "socialaccount_login_error",
    }
)
SIGNED_IN_NAMES = frozenset(
    {
        "account_reauthenticate",
        "account_change_password",
        "account_set_password",
        "mfa_index",
        "mfa_reauthenticate",
        "mfa_activate_totp",
        "mfa_deactivate_totp",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_download_recovery_codes",
        "mfa_list_webauthn",
        "mfa_add_webauthn",
        "mfa_reauthenticate_webauthn",
        "mfa_remove_webauthn",
        "mfa_edit_webauthn",
        "socialaccount_connections",
        "usersessions_list",
    }
)
CLOSED = frozenset(
    {
        "account_email",  # an address changes who one is; only an invitation proves it
        "account_email_verification_sent",
        "account_confirm_email",
        "account_confirm_login_code",
        "socialaccount_signup",  # single sign-on asks nothing: invited people join at once
        # django-allauth's old addresses of the same pages, without a name of their own:
        "accounts/social/login/cancelled/",
        "accounts/social/login/error/",
        "accounts/social/signup/",
        "accounts/social/connections/",
    }
)


def vendor_permission(url_name: str | None, namespace: str) -> Perm | None:
    """Return the permission of a library's view by its URL name, None when we have not declared one."""
    if not url_name or namespace:
        return None
    if url_name in PUBLIC_NAMES:
        return Perm.PUBLIC
    if url_name in SIGNED_IN_NAMES:
        return Perm.SIGNED_IN
    return None
