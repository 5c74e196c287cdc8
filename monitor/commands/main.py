"""`vigil`: the application, its own commands, and those that other packages add.

Commands of other packages (the simulators add `demo`) come by the entry point `vigil.commands` and
are loaded only when one may be meant: `vigil run` carries nothing that production does not need.
"""

import sys
from importlib.metadata import entry_points

import typer

from monitor.commands import (
    burden,
    cert,
    check,
    export,
    invite,
    pair,
    records,
    rehearse,
    replay,
    report,
    rota,
    run,
    session,
    support,
    verify,
    watch,
)

__all__ = ["app", "main"]

app = typer.Typer(
    name="vigil",
    help="Watches over a supervised ketamine session at home. Not a medical device.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for _module in (
    run,
    session,
    check,
    replay,
    verify,
    records,
    report,
    burden,
    export,
    invite,
    cert,
    watch,
    rota,
    rehearse,
    pair,
    support,
):
    _module.register(app)
_OWN = frozenset(
    """
    run hub session check replay verify records report burden export invite cert watch rota
    rehearse pair support
    """.split()  # noqa: SIM905 - short
)


def main() -> None:
    """Run the command line."""
    if not __debug__:
        sys.exit("vigil: python -O removes checks that it needs; run it without -O")
    if not _OWN.intersection(sys.argv[1:2]):
        _add_others()
    app()


def _add_others() -> None:
    """Add what other packages bring; one that cannot be imported is named and left out."""
    for entry in entry_points(group="vigil.commands"):
        try:
            entry.load()(app)
        except ImportError as error:
            sys.stderr.write(f"vigil: the commands of {entry.name!r} cannot be loaded: {error}\n")


if __name__ == "__main__":
    main()
