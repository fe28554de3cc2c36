"""What access tokens are signed with: a secret, or a fleet's keys, which anybody may look up."""

import jwt
import pytest

import people

SECRET = "0123456789abcdef0123456789abcdef"


def published(nerdx):
    return nerdx.get("/.well-known/jwks.json").json()["keys"]


def test_a_fleet_signs_by_its_folder_and_who_has_the_published_set_can_check(start_nerdx, tmp_path):
    one = start_nerdx("--jwt-keys", tmp_path / "keys")
    two = start_nerdx("--jwt-keys", tmp_path / "keys", data=tmp_path / "two")
    token = people.begin_guest(one)["access_token"]
    kid = jwt.get_unverified_header(token)["kid"]
    key = next(jwt.PyJWK(each).key for each in published(two) if each["kid"] == kid)
    assert jwt.decode(token, key, algorithms=["EdDSA"], audience="nerdx", issuer="nerdx")["sub"]
    assert not any("d" in each for each in published(one))


def test_the_secret_comes_from_the_name_that_the_specification_gives_it(start_nerdx):
    nerdx = start_nerdx(env={"JWT_SECRET": SECRET})
    token = people.begin_guest(nerdx)["access_token"]
    assert jwt.decode(token, SECRET, algorithms=["HS256"], audience="nerdx", issuer="nerdx")["sub"]
    assert published(nerdx) == []
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(token, SECRET[::-1], algorithms=["HS256"], audience="nerdx")
