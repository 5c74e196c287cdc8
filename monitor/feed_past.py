"""What a session was before this hub started, read once from its journal for the screens.

The recovered engine knows how things stand; it does not know the trend of the last hours nor the
list of what was decided. Both are read from the record, in a thread, before the feed opens.

    read_past(data_dir, room)      fills the room with every record up to `room.seq`
"""

from pathlib import Path

import structlog

from monitor.database import StoreError
from monitor.feed_room import FeedRoom
from monitor.journal import JournalError, decode
from monitor.journal_file import read_records, session_path

__all__ = ["read_past"]

log = structlog.get_logger("vigil.feed")


def read_past(data_dir: Path, room: FeedRoom) -> None:
    """Draw and list what the journal holds; a damaged one as far as it can be read."""
    last_n = room.seq
    if not last_n:
        return
    try:
        for n, body, _ in read_records(session_path(data_dir, room.session)):
            if n > last_n:
                return
            record = decode(body)
            room.past(record.event, record.effects)
    except (JournalError, StoreError) as error:
        # The recovery has said it as a fault of the engine already.
        log.warning("the past cannot be shown in full", session=room.session, why=str(error))
