"""Plans are found by name, those of a folder before the shipped ones."""

from pathlib import Path

import pytest

from monitor.plan import PlanError
from monitor.plans_dir import plan_texts, read_plan, read_plan_file
from tests.bedside import DEFAULT, VITALS_ONLY


def test_the_shipped_plans_have_names() -> None:
    """With a folder that is not there, or none."""
    assert [*plan_texts()] == [*plan_texts(Path("no such folder"))]
    assert {*plan_texts()} == {"default", "rehearsal", "vitals_only"}
    assert (read_plan("default"), read_plan("vitals_only")) == (DEFAULT, VITALS_ONLY)


def test_a_folders_plan_goes_before_and_may_extend_another(tmp_path: Path) -> None:
    """Also one that itself extends; files that are no TOML are none."""
    (tmp_path / "own.toml").write_text('extends = "vitals_only"\nname = "own"\nonly = ["PR-LOW"]\n')
    (tmp_path / "notes.txt").write_text("not a plan")
    own = read_plan("own", tmp_path)
    assert (own.name, [row.id for row in own.rows]) == ("own", ["PR-LOW"])
    assert own.oximeter == VITALS_ONLY.oximeter
    assert own == read_plan_file(tmp_path / "own.toml", plan_texts())
    (tmp_path / "default.toml").write_text('extends = "default"\nname = "mine"\n')
    with pytest.raises(PlanError) as caught:
        read_plan("default", tmp_path)
    names = "own, rehearsal, vitals_only"
    assert caught.value.faults[0] == (
        f"default.toml: extends: there is no plan 'default'; write one of {names}"
    )


def test_an_unknown_name_is_a_fault_that_lists_the_known() -> None:
    """What to write instead."""
    with pytest.raises(PlanError) as caught:
        read_plan("moon")
    assert [*caught.value.faults] == [
        "there is no plan 'moon'; write one of default, rehearsal, vitals_only"
    ]
