# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The clients that stand for all: whatever answers some client gets, one of the representatives gets the same."""

from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.relaylock.postfix.plugins.module_utils._postfix import lookups
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.configuration import Configuration
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.files import Files
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.main_cf import MainCf
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.match_lists import ListError
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.networks import format_address, parse_address
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.tables import Maps
from ansible_collections.relaylock.postfix.plugins.module_utils._relay import dialogues
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.judge import listeners, make_listener
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.trust import Trust

# Everything happens in 20.0.0.0/28 and 2600::/124, and every address there is tried; one outside stands for the rest.
WORLD = ([(4, (20 << 24) + number) for number in range(16)] + [(6, (0x2600 << 112) + number) for number in range(16)]
         + [parse_address(text) for text in ("30.0.0.1", "20.0.1.0", "2700::1")])
NETWORKS = ["20.0.0.{0}/{1}".format(first & -(1 << (32 - length)) & 15, length) for first in range(16) for length in range(28, 33)] + [
    "2600::{0:x}/{1}".format(first & -(1 << (128 - length)) & 15, length) for first in range(16) for length in range(124, 129)]
KEYS = (["20.0.0.{0}".format(number) for number in range(16)] + ["2600::{0:x}".format(number) for number in range(1, 16)]
        + ["20", "20.0", "20.0.0", "20.0.0.3/32", "20.0.0.0/30", "2600:0::5", "[20.0.0.1]", "unknown"])
ANSWERS = ["OK", "REJECT", "DUNNO"]

cidr = st.lists(st.tuples(st.sampled_from(["{n} {a}"] * 4 + ["!{n} {a}", "if {n}", "if !{n}", "endif"]), st.sampled_from(NETWORKS),
                          st.sampled_from(ANSWERS)), min_size=1, max_size=8)
exact = st.lists(st.tuples(st.sampled_from(KEYS), st.sampled_from(ANSWERS)), min_size=1, max_size=8)
trusted = st.lists(st.tuples(st.sampled_from(["", "", "!"]), st.sampled_from(NETWORKS)), max_size=6)


def cidr_text(rules):
    return "cidr:{" + ", ".join("{" + form.format(n=network, a=answer) + "}" for form, network, answer in rules) + "}"


def exact_text(entries):
    return "inline:{" + ", ".join("{0}={1}".format(key, answer) for key, answer in entries) + "}"


def answers_of(listener, specs, address):
    text = format_address(address)
    try:
        own = listener.mynetworks.matches_client("unknown", text)
    except ListError as exc:
        own = str(exc)
    tables = [Maps(spec, listener.tables) for spec in specs]
    return (address[0], own) + tuple(lookups.address(table, text) for table in tables)


@settings(max_examples=150, deadline=None)
@given(cidr, exact, exact, trusted)
def test_no_class_of_clients_is_lost(rules, entries, others, patterns):
    specs = [cidr_text(rules), exact_text(entries), "unionmap:{" + cidr_text(rules[:3]) + ", " + exact_text(entries) + "}"]
    words = [marks + (network if ":" not in network else "[{0}]/{1}".format(*network.split("/"))) for marks, network in patterns]
    main = "mynetworks = {0}\nsmtpd_client_restrictions = {1}\n".format(
        ", ".join(words + [exact_text(others)]), ", ".join("check_client_access " + spec for spec in specs))
    configuration = Configuration(MainCf(main.encode()), None, (3, 7), Files())
    listener = make_listener(configuration, listeners(configuration)[0])
    # Declared trust, so that every address of this small world is a stranger's.
    box = dialogues.strangers(listener, Trust([]))
    represented = {answers_of(listener, specs, parse_address(text)) for dummy, text in box.clients}
    assert {answers_of(listener, specs, address) for address in WORLD} <= represented
