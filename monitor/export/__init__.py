"""A session's record in the words of others: FHIR R4, HL7 v2 (PCD-04), CSV and JSON lines.

Everything here is made from records alone: the same journal gives the same bytes. Nothing is
judged again and nothing is opened or written; `monitor/commands/export.py` does that.

    story = read_story(records, None)
    bundle_text(story, head)
"""
