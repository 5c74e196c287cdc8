"""The page of phases, laid out from the tables that the engine runs by: steps, times, prompts.

`docs/make_pages.py` writes it. Nothing is decided here, and no step is drawn that the table lacks.
"""

from monitor.plan import Plan, Schedule
from monitor.session import OVER, RISK_WINDOW, TABLE, Phase, Trigger

__all__ = ["phases_page"]

HEAD = """\
# Phases: the course of a session

A session is in one phase. A phase changes only by a step of the table below; anything else is
refused and changes nothing. All times run from the **last** dose. A criterion that is not known is
not met. Every number is a design choice that a licensed clinician must sign.

```mermaid
{diagram}
```
"""

PHASES: dict[Phase, str] = {
    Phase.SETUP: "before the session is opened",
    Phase.GATE: "what must be so before the dose; it lapses after `gate_min`",
    Phase.ONSET: "from the dose to T+20 min",
    Phase.PEAK: "from T+20 to T+75 min, and on until its criteria are met",
    Phase.OFFSET: "from the end of the peak to T+120 min",
    Phase.RECOVERY: "from T+120 min until the criteria of discharge are met twice, 10 min apart",
    Phase.EXTENDED: "a criterion was not met in time; rules of the peak while the last rating is "
    "below 5 or an alarm of the body is medium or high, else those of recovery",
    Phase.EMERGENCY: "an alarm of class E, or help was called; until a physician closes it",
    Phase.FOLLOW_UP: "discharged; people are asked that evening and the next day, no "
    "device is watched",
    Phase.COMPLETED: "the next day's check-in was done and nothing was found",
    Phase.DISCHARGED: "the session ended well, by a plan without a follow-up",
    Phase.ABORTED: "no dose was taken",
    Phase.ENDED: "somebody who may has ended it, or has taken it over",
}

TRIGGERS: dict[Trigger, str] = {
    Trigger.OPENED: "a session of a plan with a gate is opened",
    Trigger.OPENED_IN_PEAK: "a recording begins, judged as in the peak",
    Trigger.DOSE: "the first dose was taken, whatever the gate says (DOSE-EARLY)",
    Trigger.EXTRA_DOSE: "a further dose was taken: the clocks run from it, ONSET never comes again",
    Trigger.ONSET_OVER: "T+20 min",
    Trigger.PEAK_OVER: "T+75 min; a blood pressure of the last 20 min, under 160/100 and at most 5 "
    "above the highest since the first dose; MOAA/S 4 or more at a fresh check-in",
    Trigger.PEAK_LATE: "T+120 min and a criterion is open: PEAK-LATE asks the physician",
    Trigger.PEAK_BY_WORD: "a physician, while no blood pressure of the last 20 min is there: from "
    "T+75 min with a fresh MOAA/S of 4, out of EXTENDED from T+120 min with 5",
    Trigger.OFFSET_OVER: "T+120 min",
    Trigger.NOT_AWAKE: "from T+120 min on: the last rating is below 5 (SED-LATE)",
    Trigger.CRITERIA_MET: "from T+120 min on: those of the peak, and the last rating is 5",
    Trigger.CLASS_E: "an alarm of class E, or help was called",
    Trigger.EMERGENCY_CLOSED: "a physician closes the emergency",
    Trigger.HANDED_OVER: "somebody outside, by name, is responsible now",
    Trigger.DISCHARGE: "all criteria met twice, 10 min apart; the plan has no follow-up",
    Trigger.FOLLOW: "all criteria met twice, 10 min apart",
    Trigger.FOLLOWED_UP: "the next day's check-in is answered, and no alarm that it or anybody "
    "raised about the patient is open",
    Trigger.ABORT: "cancelled before a dose",
    Trigger.END: "a physician or the administrator ends it; anybody else is END-EARLY",
}


RISK = """\
## At high risk

A patient aged 65 or more, with treated hypertension, sleep apnoea or a BMI of 35 and more,
sedatives or opioids, a stimulant or an MAOI, in the first session or with a higher dose, and
anybody after a dose that was early or a further one: cuff readings besides at {0} min, check-ins
at {1} min. SPO2-WARN and SPO2-LOW are 1 % higher, with all that is tailored at most 2 % above the
plan; SPO2-CRIT stays.
"""


def phases_page(plan: Plan) -> str:
    """Return the whole page."""
    lines = [HEAD.format(diagram=diagram()), "## Phases\n", "| phase | what it is |", "|---|---|"]
    for phase in Phase:
        notes = [PHASES[phase]]
        if phase in OVER:
            notes.append("nothing is watched any more")
        if phase in RISK_WINDOW:
            notes.append("a lost signal becomes high")
        lines.append(f"| `{phase.value}` | {'; '.join(notes)} |")
    lines += ["", "## Steps\n", "| from | by | to | when |", "|---|---|---|---|"]
    lines += [
        f"| `{before.value}` | `{trigger.value}` | `{after.value}` | {TRIGGERS[trigger]} |"
        for (before, trigger), after in TABLE.items()
    ]
    lines += ["", "## What is asked and when\n", "| | minutes after the last dose | then every |"]
    lines.append("|---|---|---|")
    lines.append(_schedule("cuff reading", plan.cuff_schedule))
    lines.append(_schedule("check-in of the companion", plan.check_in_schedule))
    lines.append(_schedule("tap of the patient, and each trial", plan.patient_check_schedule))
    lines += _follow_up(plan)
    more = (_more(plan.cuff_schedule), _more(plan.check_in_schedule))
    lines += ["", RISK.format(*more)]
    return "\n".join(lines).rstrip() + "\n"


def _follow_up(plan: Plan) -> list[str]:
    """What is asked after the discharge, and which rows are judged."""
    rules = plan.follow_up
    if rules is None:
        return []
    cuff = ", ".join(f"T+{minute}" for minute in rules.cuff_min)
    rows = ", ".join(rules.rows)
    return [
        "",
        "## After the discharge\n",
        f"A question to patient and companion at T+{rules.message_min} min, the check-in of the",
        f"next day from T+{rules.next_day_min // 60} h on. After a session with a pressure alarm a",
        f"reading is offered at {cuff} min; nobody is late with it. What people say is",
        "judged as before; of the other rows only these:",
        f"{rows}.",
        "The rest begin anew when the session is watched again. Why so:",
        "`docs/decisions/0013-after-the-discharge-people-are-asked.md`.",
    ]


def diagram() -> str:
    """Return the table as the text of a mermaid state diagram, one arrow for two phases."""
    drawn: dict[tuple[Phase, Phase], list[str]] = {}
    for (before, trigger), after in TABLE.items():
        drawn.setdefault((before, after), []).append(trigger.value)
    lines = ["stateDiagram-v2", f"    [*] --> {Phase.SETUP.value}"]
    lines += [
        f"    {before.value} --> {after.value}: {', '.join(names)}"
        for (before, after), names in drawn.items()
    ]
    lines += [f"    {phase.value} --> [*]" for phase in Phase if phase in OVER]
    return "\n".join(lines)


def _more(schedule: Schedule) -> str:
    return ", ".join(str(minute) for minute in schedule.high_risk_min)


def _schedule(what: str, schedule: Schedule) -> str:
    at = ", ".join(str(minute) for minute in schedule.at_min)
    every = ", ".join(
        f"{minutes} min in {phase.value}" for phase, minutes in schedule.every_min.items()
    )
    return f"| {what} | {at} | {every} |"
