#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""tests/data/rules: a small night for each rule of solver/model/features.def, planned without the rule and
with it, as a timetable that a person reads. KERB_PIN_RULES=1 writes what comes out in place of what was
expected; look at the difference before it is committed.

In a district.yaml a line that ends in "# the rule" is only there with the rule, one that begins with
"# else:" only without. Beside it, all optional: tonight.yaml (with the rule only); earlier.yaml (the district of the night
whose plan the crews know); events.yaml (the plan is followed by what is re-planned at its as_of)."""
import os
import pathlib
import re
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
from town import KERBSIDE, SOURCE, Scratch, main, plan_message, run  # noqa: E402

RULES = SOURCE / "tests/data/rules"
TABLE = SOURCE / "solver/model/features.def"
PIN = os.environ.get("KERB_PIN_RULES")
SEARCH = ("--iterations", 300, "--quiet")


def rules_of_the_table():
    table = re.sub(r"/\*.*?\*/", "", TABLE.read_text(encoding="utf-8"), flags=re.S)
    return re.findall(r"^KI_RULE\((\w+),", table, re.M)


def clock(plan, at_ms):
    minutes = (plan.night_start_s + plan.utc_offset_s) // 60 + at_ms // 60000
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"


def minutes(ms):
    return f"{ms / 60000:.0f} min" if ms >= 60000 else f"{ms / 1000:.0f} s"


def streets(leg):
    """The streets driven, each once in a row, and which way the last of them is."""
    names = []
    for piece in leg.runs:
        name = piece.name or f"way {piece.way_id}"
        if names[-1:] != [name]:
            names.append(name)
    if len(leg.points_delta_e7) < 4 or not names:
        return ""
    deltas = list(zip(leg.points_delta_e7[2::2], leg.points_delta_e7[3::2]))
    north, east = next((step for step in reversed(deltas) if step != (0, 0)), (0, 0))
    heading = ("east" if east > 0 else "west") if abs(east) > abs(north) else "north" if north > 0 else "south"
    return "by " + ", ".join(names) + f", {heading}wards"


def stop_text(stop, kind):
    tonnes, charge = f"{stop.mass_g / 1e6:.1f} t", ""
    if stop.charge_ms:
        charge = f"charges {minutes(stop.charge_ms)} to {stop.energy_left_mwh / 1e6:.1f} kWh"
    if kind == "SWEEP":
        return f"sweeps {stop.mass_g / 1000:.0f} kg" + (f", {stop.water_ml / 1000:.0f} l" if stop.water_ml else "")
    if kind == "SERVE" and stop.swapped:
        return f"{tonnes}, full for empty"
    texts = {"START": "sets out", "END": "is back", "SERVE": f"takes {tonnes}", "REFILL": "fills water", "LOAD": f"loads {tonnes}",
             "TIP": f"tips {tonnes}" + (f", {charge}" if charge else ""), "CHARGE": charge}
    return texts[kind]


def route_lines(plan, route, kind_names):
    hours = (route.spell_end_ms - route.spell_start_ms) / 3.6e6
    yield f"{route.shift}: {route.vehicle}, {route.crew}; {clock(plan, route.spell_start_ms)} to " \
          f"{clock(plan, route.spell_end_ms)}, {hours:.2f} h, {route.length_mm / 1e6:.1f} km" + (f"; walls set to {route.setting}" if route.setting else "")
    for number, stop in enumerate(route.stops):
        kind, waits = kind_names[stop.kind][10:], stop.start_ms - stop.arrival_ms
        notes = [streets(stop.leg)]
        if stop.HasField("sweep"):
            notes.append("swept " + streets(stop.sweep)[3:])
        if stop.setup_ms:
            notes.append(f"set-up {minutes(stop.setup_ms)}")
        if waits >= 30000:
            notes.append(f"waits {minutes(waits)}")
        if kind not in ("START", "END"):
            notes.append(f"until {clock(plan, stop.end_ms)}")
        name = stop.id + (f" pass {getattr(stop, 'pass')}" if getattr(stop, "pass") else "")
        notes = "; ".join(note for note in notes if note)
        yield f"  {clock(plan, stop.start_ms)}  {name:16} {stop_text(stop, kind):26} {notes}".rstrip()
        for rest in route.breaks:
            if rest.after_stop == number:
                yield f"  {clock(plan, rest.start_ms)}  {'break':16} until {clock(plan, rest.end_ms)}"


def pile_lines(pile, plan):
    tonnes = [f"{getattr(pile, name) / 1e6:.1f}" for name in ("opening_g", "inflow_g", "hauled_g", "closing_g", "peak_g")]
    yield "{}: {} t lie there, {} come, {} are hauled away, {} stay; most {} t at {}".format(
        pile.facility, *tonnes, clock(plan, pile.peak_ms)) + (f"; {pile.reason.text}" if pile.HasField("reason") else "")


def timetable(path, Plan):
    """The plan as a person reads it: routes, what is left and why, piles, money."""
    plan = Plan.FromString(path.read_bytes())
    kind_names = {value.number: value.name for value in Plan.DESCRIPTOR.file.enum_types_by_name["StopKind"].values}
    lines = []
    for route in plan.routes:
        lines += route_lines(plan, route, kind_names)
    for decision in plan.decisions:
        if not decision.served:
            why = re.sub(r" [(](must|may):.*|: \d+ % full at service,.* a day", "", decision.reason.text)
            lines.append(f"left: {decision.id}: {why}")
    for pile in plan.piles:
        lines += pile_lines(pile, plan)
    items = [f"{line.item.replace('_', ' ')} {line.nano / 1e9:.2f}" for line in plan.cost_lines if line.nano and not line.zone]
    lines.append(f"costs {plan.cost_nano / 1e9:.2f}: " + ", ".join(items))
    return lines


def without(district):
    """The text of a district without its rule; none if nothing of it says which lines are the rule."""
    text = district.read_text(encoding="utf-8")
    changed = re.sub(r"^.*# the rule *\n", "", text, flags=re.M)
    changed = re.sub(r"^( *)# else: ?", r"\1", changed, flags=re.M)
    return changed if changed != text else None


def planned(district, out, *more):
    run(KERBSIDE, "plan", district, "-o", out, *SEARCH, *more, ok=(0, 5))
    return out


def what_comes_out(folder, tmp, Plan):
    district, tonight, events, earlier = (folder / name for name in
                                          ("district.yaml", "tonight.yaml", "events.yaml", "earlier.yaml"))
    more, lines = [], []
    if earlier.exists():
        more += ["--familiar", planned(earlier, tmp / "earlier.pb")]
    plain = without(district)
    if plain or tonight.exists():
        beside = folder / "without.yaml"
        beside.write_text(plain or district.read_text(encoding="utf-8"), encoding="utf-8")
        lines += ["Without the rule", *timetable(planned(beside, tmp / "without.pb", *more), Plan), ""]
    if tonight.exists():
        more += ["--tonight", tonight]
    plan = planned(district, tmp / "plan.pb", *more)
    if events.exists():
        lines += ["The plan", *timetable(plan, Plan), ""]
        run(KERBSIDE, "replan", district, plan, events, "-o", tmp / "new.pb", "--problem", tmp / "rest.pb", *SEARCH, ok=(0, 5))
        plan = tmp / "new.pb"
    return [*lines, "With the rule", *timetable(plan, Plan)]


def test_every_rule_has_an_example_and_every_example_a_rule():
    folders = {path.name for path in RULES.iterdir() if path.is_dir()}
    rules = set(rules_of_the_table())
    assert len(rules) >= 30, rules
    assert rules == folders, f"no example: {sorted(rules - folders)}; no rule: {sorted(folders - rules)}"


def test_every_example_comes_out_as_expected_and_the_rule_makes_a_difference():
    Plan, faults = plan_message(), []
    for rule in rules_of_the_table():
        folder = RULES / rule
        if not folder.is_dir():
            continue  # the test above
        with Scratch() as tmp:
            shutil.copytree(RULES, tmp / "rules")
            try:
                lines = what_comes_out(tmp / "rules" / rule, tmp, Plan)
            except AssertionError as fault:
                faults.append(f"{rule}: {fault}")
                continue
        heads = [at for at, line in enumerate(lines) if line in ("Without the rule", "The plan", "With the rule")]
        if len(heads) < 2 or lines[heads[0] + 1:heads[1] - 1] == lines[heads[1] + 1:]:
            faults.append(f"{rule}: nothing else comes out without it")
        expected, text = folder / "expected.txt", "\n".join(lines) + "\n"
        if PIN:
            expected.write_text(text, encoding="utf-8")
        elif expected.read_text(encoding="utf-8") != text:
            faults.append(f"{rule}: expected.txt differs (KERB_PIN_RULES=1 writes it); now\n{text}")
    assert not faults, "\n".join(faults)


def test_every_example_says_what_it_shows():
    for folder in sorted(path for path in RULES.iterdir() if path.is_dir()):
        text = (folder / "README.md").read_text(encoding="utf-8")
        assert text.startswith("# ") and len(text.splitlines()) >= 3 and len(text) < 1200, folder.name


if __name__ == "__main__":
    main(sys.modules[__name__])
