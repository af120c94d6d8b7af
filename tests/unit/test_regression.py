# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Macros, tables, host names and addresses: the rows of tests/fixtures/regression, put to our code; tests/oracle asks Postfix the same."""

import pathlib
import sys

import pytest

from ansible_collections.relaylock.postfix.plugins.module_utils._postfix import lookups, parameter_kinds
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.files import Files
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.macros import MacroError, compatibility_level, expand
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.reading_order import program_of, visible
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.tables import TableError, Tables

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "fixtures"))
from regression import macros, names, tables  # noqa: E402


@pytest.mark.parametrize("text, expected", macros.ROWS + macros.LEVELS)
def test_macros(text, expected):
    try:
        found = expand(text, macros.DEFINED.get)
    except MacroError:
        found = macros.DIES
    assert found == expected


@pytest.mark.parametrize("text, good", macros.LEVEL_VALUES)
def test_levels(text, good):
    assert (parameter_kinds.check_value("compatibility_level", text, (3, 7)) is None) is good
    try:
        compatibility_level(text)
    except MacroError:
        assert not good
    else:
        assert good


@pytest.fixture
def opened(tmp_path):
    """The tables of the fixture: a function from type:name to a table."""
    for kind, text in tables.FILES.items():
        (tmp_path / kind).write_text(text)
    return lambda spec: Tables(Files()).open(spec if spec.partition(":")[2] else "{0}:{1}".format(spec, tmp_path / spec))


@pytest.mark.parametrize("spec, key, expected", tables.NAMED + tables.INLINE_PATTERNS + [(kind, key, answer) for kind in sorted(tables.PROBES)
                                                                for key, answer in tables.PROBES[kind]])
def test_tables(opened, spec, key, expected):
    try:
        found = opened(spec).get(key)
    except TableError:
        found = tables.FAILS
    assert found == expected


@pytest.mark.parametrize("name, good", names.HOSTNAMES)
def test_host_names(name, good):
    assert lookups.valid_hostname(name) is good
    assert (parameter_kinds.check_value("myhostname", name, (3, 7)) is None) is good


@pytest.mark.parametrize("program, name, reader, expected", [
    ("smtpd", "myorigin", "mydestination", False), ("smtpd", "mydomain", "mydestination", True), ("smtpd", "smtpd_banner", "mynetworks", False),
    ("smtpd", "service_name", "compatibility_level", True), ("smtpd", "virtual_transport", "a_class", False),
    ("smtpd", "smtpd_helo_required", "a_class", True), ("trivial-rewrite", "virtual_transport", "virtual_alias_domains", True),
])
def test_reading_order(program, name, reader, expected):
    assert visible(program, name, reader) is expected


def test_programs():
    assert program_of("/usr/lib/postfix/sbin/smtpd") == "smtpd"
    assert program_of("smtp") is None and program_of("postfix") is None
