"""The follow-up: who is asked what after the discharge, what comes of the answers, and the end."""

from random import Random

import pytest

from alerts.condition import Priority
from alerts.contact import Role
from alerts.effects import Send
from devices.notice import Thing
from monitor.effects import AlarmChanged, FollowUpChanged, PromptKind
from monitor.events import (
    Ended,
    Event,
    HelpCalled,
    HubCondition,
    MonitorDown,
    NextDayAnswered,
    Noticed,
    QuestionAnswered,
    Tick,
)
from monitor.session import Phase
from tests.oracle_follow_up import missed
from tests.timeline import OPENED_S, Timeline

MINUTE, HOUR = 60, 3_600
DISCHARGED_S = 131 * MINUTE
FINE = {"mood": "good", "sleep": "well", "bladder": False, "thoughts": "none"}


def discharged(line: Timeline | None = None) -> Timeline:
    """Return a session that was discharged at T+131 min; its oximeter is off."""
    line = line or Timeline()
    line.at(121 * MINUTE).trial().at(DISCHARGED_S).trial().silence()
    assert line.phases()[-1] == f"{DISCHARGED_S} follow_up"
    line.effects.clear()
    return line


def on(line: Timeline, t_s: float) -> Timeline:
    """Go on to `t_s` by deadlines alone: nothing is sent any more."""
    line.now_ms = round((t_s + OPENED_S) * 1000)
    return line.send(Tick(at_ms=line.now_ms))


def well(line: Timeline, *, is_well: bool = True, role: Role = Role.COMPANION) -> Timeline:
    """Somebody answers the evening's question."""
    by = "p1" if role is Role.PATIENT else "ann"
    return line.send(QuestionAnswered(at_ms=line.now_ms, by=by, role=role, well=is_well))


def next_day(line: Timeline, **but: object) -> Timeline:
    """The patient answers the check-in of the next day: all is well, but for this."""
    said = {**FINE, **but}
    event = NextDayAnswered(at_ms=line.now_ms, by="p1", role=Role.PATIENT, **said)  # type: ignore[arg-type]
    return line.send(event)


def alarms(line: Timeline) -> list[str]:
    """Every line of an alarm so far."""
    return [line.text(e) for e in line.effects if isinstance(e, AlarmChanged)]


def steps(line: Timeline) -> list[str]:
    """What was asked and answered, in minutes after the dose."""
    found = [e for e in line.effects if isinstance(e, FollowUpChanged)]
    return [f"{(e.at_ms / 1000 - OPENED_S) / MINUTE:g} {e.step.value}" for e in found]


def told(line: Timeline) -> list[str]:
    """Who was told, when, and for what."""
    sends = [e for e in line.effects if isinstance(e, Send)]
    return [
        f"{(e.at_ms / 1000 - OPENED_S) / MINUTE:g} {e.contact} {e.purpose} {e.priority.value}"
        for e in sends
    ]


def test_a_day_without_an_alarm() -> None:
    """The oximeter is silent all night; two questions, two answers, and the session is done."""
    line = on(discharged(), 245 * MINUTE)
    well(line)
    on(line, 21 * HOUR)
    next_day(line)
    assert alarms(line) == []
    assert steps(line) == [
        "240 question_asked",
        "245 question_answered",
        "1200 next_day_asked",
        "1260 next_day_answered",
    ]
    assert told(line) == ["240 ann question low", "1200 ann question low"]
    assert line.phases() == [f"{21 * HOUR} completed"]


def test_a_question_that_nobody_answers() -> None:
    """FU-MISS: 30 min low, 60 min medium, and only then the physician, at once."""
    line = on(discharged(), 302 * MINUTE)
    assert alarms(line) == [
        f"{270 * MINUTE} raised FU-MISS low",
        f"{300 * MINUTE} upgraded FU-MISS medium",
    ]
    assert [one for one in told(line) if " dr " in one] == [
        "300 dr alarm medium",
        "302 dr alarm medium",
    ]
    line.effects.clear()
    assert alarms(well(line)) == [f"{302 * MINUTE} cleared FU-MISS medium"]
    assert on(line, 19 * HOUR).phases() == []


