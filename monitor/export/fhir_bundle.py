"""A session as one FHIR R4 Bundle: a transaction that a server can take twice without doubling.

Each resource is created only if the server has none with its name (`ifNoneExist`), and the names
are made from the session, so posting the bundle again changes nothing (decision 0017). The same
journal gives the same bytes.

    bundle_text(story, head="9f0c...")  -> '{"resourceType":"Bundle", ...}'
"""

import json

from monitor.export.fhir_alarms import alarms
from monitor.export.fhir_answers import answers, doses
from monitor.export.fhir_log import Document, audit, document, provenance
from monitor.export.fhir_messages import messages
from monitor.export.fhir_parts import Parts, Resource
from monitor.export.fhir_people import people
from monitor.export.fhir_streams import streams
from monitor.export.fhir_vitals import vitals
from monitor.export.story import Story

__all__ = ["bundle", "bundle_text"]


def bundle(story: Story, head: str = "", report: Document | None = None) -> Resource:
    """Return the bundle of a session.

    Args:
        story: the session.
        head: the journal's last hash, in hexadecimal digits (empty: not told).
        report: a report to go with it.
    """
    parts = Parts(story.opened.session, story.dates)
    entries = [
        *people(story, parts),
        *doses(story, parts),
        *vitals(story, parts),
        *streams(story, parts),
        *answers(story, parts),
        *alarms(story, parts),
        *messages(story, parts),
        *audit(story, parts),
    ]
    if report is not None:
        entries.append(document(story, parts, report))
    entries.append(provenance(story, parts, head, [one["fullUrl"] for one in entries]))
    return {"resourceType": "Bundle", "type": "transaction", "entry": entries}


def bundle_text(story: Story, head: str = "", report: Document | None = None) -> str:
    """Return the bundle as JSON, one resource a line."""
    whole = bundle(story, head, report)
    lines = ",\n".join(json.dumps(one, ensure_ascii=False) for one in whole.pop("entry"))
    return f'{json.dumps(whole)[:-1]}, "entry": [\n{lines}\n]}}\n'
