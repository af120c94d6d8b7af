# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which tasks are ours, in the shapes that tasks have on ansible-core 2.16 and from 2.19 on. test_runs.py asks the real ones."""

import types

import pytest

from ansible_collections.relaylock.postfix.plugins.plugin_utils._report import plays


class Old(object):
    """A task of 2.16: the name that the action stands for is a plain attribute."""

    def __init__(self, action, resolved=None, collections=None):
        self.action = action
        self.resolved_action = resolved
        self.collections = collections


class New(object):
    """A task of 2.19: asking for that name too early is a warning to the user."""

    def __init__(self, action, resolved=None, collections=None):
        self.action = action
        self._resolved_action = resolved
        self.collections = collections

    @property
    def resolved_action(self):
        raise AssertionError("the user would be warned")


@pytest.mark.parametrize("kind", [Old, New])
@pytest.mark.parametrize(("arguments", "fields", "module"), [
    (("relaylock.postfix.relay_info", "relaylock.postfix.relay_info"), {}, "relay_info"),
    (("relay_baseline", "relaylock.postfix.relay_baseline"), {}, "relay_baseline"),
    (("relay_info", "ansible.legacy.relay_info"), {}, None),
    (("relay_info", None, ["relaylock.postfix"]), {}, "relay_info"),
    (("relay_info", None, ["community.general"]), {}, None),
    (("relay_info", None, None), {}, None),
    (("{{ module }}", None), {}, None),
    (("{{ module }}", None), {"action": "relaylock.postfix.relay_info"}, "relay_info"),
    (("{{ module }}", None), {"_resolved_action": "relaylock.postfix.relay_info", "action": "relay_info"}, "relay_info"),
    (("ansible.builtin.ping", "ansible.builtin.ping"), {}, None),
])
def test_a_module_of_ours_is_known_by_any_name(kind, arguments, fields, module):
    assert plays.module_of(kind(*arguments), fields) == module


@pytest.mark.parametrize("shape", [dict(host=1, task=2), dict(_host=1, _task=2)])
def test_a_result_s_parts_are_found_in_both_shapes(shape):
    result = types.SimpleNamespace(**shape)
    assert (plays.part(result, "host"), plays.part(result, "task")) == (1, 2)


def block(*tasks, rescue=()):
    return types.SimpleNamespace(block=list(tasks), rescue=list(rescue), always=[])


def play(tasks=(), handlers=(), roles=()):
    return types.SimpleNamespace(get_tasks=lambda: list(tasks), handlers=list(handlers), get_roles=lambda: list(roles))


OURS = New("relaylock.postfix.relay_info", "relaylock.postfix.relay_info")
OTHER = New("ansible.builtin.ping", "ansible.builtin.ping")


def role(*blocks, dependencies=()):
    return types.SimpleNamespace(get_task_blocks=lambda: list(blocks), get_all_dependencies=lambda: list(dependencies))


def include(name):
    task = New("ansible.builtin.include_role", "ansible.builtin.include_role")
    task._role_name = name
    return task


@pytest.mark.parametrize(("subject", "expected"), [
    (play([block(OTHER)]), False), (play([block(OTHER, OURS)]), True), (play([block(block(OTHER, rescue=[OURS]))]), True),
    (play([[block(OURS)]]), True), (play(handlers=[block(OURS)]), True), (play(roles=[role(block(OURS))]), True),
    (play(roles=[role(dependencies=[role(block(OURS))])]), True), (play(roles=[role(block(OTHER))]), False),
    (play([block(include("relaylock.postfix.relay_baseline"))]), True), (play([block(include("other.role"))]), False)])
def test_a_play_that_will_use_our_modules_is_known_before_it_does(subject, expected):
    assert plays.uses_our_modules(subject) is expected


def test_hosts_of_the_same_groups_share_their_names():
    def host(*names):
        return types.SimpleNamespace(get_groups=lambda: [types.SimpleNamespace(name=name) for name in names])
    groups = plays.GroupNames()
    first = groups(host("mail", "all", "site_a"))
    assert first == ("mail", "site_a")
    assert groups(host("site_a", "mail")) is first
    assert groups(host("all", "ungrouped")) == ()