def test_a_next_day_that_nobody_answers() -> None:
    """Asked at T+20 h, missed at T+28 h: low, and two hours later the physician."""
    line = well(on(discharged(), 241 * MINUTE))
    on(line, 30 * HOUR)
    assert alarms(line) == [
        f"{28 * HOUR} raised FU-NEXT low",
        f"{30 * HOUR} upgraded FU-NEXT medium",
    ]
    assert next_day(line).phases() == [f"{30 * HOUR} completed"]


def test_the_next_day_answers_the_evening_too() -> None:
    """FU-MISS ends with the check-in of the next day."""
    line = on(discharged(), 20 * HOUR)
    line.effects.clear()
    assert alarms(next_day(line)) == [f"{20 * HOUR} cleared FU-MISS medium"]
    assert line.phases() == [f"{20 * HOUR} completed"]


@pytest.mark.long
@pytest.mark.parametrize(
    ("answer", "row"),
    [
        ({"thoughts": "wish"}, "SI-1 medium"),
        ({"thoughts": "intent"}, "SI-2 high/S"),
        ({"bladder": True}, "SYM-BLAD low"),
        ({"mood": "very_low"}, "FU-UNWELL medium"),
    ],
)
def test_a_finding_of_the_next_day_ends_no_session(answer: dict[str, object], row: str) -> None:
    """The physician is told at once, privately where it must be, and it is they who end it."""
    line = on(well(on(discharged(), 241 * MINUTE)), 21 * HOUR)
    line.effects.clear()
    next_day(line, **answer)
    assert alarms(line) == [f"{21 * HOUR} raised {row}"]
    assert "1260 dr alarm" in " ".join(told(line))
    assert line.engine.alarms.sound[0].value in (
        "silent" if row.startswith("SI") else ["low", "medium"]
    )
    assert on(line, 40 * HOUR).phases() == []
    line.send(Ended(at_ms=line.now_ms, by="dr", role=Role.PHYSICIAN, reason="spoke with both"))
    assert line.phases() == [f"{40 * HOUR} ended"]


def test_a_finding_that_a_person_has_ended_lets_the_session_end() -> None:
    """Over and reset: nothing is open any more."""
    line = next_day(on(well(on(discharged(), 241 * MINUTE)), 21 * HOUR), bladder=True)
    over = Noticed(at_ms=line.now_ms, by="dr", role=Role.PHYSICIAN, what=Thing.BLADDER, over=True)
    line.send(over)
    assert line.phases() == []
    assert line.reset("bladder").phases() == [f"{21 * HOUR} completed"]


def test_an_answer_that_something_is_wrong() -> None:
    """FU-UNWELL is told to the physician at once; a better answer leaves it latched."""
    line = well(on(discharged(), 241 * MINUTE), is_well=False, role=Role.PATIENT)
    well(on(line, 250 * MINUTE))
    assert alarms(line) == [
        f"{241 * MINUTE} raised FU-UNWELL medium",
        f"{250 * MINUTE} latched FU-UNWELL medium",
    ]
    assert told(line)[1:3] == ["241 ann alarm medium", "241 dr alarm medium"]


@pytest.mark.parametrize("pressure", [165, 120])
def test_readings_are_offered_after_a_pressure_alarm(pressure: int) -> None:
    """T+180 and T+240 min, when one was confirmed in the session; nobody is late with one."""
    line = Timeline().at(50 * MINUTE)
    line.pressure = (pressure, 80, 70)
    line.at(65 * MINUTE)
    line.pressure = (120, 80, 70)
    line = on(discharged(line), 241 * MINUTE)
    asked = [180 * MINUTE, 240 * MINUTE] if pressure == 165 else []
    assert [due for _, due in line.asked(PromptKind.CUFF)] == asked
    assert on(well(line), 19 * HOUR).phases() == []
    assert alarms(line) == []


