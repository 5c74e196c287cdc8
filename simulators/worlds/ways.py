"""Who is told in a simulated world, and by which ways: the companion, a physician and the backup.

How long a way takes and what gets lost on it is `simulators/chain.py`'s; what breaks it is a fault.

>>> [contact.role.value for contact in CONTACTS]
['companion', 'physician', 'backup']
"""

from alerts.contact import Contact, Role, Way

__all__ = ["BACKUP", "COMPANION", "CONTACTS", "PATIENT", "PHYSICIAN"]

COMPANION = "sam"
PATIENT = "p1"
PHYSICIAN = "dr-lee"
BACKUP = "dr-roy"
CONTACTS = (
    Contact(COMPANION, Role.COMPANION, "Sam", (Way("page"), Way("voice", "+15550100001"))),
    Contact(
        PHYSICIAN,
        Role.PHYSICIAN,
        "Dr Lee",
        (Way("ntfy", "lee-topic"), Way("sms", "+15550100002"), Way("voice", "+15550100002")),
    ),
    Contact(
        BACKUP, Role.BACKUP, "Dr Roy", (Way("sms", "+15550100003"), Way("voice", "+15550100003"))
    ),
)
