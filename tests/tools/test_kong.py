"""deploy/kong/kong.yaml keeps to our JSON Schema of it: the specification's plugins and figures. No Kong is run."""

import copy
import json
import pathlib
import re

import jsonschema
import pytest
import yaml

KONG = pathlib.Path(__file__).resolve().parents[2] / "deploy/kong"
FILE = yaml.safe_load((KONG / "kong.yaml").read_text())
CHECK = jsonschema.Draft202012Validator(json.loads((KONG / "kong.schema.json").read_text()))
INSIDE = ("/metrics", "/readyz", "/healthz")


def plugin(file, service, name):
    [plugins] = [one["plugins"] for one in file["services"] if one["name"] == service]
    [config] = [one["config"] for one in plugins if one["name"] == name]
    return config


def test_the_file_keeps_to_the_schema():
    assert [error.message for error in CHECK.iter_errors(FILE)] == []
    assert {one["name"] for one in FILE["services"][0]["plugins"]} == {"rate-limiting", "jwt", "cors"}


WRONG = [
    ("rate-limiting", "minute", 61),
    ("rate-limiting", "hour", 100000),
    ("rate-limiting", "policy", "cluster"),
    ("rate-limiting", "fault_tolerant", False),
    ("rate-limiting", "second", 5),
    ("jwt", "key_claim_name", "iss"),
    ("cors", "origins", ["*"]),
    ("cors", "methods", ["GET"]),
    ("cors", "credentials", False),
]


@pytest.mark.parametrize(("name", "member", "value"), WRONG)
def test_what_the_specification_says_otherwise_is_refused(name, member, value):
    file = copy.deepcopy(FILE)
    plugin(file, "api", name)[member] = value
    assert not CHECK.is_valid(file)


def test_a_secret_in_the_file_is_refused():
    file = copy.deepcopy(FILE)
    file["consumers"][0]["jwt_secrets"][0]["secret"] = "hunter2"
    assert not CHECK.is_valid(file)


def reaches(pattern, path):
    return re.match(pattern[1:], path) if pattern.startswith("~") else path.startswith(pattern)


def test_what_is_for_operators_has_no_route():
    patterns = [path for service in FILE["services"] for route in service["routes"] for path in route["paths"]]
    assert not [path for path in INSIDE for pattern in patterns if reaches(pattern, path)]
    for page in ("/", "/talk.js", "/docs/", "/openapi.json", "/api/v1/agents/maeju/chat"):
        assert any(reaches(pattern, page) for pattern in patterns), page
