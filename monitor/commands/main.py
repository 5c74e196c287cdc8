"""`vigil`: the application, its commands, and those that other packages add.

vigil run | session | check | replay | verify    and, from the simulators, demo
"""

import sys
from importlib.metadata import entry_points

import typer

from monitor.commands import check, replay, run, session, verify

__all__ = ["app", "main"]

app = typer.Typer(
    name="vigil",
    help="Watches over a supervised ketamine session at home. Not a medical device.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
run.register(app)
session.register(app)
check.register(app)
replay.register(app)
verify.register(app)


def main() -> None:
    """Run the command line."""
    for entry in entry_points(group="vigil.commands"):
        entry.load()(app)
    if not __debug__:
        sys.exit("vigil: python -O removes checks that it needs; run it without -O")
    app()


if __name__ == "__main__":
    main()
