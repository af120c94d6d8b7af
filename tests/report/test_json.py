# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON against the schema that is shipped with it."""

import copy
import json

import jsonschema
import pytest
import samples
from hypothesis import given

from ansible_collections.relaylock.postfix.plugins.plugin_utils._report import about
from ansible_collections.relaylock.postfix.plugins.plugin_utils._report.formats import as_json

SCHEMA = json.loads((about.ROOT / "plugins/plugin_utils/_report/report.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def written(made):
    """The document as who reads the file gets it."""
    text = as_json.render(made)
    text.encode("ascii")
    return json.loads(text)


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("made", [samples.fleet(), samples.report({}), samples.report(
    {"mx1": [samples.judged(samples.info(findings=[samples.finding()]))]}, {"generated": samples.NOW, "hosts": []})])
def test_documents_are_valid_and_whole(made):
    assert written(made) == made
    VALIDATOR.validate(written(made))


@pytest.mark.parametrize("text", samples.HOSTILE)
def test_hostile_documents_are_valid(text):
    VALIDATOR.validate(written(samples.hostile(text)))


@given(samples.HOSTILE_TEXT)
def test_any_text_makes_a_valid_document(text):
    VALIDATOR.validate(written(samples.hostile(text)))


def nodes(value):
    """Every dictionary within a document whose keys the schema names."""
    if isinstance(value, dict):
        yield value
        for key, inner in value.items():
            if key != "xclient":
                for found in nodes(inner):
                    yield found
    elif isinstance(value, list):
        for inner in value:
            for found in nodes(inner):
                yield found


def test_a_field_more_or_less_is_not_valid():
    whole = samples.hostile("x")
    count = len(list(nodes(whole)))
    assert count > 20
    for index in range(count):
        more = copy.deepcopy(whole)
        list(nodes(more))[index]["unheard_of"] = None
        assert not VALIDATOR.is_valid(more), list(nodes(whole))[index]
        for key in list(nodes(whole))[index]:
            less = copy.deepcopy(whole)
            del list(nodes(less))[index][key]
            assert not VALIDATOR.is_valid(less), key


@pytest.mark.parametrize("change", [
    lambda made: made.update(schema_version=2), lambda made: made.update(generated="2026-11-27 12:00"), lambda made: made["hosts"][0].update(state="fine"),
    lambda made: made["hosts"][0].update(instances=[]), lambda made: made["hosts"][0]["instances"][0].update(after="failed"),
    lambda made: made["hosts"][0]["instances"][1]["findings"][0].update(severity="none"),
    lambda made: made["hosts"][0]["instances"][1]["findings"][0].update(message="x" * 3000)])
def test_the_schema_refuses(change):
    made = samples.hostile("x")
    change(made)
    assert not VALIDATOR.is_valid(made)


def test_a_host_is_a_line():
    lines = as_json.render(samples.fleet()).splitlines()
    assert len(lines) == 2 + 9
    assert json.loads(lines[1].rstrip(","))["name"] == "mx1.example.com"
