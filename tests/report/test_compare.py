# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Against an earlier report: what is new, what is fixed, since when. The earlier one comes from a file, and may be anything."""

import json

import pytest
import samples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.relaylock.postfix.plugins.plugin_utils._report import compare, document, files
from ansible_collections.relaylock.postfix.plugins.plugin_utils._report.formats import as_json

DAYS = ["2026-11-{0}T06:00:00Z".format(day) for day in range(10, 30)]


def after(*days):
    """The documents of {host: [instance]} for one day after the other, each compared with that of the day before."""
    made = []
    for now, hosts in zip(DAYS, days):
        earlier = compare.earlier_document(json.loads(as_json.render(made[-1])), document.SCHEMA_VERSION) if made else None
        made.append(samples.report(hosts, earlier, now))
    return made


def one(*findings, state="closed", **values):
    return {"mx1": [samples.judged(samples.info(state, findings=list(findings), **values))]}


def told(made):
    """(new, since) of each finding of the only instance, and the messages that are fixed."""
    (found,) = made["hosts"][0]["instances"]
    return [(finding["new"], finding["since"]) for finding in found["findings"]], [finding["message"] for finding in found["fixed"]]


def test_without_an_earlier_report_nothing_is_new():
    (first,) = after(one(samples.finding()))
    assert told(first) == ([(False, None)], [])
    assert (first["compared_with"], first["hosts"][0]["since"], first["hosts"][0]["was"]) == (None, None, None)


def test_what_stays_is_as_old_as_the_first_report_of_it():
    made = after(one(samples.finding()), one(samples.finding(line=9)), one(samples.finding(line=12)))
    assert [told(each)[0] for each in made] == [[(False, None)], [(False, DAYS[0])], [(False, DAYS[0])]]
    assert (made[2]["hosts"][0]["was"], made[2]["hosts"][0]["since"]) == ("closed", DAYS[0])
    assert made[2]["compared_with"] == {"generated": DAYS[1], "hosts_gone": []}


def test_what_comes_is_new_once_and_what_goes_is_fixed_once():
    added = samples.finding(parameter="relay_domains")
    made = after(one(), one(added), one(added), one(), one())
    assert [told(each) for each in made] == [
        ([], []), ([(True, DAYS[1])], []), ([(False, DAYS[1])], []), ([], [added["message"]]), ([], [])]
    assert [(each["totals"]["new"], each["totals"]["fixed"]) for each in made] == [(0, 0), (1, 0), (0, 0), (0, 1), (0, 0)]
    fixed = made[3]["hosts"][0]["instances"][0]["fixed"][0]
    assert fixed["since"] == DAYS[1]


def test_another_witness_is_the_same_finding():
    stranger = samples.finding("stranger_relays", "critical")
    made = after(one(stranger), one(dict(stranger, message="from another address")))
    assert told(made[1]) == ([(False, DAYS[0])], [])


def test_of_several_at_one_parameter_each_is_its_own():
    networks = [samples.finding(message="{0} in mynetworks".format(net)) for net in "abc"]
    made = after(one(*networks[:2]), one(networks[1], networks[2]))
    assert told(made[1]) == ([(False, DAYS[0]), (True, DAYS[1])], ["a in mynetworks"])


def test_equal_findings_are_counted():
    made = after(one(samples.finding()), one(samples.finding(), samples.finding(line=7)))
    assert told(made[1]) == ([(False, DAYS[0]), (True, DAYS[1])], [])


def test_a_waived_finding_is_neither_new_nor_fixed_in_the_totals():
    waived = samples.finding(waived=True)
    made = after(one(), one(waived), one())
    assert [(each["totals"]["new"], each["totals"]["fixed"]) for each in made] == [(0, 0)] * 3


def test_a_day_without_a_verdict_fixes_nothing_and_makes_nothing_new():
    made = after(one(samples.finding()), {"mx1": [samples.unreachable()]}, one(samples.finding()))
    assert made[1]["totals"]["fixed"] == 0
    assert told(made[2]) == ([(False, None)], [])
    assert [(each["hosts"][0]["was"], each["hosts"][0]["since"]) for each in made[1:]] == [("closed", DAYS[1]), ("unreachable", DAYS[2])]


def test_hosts_come_and_go():
    two = dict(one(), mx2=[samples.judged(samples.info(findings=[samples.finding()]))])
    made = after(one(), two, one())
    new = made[1]["hosts"][1]
    assert (new["name"], new["was"], new["since"], new["instances"][0]["findings"][0]["new"]) == ("mx2", None, DAYS[1], True)
    assert made[2]["compared_with"]["hosts_gone"] == ["mx2"]


def test_a_directory_that_gets_a_name_stays_the_instance():
    made = after(one(samples.finding()), one(samples.finding(), config_directory="/etc/postfix"))
    assert told(made[1]) == ([(False, DAYS[0])], [])


def test_a_long_text_is_the_same_tomorrow():
    made = after(one(samples.finding(message="x" * 5000)), one(samples.finding(message="x" * 5000)))
    assert told(made[1]) == ([(False, DAYS[0])], [])


GOOD = json.loads(as_json.render(samples.fleet()))


@pytest.mark.parametrize("raw", [
    None, [], "report", {}, {"schema_version": 2}, dict(GOOD, schema_version=0), dict(GOOD, generated="yesterday"), dict(GOOD, hosts=None),
    dict(GOOD, hosts=[None]), dict(GOOD, hosts=[{"name": "mx1"}]), dict(GOOD, hosts=[dict(GOOD["hosts"][0], state="fine")]),
    dict(GOOD, hosts=[dict(GOOD["hosts"][0], instances=[dict(GOOD["hosts"][0]["instances"][0], findings=[{"id": "x"}])])]),
])
def test_what_is_no_report_is_refused_with_a_sentence(raw, tmp_path):
    path = tmp_path / "report.json"
    path.write_text(json.dumps(raw))
    with pytest.raises(ValueError):
        files.read_earlier(str(path))


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff\xfe", b"[" * 100000])
def test_what_is_no_json_is_refused(raw, tmp_path):
    (tmp_path / "report.json").write_bytes(raw)
    with pytest.raises(ValueError):
        files.read_earlier(str(tmp_path / "report.json"))


JSON = st.recursive(st.none() | st.booleans() | st.integers() | samples.HOSTILE_TEXT,
                    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "state", "id", "since"]), inner, max_size=3),
                    max_leaves=8)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(sorted(GOOD["hosts"][0]) + sorted(GOOD["hosts"][0]["instances"][0])), JSON, max_size=4))
def test_a_damaged_report_is_taken_or_refused_never_more(changes):
    host = dict(GOOD["hosts"][0], **changes)
    try:
        earlier = compare.earlier_document(dict(GOOD, hosts=[host]), document.SCHEMA_VERSION)
    except ValueError:
        return
    samples.report(one(), earlier)