def test_a_reading_in_the_follow_up_is_judged() -> None:
    """A pressure of 185 is asked for again and becomes BP-SEV; rows of the peak rest."""
    line = on(discharged(), 180 * MINUTE).bp(185, 95)
    assert alarms(line) == [
        f"{180 * MINUTE} raised BP-WARN low",
        f"{180 * MINUTE} joined BP-HIGH low",
        f"{180 * MINUTE} joined BP-SEV low",
        f"{180 * MINUTE} joined BP-LATE low",
    ]


def test_the_oximeter_is_off() -> None:
    """What it still sends is kept and not judged; its link and the network are no alarm."""
    line = discharged()
    line.spo2(70).sample()
    assert line.refused() == ["the session is in follow-up: the oximeter is off"]
    line.send(HubCondition(at_ms=line.now_ms, condition="network_long", present=True))
    assert alarms(on(line.silence(), 239 * MINUTE)) == []


def test_an_emergency_brings_the_watching_back() -> None:
    """Help is called at T+200 min: nobody waits for an answer, a lost signal is an alarm again."""
    line = on(discharged(), 200 * MINUTE)
    line.send(HubCondition(at_ms=line.now_ms, condition="network_long", present=True))
    line.send(HelpCalled(at_ms=line.now_ms, by="p1", role=Role.PATIENT))
    assert line.phases() == [f"{200 * MINUTE} emergency"]
    on(line, 245 * MINUTE)
    assert steps(line) == []
    rows = {line.split()[2] for line in alarms(line)}
    assert {"PANIC", "SIG-LOST", "NET-DOWN+", "CUFF-OVERDUE", "CI-MISS-C"} <= rows


def test_a_further_dose_begins_again() -> None:
    """The peak comes again, and the clocks run from the new dose."""
    line = on(discharged(), 241 * MINUTE).extra_dose()
    assert line.phases() == [f"{241 * MINUTE} peak"]
    assert line.engine.chart.reports["question_asked"].present is False


def test_a_late_discharge_is_asked_half_an_hour_later() -> None:
    """Whoever was discharged at T+250 min has just been looked at."""
    line = Timeline().at(240 * MINUTE).bp(120, 80).trial().at(245 * MINUTE).bp(120, 80)
    line.at(250 * MINUTE).trial().silence()
    assert line.phases()[-1] == f"{250 * MINUTE} follow_up"
    line.effects.clear()
    assert steps(on(line, 281 * MINUTE)) == ["280 question_asked"]


def test_an_answer_that_nobody_asked_for() -> None:
    """Refused with the reason: before the discharge, and before its time."""
    line = well(Timeline().at(60))
    assert next_day(line).refused() == ["it belongs to the follow-up, the session is in onset"] * 2
    line = next_day(well(discharged()))
    assert line.refused() == [
        "the evening's question was not asked yet",
        "the next day's check-in was not asked yet",
    ]


# --- a hub that was off -----------------------------------------------------------------------


def down(line: Timeline, t_s: float, down_ms: int | None) -> Timeline:
    """The hub runs again at `t_s`."""
    line.now_ms = round((t_s + OPENED_S) * 1000)
    return line.take(MonitorDown(at_ms=line.now_ms, down_ms=down_ms))


def test_a_night_without_the_hub() -> None:
    """Both questions fell due: they are asked when it runs again, and the outage says so."""
    line = down(discharged(), 21 * HOUR, 18 * HOUR * 1000)
    reasons = [e.reason for e in line.effects if isinstance(e, AlarmChanged)]
    assert alarms(line)[0] == f"{21 * HOUR} raised MONITOR-DOWN medium"
    assert reasons[0].endswith(
        "; due meanwhile, asked now: the evening's question, the next day's check-in"
    )
    assert steps(line) == ["1260 question_asked", "1260 next_day_asked"]
    assert next_day(line).phases() == [f"{21 * HOUR} completed"]


