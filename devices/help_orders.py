"""The panic button and its taking back, as orders.

Whoever is in the room may press it; what follows is decided by the monitor.

>>> from devices.observation import Mode
>>> Help(session="s1", mode=Mode.TEST).session
's1'
"""

from devices.order import OrderBase

__all__ = ["CancelHelp", "Help"]


class Help(OrderBase, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="help"):
    """The panic button."""


class CancelHelp(
    OrderBase, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="cancel_help"
):
    """The panic button was pressed by mistake."""
