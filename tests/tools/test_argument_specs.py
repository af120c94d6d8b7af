# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The check of the defaults finds each way in which two places can differ."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from argument_specs import against_defaults, against_module


def test_equal_places_are_no_breach():
    spec = {"r_a": {"type": "str", "default": "x"}, "r_b": {"type": "list", "elements": "str"}}
    assert not list(against_defaults(spec, {"r_a": "x"}))
    assert not list(against_module(spec, {"a": {"type": "str", "default": "x"}, "b": {"type": "list", "elements": "str"}}, "r_"))


def test_a_default_in_one_place_alone_is_a_breach():
    assert list(against_defaults({"r_a": {"default": False}}, {})) == ["r_a: default False in argument_specs, '(none)' in defaults/main.yml"]
    assert list(against_defaults({}, {"r_a": 1})) == ["r_a: in defaults/main.yml, not in argument_specs"]


def test_the_module_is_compared_in_depth():
    wanted = {"a": {"type": "dict", "suboptions": {"b": {"type": "int", "default": 24}}}, "c": {"type": "str"}}
    spec = {"r_a": {"type": "dict", "options": {"b": {"type": "int", "default": 25}}}}
    assert list(against_module(spec, wanted, "r_")) == [
        "r_a: b: default 25 in argument_specs, 24 in the module",
        "r_c: an option of the module that the role does not take",
    ]
