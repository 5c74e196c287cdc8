"""What can be set, happens, is decided or raises an alarm is documented, and the examples run."""

import doctest
import importlib
import importlib.util
import re
import tomllib
from types import ModuleType
from typing import Any

import msgspec
import pytest
from msgspec import Struct

from monitor.config import Config
from monitor.patient_devices import DeviceTable
from tests.house import PURE, ROOT

DOCS = ROOT / "docs"


def make_pages() -> ModuleType:
    """Return docs/make_pages.py, which is no package's module."""
    spec = importlib.util.spec_from_file_location("make_pages", DOCS / "make_pages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def keys_of(cls: type[Struct], prefix: str = "") -> list[str]:
    """Return every key of a settings Struct, dotted."""
    keys = []
    for field in msgspec.structs.fields(cls):
        kind = field.type
        if isinstance(kind, type) and issubclass(kind, Struct):
            keys += keys_of(kind, f"{prefix}{field.encode_name}.")
        else:
            keys.append(f"{prefix}{field.encode_name}")
    return keys


def documented(table: str) -> list[str]:
    """Return the first column of a table of keys."""
    return re.findall(r"^\| `([a-z_.]+)` \|", table, flags=re.MULTILINE)


def leaves(table: dict[str, Any], path: str = "") -> dict[str, Any]:
    """Return every value of nested tables by its dotted key."""
    found: dict[str, Any] = {}
    for key, value in table.items():
        name = f"{path}.{key}" if path else key
        found |= leaves(value, name) if isinstance(value, dict) else {name: value}
    return found


def test_every_setting_is_documented_and_nothing_else() -> None:
    """docs/configuration.md lists exactly the keys that config.toml may have."""
    page = (DOCS / "configuration.md").read_text(encoding="utf-8")
    settings, _patients = page.split("## patients/", 1)
    assert documented(settings) == keys_of(Config)


def test_every_setting_is_in_the_shipped_file() -> None:
    """config.toml shows every key, so that nobody must guess what there is."""
    shipped = tomllib.loads((ROOT / "config.toml").read_text(encoding="utf-8"))
    assert sorted(leaves(shipped)) == sorted(keys_of(Config))


def test_documented_defaults_are_the_defaults() -> None:
    """The default column says what holds without the key."""
    page = (DOCS / "configuration.md").read_text(encoding="utf-8").split("## patients/", 1)[0]
    told = dict(re.findall(r"^\| `([a-z_.]+)` \| `(.+?)` \|", page, flags=re.MULTILINE))
    built = leaves(msgspec.to_builtins(Config()))
    assert told == {key: msgspec.json.encode(value).decode() for key, value in built.items()}


def test_every_key_of_a_patient_is_documented() -> None:
    """docs/configuration.md lists exactly the keys that a patient's file may have."""
    patients = importlib.import_module("monitor.patients")
    page = (DOCS / "configuration.md").read_text(encoding="utf-8").split("## patients/", 1)[1]
    tables = {
        "patient": patients._PatientTable,
        "devices": DeviceTable,
        "contacts": patients._ContactTable,
        "ways": patients._WayTable,
        "on_call": patients._OnCallTable,
        "health": patients.Health,
    }
    keys = [
        f"{name}.{field.encode_name}"
        for name, cls in tables.items()
        for field in msgspec.structs.fields(cls)
    ]
    assert documented(page) == keys


def test_pages_made_from_the_code_are_up_to_date() -> None:
    """Every event, effect and row has its words in docs/; run `make pages` when this fails."""
    made = make_pages().pages()
    on_disk = {
        name: (DOCS / name).read_text(encoding="utf-8") if (DOCS / name).exists() else ""
        for name in made
    }
    behind = [name for name, text in made.items() if on_disk[name] != text]
    assert behind == []


def test_every_row_of_the_default_plan_has_a_heading() -> None:
    """docs/rows.md has one heading for each row, in the plan's families, and no other."""
    plan = ROOT / "monitor" / "plans" / "default.toml"
    if not plan.exists():  # the plan is the first thing that this page needs
        return
    rows = tomllib.loads(plan.read_text(encoding="utf-8"))["rows"]
    page = (DOCS / "rows.md").read_text(encoding="utf-8")
    headings = re.findall(r"^### (\S+)$", page, flags=re.MULTILINE)
    assert sorted(headings) == sorted(row["id"] for row in rows)


@pytest.mark.parametrize("name", PURE)
def test_the_examples_of_pure_modules_are_true(name: str) -> None:
    """What a docstring shows is what happens."""
    failed = doctest.testmod(
        importlib.import_module(name), optionflags=doctest.IGNORE_EXCEPTION_DETAIL
    ).failed
    assert failed == 0


def test_links_between_pages_lead_somewhere() -> None:
    """A link to a file of this repository names one that is there."""
    pages = [*ROOT.glob("*.md"), *DOCS.rglob("*.md")]
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert broken == []
