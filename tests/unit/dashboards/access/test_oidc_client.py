"""What the settings say of an identity provider, and what is refused at the start."""

from pathlib import Path
from typing import Any

import pytest

from dashboards.access.client import client_of
from dashboards.access.oidc import values_at
from metrics.access.load import load_roles
from metrics.access.masks import refuse_unmasked
from metrics.settings import SettingError, Settings

ISSUER = "https://login.example"


def test_without_an_issuer_there_are_accounts_alone() -> None:
    assert client_of(Settings()) is None


def test_a_secret_stands_in_a_file_and_a_public_client_has_none(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("s3cret\n")
    told = client_of(Settings(oidc_issuer=ISSUER, oidc_client_id="fg", oidc_client_secret_file=file))
    assert told is not None
    assert told.secret == "s3cret"
    public = client_of(Settings(oidc_issuer=ISSUER, oidc_client_id="fg"))
    assert public is not None
    assert public.secret == ""


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"oidc_issuer": ISSUER}, "go together"),
        ({"oidc_client_id": "fg"}, "go together"),
        ({"oidc_issuer": "http://login.example", "oidc_client_id": "fg"}, "https"),
        ({"oidc_issuer": ISSUER, "oidc_client_id": "fg", "oidc_return_url": "http://far.example/x"}, "RETURN_URL"),
        ({"oidc_issuer": ISSUER, "oidc_client_id": "fg", "oidc_client_secret_file": Path("/nowhere")}, "can't be read"),
    ],
)
def test_what_can_not_be_right_is_refused(given: dict[str, Any], says: str) -> None:
    with pytest.raises(SettingError, match=says):
        client_of(Settings(**given))


@pytest.mark.parametrize(
    ("claims", "path", "found"),
    [
        ({"groups": ["a", 7, "b"]}, "groups", ("a", "b")),
        ({"groups": "a"}, "groups", ("a",)),
        ({"https://x.example/groups": ["a"]}, "https://x.example/groups", ("a",)),
        ({"realm_access": {"roles": ["a"]}}, "realm_access.roles", ("a",)),
        ({"realm_access": ["roles"]}, "realm_access.roles", ()),
        ({"groups": {"a": 1}}, "groups", ()),
        ({}, "groups", ()),
    ],
)
def test_groups_are_found_where_the_claim_is(claims: dict[str, Any], path: str, found: tuple[str, ...]) -> None:
    assert values_at(claims, path) == found


def test_people_who_are_no_tokens_are_not_shown_as_if_masked() -> None:
    refuse_unmasked(load_roles().values(), Settings())
    with pytest.raises(SettingError, match="executive"):
        refuse_unmasked(load_roles().values(), Settings(privacy="off"))
