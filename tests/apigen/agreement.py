"""The torture contract as Python's jsonschema sees it: Draft 2020-12, with checks for the formats."""

from __future__ import annotations

import base64
import binascii
import datetime
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jsonschema
import yaml
from jsonschema import Draft202012Validator, FormatChecker

API = Path(__file__).parent / "api"
FORMATS = FormatChecker(formats=[])


def add_format(name: str, check: Any) -> None:
    FORMATS.checks(name, raises=())(lambda value: not isinstance(value, str) or check(value))


def is_date(text: str) -> bool:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return False
    year = int(text[:4])
    try:  # year 0000 is a leap year that datetime doesn't know
        datetime.date(year or 2000, int(text[5:7]), int(text[8:]))
    except ValueError:
        return False
    return True


def is_date_time(text: str) -> bool:
    match = re.fullmatch(
        r"([0-9-]{10})[Tt]([0-9]{2}):([0-9]{2}):([0-9]{2})(\.[0-9]+)?([Zz]|([+-])([0-9]{2}):([0-9]{2}))", text
    )
    if match is None or not is_date(match[1]):
        return False
    hour, minute, second = int(match[2]), int(match[3]), int(match[4])
    offset = int(match[8]) * 60 + int(match[9]) if match[7] else 0
    if hour > 23 or minute > 59 or second > 60 or (match[7] and (int(match[8]) > 23 or int(match[9]) > 59)):
        return False
    if second < 60:
        return True
    # A leap second ends a month in UTC.
    year = int(match[1][:4])
    local = datetime.datetime(2000 + year % 400, int(match[1][5:7]), int(match[1][8:]), hour, minute)
    utc = local - datetime.timedelta(minutes=-offset if match[7] == "-" else offset)
    return (utc.hour, utc.minute) == (23, 59) and (utc + datetime.timedelta(days=1)).day == 1


# RFC 3986, appendix A.
PCT = "%[0-9A-Fa-f]{2}"
PCHAR = rf"(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|{PCT})"
NO_COLON = rf"(?:[A-Za-z0-9._~!$&'()*+,;=@-]|{PCT})"
USER = rf"(?:[A-Za-z0-9._~!$&'()*+,;=:-]|{PCT})*@"
HOST = rf"(?:\[[0-9A-Fa-f:.]+\]|\[v[0-9A-Fa-f]+\.[A-Za-z0-9._~!$&'()*+,;=:-]+\]|(?:[A-Za-z0-9._~!$&'()*+,;=-]|{PCT})*)"
AUTHORITY = rf"//(?:{USER})?{HOST}(?::[0-9]*)?(?:/{PCHAR}*)*"
ABSOLUTE = rf"/(?:{PCHAR}+(?:/{PCHAR}*)*)?"
TAIL = rf"(?:\?(?:{PCHAR}|[/?])*)?(?:#(?:{PCHAR}|[/?])*)?"
URI = re.compile(rf"[A-Za-z][A-Za-z0-9+.-]*:(?:{AUTHORITY}|{ABSOLUTE}|{PCHAR}+(?:/{PCHAR}*)*|){TAIL}")
RELATIVE = re.compile(rf"(?:{AUTHORITY}|{ABSOLUTE}|{NO_COLON}+(?:/{PCHAR}*)*|){TAIL}")


def is_uri(text: str) -> bool:
    return URI.fullmatch(text) is not None and urlsplit(text) is not None


def is_uri_reference(text: str) -> bool:
    return is_uri(text) or RELATIVE.fullmatch(text) is not None


LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
EMAIL = re.compile(rf"(?=.{{1,64}}@)(?=[^@]*@.{{1,255}}\Z){ATOM}(?:\.{ATOM})*@{LABEL}(?:\.{LABEL})*")


def is_byte(text: str) -> bool:
    try:
        base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return False
    return re.fullmatch(r"[A-Za-z0-9+/]*={0,2}", text) is not None and len(text) % 4 == 0


add_format("date", is_date)
add_format("date-time", is_date_time)
add_format("uri", is_uri)
add_format("uri-reference", is_uri_reference)
add_format("email", lambda text: EMAIL.fullmatch(text) is not None)
add_format("uuid", lambda text: re.fullmatch(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}", text) is not None)
add_format("byte", is_byte)


def pattern(_validator: Any, regex: str, value: Any, _schema: Any) -> Any:
    """ECMA-262: `$` is the very end, where Python would also take a last line feed."""
    if isinstance(value, str) and not re.search(regex.replace("$", r"\Z"), value):
        yield jsonschema.ValidationError("pattern")


def exactly_one(_validator: Any, names: list[str], value: Any, _schema: Any) -> Any:
    if isinstance(value, dict) and sum(name in value for name in names) != 1:
        yield jsonschema.ValidationError("x-exactly-one")


Validator = jsonschema.validators.extend(Draft202012Validator, {"pattern": pattern, "x-exactly-one": exactly_one})


def merged(value: Any) -> Any:
    """Both files in one: references lose their file's name. YAML 1.1 reads some texts as dates: quoted there."""
    if isinstance(value, dict):
        return {key: merged(item) for key, item in value.items()}
    if isinstance(value, list):
        return [merged(item) for item in value]
    return value.replace("pieces.yaml#", "#") if isinstance(value, str) else value


def load_schemas() -> dict[str, Any]:
    schemas: dict[str, Any] = {}
    for name in ("pieces", "torture"):
        document = yaml.safe_load((API / f"{name}.yaml").read_text(encoding="utf-8"))
        schemas |= merged(document["components"]["schemas"])
    return schemas


def load_validators(schemas: dict[str, Any]) -> dict[str, Any]:
    components = {"components": {"schemas": schemas}}
    return {
        name: Validator(components | {"$ref": f"#/components/schemas/{name}"}, format_checker=FORMATS)
        for name in schemas
    }


def fits(schema: dict[str, Any], text: str) -> bool:
    return bool(Validator(schema, format_checker=FORMATS).is_valid(text))
