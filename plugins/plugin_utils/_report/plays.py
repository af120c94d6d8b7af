# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Ansible's plays and tasks are to a report, on every ansible-core from 2.16 on. Nothing of Ansible is imported."""

import sys

from .results import MODULES

COLLECTION = "relaylock.postfix"
ROLE = "relay_baseline"

_NAMES = dict(("{0}.{1}".format(COLLECTION, module), module) for module in MODULES)


def part(result, name):
    """Return host, task, task_fields or result of a task's result: by property from 2.19 on, with an underscore before."""
    found = getattr(result, name, None)
    return found if found is not None else getattr(result, "_" + name)


def module_of(task, fields=None):
    """Return the short name of the module of ours that a task runs, or None.

    :param dict fields: the task's fields as they were on a host, where the name of the module is a template
    """
    # From 2.19 on, `resolved_action` without the underscore warns the user where the name is not resolved yet.
    inner = getattr(task, "__dict__", {})
    for resolved in ((fields or {}).get("_resolved_action"), getattr(task, "_resolved_action", None), inner.get("resolved_action")):
        if resolved:
            return _NAMES.get(resolved)
    action = str((fields or {}).get("action") or getattr(task, "action", None) or "")
    if action in MODULES and COLLECTION in (getattr(task, "collections", None) or []):
        return action
    return _NAMES.get(action)


def is_of_our_role(task):
    """Tell whether a task belongs to the role that runs relay_baseline."""
    role = getattr(task, "_role", None)
    return role is not None and role.get_name() == "{0}.{1}".format(COLLECTION, ROLE)


def uses_our_modules(play):
    """Tell whether a play holds a task of ours that can be seen before it runs: what is included by tasks cannot."""
    blocks = list(play.get_tasks()) + list(play.handlers)
    for role in play.get_roles():
        for one in [role] + list(role.get_all_dependencies()):
            blocks.extend(one.get_task_blocks())
    return any(_is_ours(one) for one in blocks)


def _is_ours(node):
    if hasattr(node, "block"):
        return any(_is_ours(one) for section in (node.block, node.rescue, node.always) for one in section or [])
    if isinstance(node, (list, tuple)):
        return any(_is_ours(one) for one in node)
    included = getattr(node, "_role_name", None)
    if included is not None and str(included) in (ROLE, "{0}.{1}".format(COLLECTION, ROLE)):
        return True
    return module_of(node) is not None


def hosts_of(play, batch=False):
    """Return all hosts of a play, or those of the batch that runs now."""
    return play.get_variable_manager()._inventory.get_hosts(play.hosts, ignore_restrictions=not batch)


def is_in_step(play):
    """Tell whether the hosts of a batch do each task together."""
    return str(play.strategy).rpartition(".")[2] == "linear"


class GroupNames(object):
    """The names of a host's groups, as a tuple that hosts of the same groups share."""

    def __init__(self):
        self._seen = {}

    def __call__(self, host):
        names = sorted({sys.intern(str(group.name)) for group in host.get_groups()} - {"all", "ungrouped"})
        return self._seen.setdefault(tuple(names), tuple(names))
