"""How allauth may behave here: nobody signs up by themselves; passkeys belong to this deployment's own
name."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from sightpact.people import reads


class ClosedAccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False  # people come by import or invitation

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """allauth's own sentences ("Successfully signed in as ...") are not ours to show."""

    def respond_user_inactive(self, request: HttpRequest, user: AbstractBaseUser) -> HttpResponse:
        return HttpResponseRedirect(settings.LOGIN_URL)


class PasskeyAdapter(DefaultMFAAdapter):
    def get_public_key_credential_rp_entity(self) -> dict[str, Any]:
        return {"id": settings.SIGHTPACT.rp_id, "name": "Sightpact"}

    def get_public_key_credential_user_entity(self, user: AbstractBaseUser) -> dict[str, Any]:
        """What a device shows in its list of passkeys. The id is random and tells nothing."""
        card = reads.person_of_account(user.pk)
        name = card.name if card else user.get_username()
        return {"id": str(user.pk).encode(), "name": user.get_username(), "display_name": name}
