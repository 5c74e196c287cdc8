"""Nothing is skipped in silence."""

import pytest

# Each starts a pytest of its own.
pytestmark = pytest.mark.long
pytest_plugins = ["pytester"]

SKIPS = """
import pytest

def test_runs():
    pass

def test_lazy():
    pytest.skip("too slow today")

def test_hardware():
    pytest.skip("needs hardware: a cuff")
"""


@pytest.fixture
def with_our_conftest(pytester: pytest.Pytester, request: pytest.FixtureRequest) -> pytest.Pytester:
    """Return a project of its own that has this project's conftest."""
    conftest = request.config.rootpath / "tests" / "conftest.py"
    pytester.makeconftest(conftest.read_text(encoding="utf-8"))
    return pytester


def test_ci_refuses_a_skip_without_an_allowed_reason(
    with_our_conftest: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under CI=true a skip fails the run unless it needs hardware or ../shared."""
    monkeypatch.setenv("CI", "true")
    with_our_conftest.makepyfile(SKIPS)
    outcomes = with_our_conftest.runpytest_subprocess("-p", "no:cacheprovider").parseoutcomes()
    assert outcomes == {"passed": 1, "failed": 1, "skipped": 1}


def test_ci_refuses_a_skipped_module(
    with_our_conftest: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A module that skips itself whole fails the run as well."""
    monkeypatch.setenv("CI", "true")
    with_our_conftest.makepyfile("import pytest\npytest.skip('no broker', allow_module_level=True)")
    result = with_our_conftest.runpytest_subprocess("-p", "no:cacheprovider")
    assert result.ret != pytest.ExitCode.OK
    assert result.parseoutcomes() == {"errors": 1}


def test_a_skip_is_allowed_at_home(
    with_our_conftest: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without CI=true a machine that lacks something still runs the rest."""
    monkeypatch.delenv("CI", raising=False)
    with_our_conftest.makepyfile(SKIPS)
    outcomes = with_our_conftest.runpytest_subprocess("-p", "no:cacheprovider").parseoutcomes()
    assert outcomes == {"passed": 1, "skipped": 2}
