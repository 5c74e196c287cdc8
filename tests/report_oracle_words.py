"""What a page must say, word by word, by a program that knows no report.

expected = Oracle(json_lines(records))
expected.boxes()["Data coverage"]      -> ["98.8 %", "of 132 min watched", ...]
"""

from tests.report_oracle import WATCHED, Json, Measured, length, plain

__all__ = ["Oracle"]

_RANK = {"low": 2, "medium": 4, "high": 6}
_AT = (-15, 20, 40, 60, 90, 120)


class Oracle(Measured):
    """One session in the words of its page."""

    def boxes(self) -> dict[str, list[str]]:
        """The boxes of the first page, as far as they hold numbers of the record."""
        whole, known, low, episodes, gap = self.grid()
        unknown = f"unknown for {length((whole - known) * 1000)}"
        found: dict[str, list[str]] = {}
        spo2, pulse = self.seen(0), self.seen(1)
        if spo2:
            value, at = min((value, at) for at, value in spo2)
            found["Lowest SpO\u2082"] = [f"{plain(value)} %", self.when(at)]
            many = (
                "never seen below" if not episodes else f"{episodes} episode" + "s" * (episodes > 1)
            )
            found["Time below 90 %"] = [length(low * 1000), many, unknown]
        else:
            found["Lowest SpO\u2082"] = ["not measured", unknown]
            found["Time below 90 %"] = ["not known", unknown]
        begin = self.doses[0] if self.doses else self.opened["at_ms"]
        tops = [(sbp, dbp, -at) for at, sbp, dbp in self.cuff if at >= begin]
        found["Highest pressure mmHg"] = ["not measured"]
        if tops:
            sbp, dbp, minus = max(tops)
            beside = "no value before the dose"
            if "sbp" in self.baselines:
                rise = sbp - self.baselines["sbp"]
                sign = "-" if rise < 0 else "+"
                beside = f"systolic {sign}{plain(abs(rise))} from before the dose"
            found["Highest pressure mmHg"] = [
                f"{plain(sbp)}/{plain(dbp)}",
                self.when(-minus),
                beside,
            ]
        before = self.baselines.get("pulse")
        found["Pulse /min"] = ["not measured"]
        if pulse:
            values = [value for _, value in pulse]
            known_before = "not known" if before is None else plain(before)
            found["Pulse /min"] = [
                f"{plain(min(values))} to {plain(max(values))}",
                f"before the dose {known_before}",
            ]
        found["Lowest MOAA/S"] = ["not rated"]
        if self.ratings:
            rating, at = min((rating, at) for at, rating in self.ratings)
            found["Lowest MOAA/S"] = [f"{rating} of 5", self.when(at)]
        found["Lowest MOAA/S"].append(self._distress())
        tenths = known * 1000 // whole if whole else 0
        gap_words = "no gap over 15 s"
        if gap > 15000:
            gap_words = f"longest gap {length(gap)} from {self.after(self.gap[1])}"
        found["Data coverage"] = [
            f"{tenths // 10}.{tenths % 10} %" if whole else "not known",
            f"of {whole // 60} min watched",
            gap_words,
        ]
        return found

    def _distress(self) -> str:
        said = [
            (one["number"], -one["at_ms"])
            for one in self.events("Noticed")
            if one["what"] == "distress"
            and one.get("number") is not None
            and any(span.start <= one["at_ms"] <= span.stop for span in self.spans)
        ]
        if not said:
            return "distress: not asked"
        number, minus = max(said)
        return f"distress at most {number} of 10, {self.after(-minus)}"

    def pressures(self) -> list[list[str]]:
        """The table of scheduled times."""
        rows = []
        end = self.until
        closed = self.of("PhaseChanged")[-1]["phase"] not in WATCHED
        for number, dose in enumerate(self.doses):
            following = self.doses[number + 1] if number + 1 < len(self.doses) else None
            row = []
            for minute in _AT:
                due = dose + minute * 60000
                if minute < 0 and number:
                    continue
                name = f"T{minute:+d}" if number == 0 else f"dose {number + 1} {minute:+d} min"
                near = [
                    one
                    for one in self.cuff
                    if (minute < 0 and self.opened["at_ms"] <= one[0] <= dose)
                    or (
                        minute > 0
                        and due - 600000 <= one[0] <= due + 600000
                        and one[0] > dose
                        and (following is None or one[0] < following)
                    )
                ]
                if near:
                    at, sbp, dbp = min(near, key=lambda one: (abs(one[0] - due), one[0]))
                    row.append(f"{name} {plain(sbp)}/{plain(dbp)} at {self.when(at)}")
                elif minute > 0 and following is not None and due >= following:
                    row.append(f"{name} a further dose came first")
                elif due > end and minute > 0:
                    row.append(f"{name} " + ("watching had ended" if closed else "not due yet"))
                else:
                    row.append(f"{name} not measured")
            rows.append(row)
        return rows

    def alarms(self) -> list[list[str]]:
        """The table of all alarms without its words: mark, times, lengths, answers, end."""
        return [
            self._alarm(name) for name in dict.fromkeys(x["id"] for x in self.of("AlarmChanged"))
        ]

    def _alarm(self, name: str) -> list[str]:
        lines = [one for one in self.of("AlarmChanged") if one["id"] == name]
        raised = lines[0]["at_ms"]
        top = max(lines, key=lambda x: _RANK[x["priority"]] + (x["alarm_class"] == "E"))
        marks = {"low": "!", "medium": "!!", "high": "!!!"}[top["priority"]]
        lasted, gone, over = self._presence(lines)
        sound = self._sound(raised, lines)
        heard = "no sound"
        if sound is not None:
            heard = f"after {length(sound - raised)}" if sound > raised else "at once"
        reset = [one for one in lines if one["transition"] == "reset" and one.get("by")]
        end = f"reset by {self._name(reset[-1]['by'])}" if reset else "cleared"
        if not over:
            end = "never reset" if gone else "open at the end"
        return [
            marks + (f" {top['alarm_class']}" if top["alarm_class"] else ""),
            f"{self.after(raised)} {self.clock(raised)}",
            length(lasted) + ("" if gone else ", not gone"),
            heard,
            *self._answers(lines, raised if sound is None else sound),
            end,
        ]

    def _presence(self, lines: list[Json]) -> tuple[int, bool, bool]:
        """For how long a row was present, whether the last has gone, whether nothing is latched."""
        present: set[str] = set()
        kept: set[str] = set()
        lasted, since = 0, None
        for line in lines:
            row, step = line["row"], line["transition"]
            if step in ("raised", "joined", "upgraded"):
                present.add(row)
                kept.discard(row)
            elif step in ("cleared", "latched", "reset"):
                present.discard(row)
                kept.discard(row)
                kept |= {row} if step == "latched" else set()
            if present and since is None:
                since = line["at_ms"]
            elif not present and since is not None:
                lasted, since = lasted + line["at_ms"] - since, None
        if since is not None:
            lasted += self.until - since
        return lasted, since is None, not present and not kept

    def _answers(self, lines: list[Json], base: int) -> list[str]:
        """The first answer of anybody, of the companion, of a physician."""
        who: dict[str, Json] = {}
        for line in lines:
            if line["transition"] in ("acknowledged", "accepted") and line.get("by"):
                role = str(self.names.get(line["by"], {}).get("role"))
                who.setdefault("first", line)
                who.setdefault("physician" if role in ("physician", "backup") else role, line)
        return [
            f"{self._name(who[one]['by'])} {length(max(0, who[one]['at_ms'] - base))},"
            f" {who[one]['transition']}"
            if one in who
            else "none"
            for one in ("first", "companion", "physician")
        ]

    def _sound(self, raised: int, lines: list[Json]) -> int | None:
        """The first moment at which the loudspeaker plays while this alarm waits for an answer."""
        private = {"SI-1", "SI-2"}
        if {one["row"] for one in lines} <= private:
            return None
        answered = [x["at_ms"] for x in lines if x["transition"] in ("acknowledged", "accepted")]
        over = [lines[-1]["at_ms"]] if lines[-1]["transition"] in ("cleared", "reset") else []
        until = min([*answered, *over, self.until])
        sounds = [(one["at_ms"], one["pattern"] != "silent") for one in self.of("Sound")]
        before = [loud for at, loud in sounds if at < raised]
        if before and before[-1]:
            return raised
        return next((at for at, loud in sounds if loud and raised <= at <= until), None)

    def _name(self, person: str) -> str:
        return str(self.names[person]["name"]) if person in self.names else person

    def messages(self) -> list[list[str]]:
        """The table of messages: times, person, channel, states."""
        found: dict[str, list[str]] = {}
        sent: dict[str, Json] = {}
        for line in self.lines:
            event = line["event"]
            if event["event"] == "DeliveryReported" and event["delivery"] in sent:
                base = sent[event["delivery"]]["at_ms"]
                wait = length(event["at_ms"] - base)
                found[event["delivery"]].append(f"{event['state']} after {wait}")
            elif event["event"] == "DeliveryAnswered" and event["delivery"] in sent:
                base = sent[event["delivery"]]["at_ms"]
                wait = length(event["at_ms"] - base)
                found[event["delivery"]].append(f"answered: {event['verdict']} after {wait}")
            for one in line["effects"]:
                if one["effect"] == "Send" and one["delivery"] not in sent:
                    sent[one["delivery"]] = one
                    found[one["delivery"]] = []
                elif one["effect"] == "CancelSend" and one["delivery"] in sent:
                    wait = length(one["at_ms"] - sent[one["delivery"]]["at_ms"])
                    found[one["delivery"]].append(f"taken back after {wait}")
        return [
            [
                self.clock(one["at_ms"]),
                self.after(one["at_ms"]),
                f"{self._name(one['contact'])} ({self.names[one['contact']]['role']})",
                one["channel"],
                ", ".join(found[name]) or "nothing was heard of it",
            ]
            for name, one in sent.items()
        ]

    def rems(self) -> dict[str, str]:
        """The fields of the form that are numbers."""
        if not self.doses:
            return {}
        last = [one for one in self.cuff if self.doses[0] < one[0] <= self.until]
        base = self.baselines
        forty = self.pressures()[0][2].split(" ", 1)[1].split(" at ")[0]
        before = "not measured"
        if "sbp" in base and "dbp" in base:
            before = f"{plain(base['sbp'])}/{plain(base['dbp'])}"
        return {
            "Total minutes": f"{(self.until - self.doses[0]) // 60000} min",
            "Blood pressure before": before,
            "Blood pressure 40 min after": forty if forty[0].isdigit() else "not measured",
            "Blood pressure at the end": (
                f"{plain(last[-1][1])}/{plain(last[-1][2])}" if last else "not measured"
            ),
        }