@pytest.mark.parametrize(
    ("down_ms", "priority"), [(5_000, None), (600_000, Priority.LOW), (None, Priority.MEDIUM)]
)
def test_an_outage_in_which_nothing_was_due(down_ms: int | None, priority: Priority | None) -> None:
    """No device was watched: low, and medium when nobody can know for how long."""
    line = down(discharged(), 200 * MINUTE, down_ms)
    raised = [e.priority for e in line.effects if isinstance(e, AlarmChanged)]
    assert raised[:1] == ([priority] if priority else [])


def test_a_question_that_waited_while_the_hub_was_off() -> None:
    """Nobody could answer: FU-MISS moves to restart + 60 s."""
    line = on(discharged(), 241 * MINUTE)
    line = on(down(line, 290 * MINUTE, 48 * MINUTE * 1000), 292 * MINUTE)
    assert [one for one in alarms(line) if "FU-MISS" in one] == [
        f"{291 * MINUTE} raised FU-MISS low"
    ]


def test_a_question_that_was_late_before_the_hub_went_off() -> None:
    """FU-MISS stood: it stays, and its medium stage is not put off."""
    line = on(discharged(), 280 * MINUTE)
    line = on(down(line, 299 * MINUTE, 18 * MINUTE * 1000), 301 * MINUTE)
    assert [one for one in alarms(line) if "FU-MISS" in one] == [
        f"{270 * MINUTE} raised FU-MISS low",
        f"{300 * MINUTE} upgraded FU-MISS medium",
    ]


# --- beside an independent statement ------------------------------------------------------------


@pytest.mark.parametrize("seed", range(6))
def test_who_is_late_is_as_the_words_say(seed: int) -> None:
    """Answers at any time, or never: the alarm of the follow-up at each minute of change."""
    rng = Random(seed)  # noqa: S311 - a story, no secret
    line = discharged()
    answers: dict[str, int] = {}
    if rng.random() < 0.7:
        answers["evening"] = rng.randrange(241, 400)
    if rng.random() < 0.7:
        answers["next day"] = rng.randrange(1_201, 1_900)
    changes = {240, 269, 270, 299, 300, 1_199, 1_679, 1_680, 1_799, 1_800, 1_901, *answers.values()}
    for minute in sorted(changes):
        if line.engine.chart.phase is not Phase.FOLLOW_UP:
            break
        on(line, minute * MINUTE)
        if answers.get("evening") == minute:
            well(line)
        if answers.get("next day") == minute:
            next_day(line)
        alarm = line.engine.alarms.book.open.get("follow_up")
        got = None if alarm is None else alarm.level[0].value
        assert got == missed(minute, discharged=131, answers=answers), minute


def test_a_night_costs_a_handful_of_wakes() -> None:
    """Nobody is late: the engine wakes for its two questions and nothing else of its own."""
    line = well(on(discharged(), 245 * MINUTE))
    wakes = []
    end_ms = line.now_ms + 20 * HOUR * 1000
    while (due_ms := line.engine.next_deadline()) is not None and due_ms < end_ms:
        wakes.append(due_ms)
        line.take(Tick(at_ms=due_ms))
        if len(wakes) > 50:
            break
    assert len(wakes) <= 20, [at / 60_000 for at in wakes]


def test_the_same_day_twice() -> None:
    """The same events give the same effects, through the evening and an outage of the hub."""
    days = (discharged(), discharged())
    story: list[Event] = [
        Tick(at_ms=(240 * MINUTE + OPENED_S) * 1000),
        MonitorDown(at_ms=21 * HOUR * 1000, down_ms=3_600_000),
        NextDayAnswered(
            at_ms=22 * HOUR * 1000,
            by="p1",
            role=Role.PATIENT,
            mood="good",
            sleep="well",
            bladder=True,
            thoughts="wish",
        ),
    ]
    first, second = ([day.engine.handle(event) for event in story] for day in days)
    assert first == second
    assert [len(effects) > 0 for effects in first] == [True] * 3
