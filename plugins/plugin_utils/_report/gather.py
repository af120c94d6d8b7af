# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run tells, host by host, kept until its end."""

from . import outside
from .results import instance, is_judged

NOT_REACHED = "not reached: the play ended without asking this host"


class Gather(object):
    """The hosts of a run, each with the instances of Postfix that a module of ours has answered for.

    Hosts are told by name; ``groups`` is a tuple of names.
    """

    def __init__(self):
        self._groups = {}      # every host that there is a result for, or that should have one
        self._instances = {}   # host: {configuration directory: instance}
        self._defaults = {}    # host: the directory that stands for "none given"
        self._trouble = {}     # host: (state, text, whether it is of our role) of the last failure that is not a module's of ours
        self._probes = {}      # host: what each port was heard to say
        self._expected = set()
        self._excused = set()  # hosts of a play that came to our module and passed these by, as its author wanted

    def __len__(self):
        return len(self._instances)

    def expect(self, host, groups):
        """Note that a play which uses our modules has this host."""
        self._groups[host] = groups
        self._expected.add(host)

    def excuse(self, hosts):
        """Note that these hosts need no result."""
        self._excused.update(hosts)

    def expected(self):
        """Return how many hosts there should be a result for."""
        return len(self._expected | set(self._instances) | set(self._probes))

    def add(self, host, groups, found, directory_given):
        """Take an instance.

        :param dict found: from results.py
        :param bool directory_given: whether the task named a configuration directory
        """
        self._groups[host] = groups
        self._trouble.pop(host, None)
        instances = self._instances.setdefault(host, {})
        if found["config_directory"] is None:
            found["config_directory"] = self._defaults.get(host)
        elif not directory_given:
            self._defaults[host] = found["config_directory"]
            # What an earlier task said of the default directory, without its name, was said of this one.
            unnamed = instances.pop(None, None)
            if unnamed is not None:
                unnamed["config_directory"] = found["config_directory"]
                instances.setdefault(found["config_directory"], unnamed)
        directory = found["config_directory"]
        instances[directory] = _merged(instances.get(directory), found)

    def probed(self, host, groups, heard):
        """Take what relay_probe heard of one port, from outside.py."""
        self._groups.setdefault(host, groups)
        self._probes.setdefault(host, []).append(heard)

    def trouble(self, host, groups, state, text, ours=False):
        """Note that another task failed on this host, or found it unreachable.

        :param str state: failed or unreachable
        :param bool ours: whether the task is one of our role, which puts the old files back before it fails
        """
        self._trouble[host] = (state, text, ours)
        self._groups.setdefault(host, groups)

    def has(self, host):
        """Tell whether there is a result for this host."""
        return host in self._instances or host in self._probes

    def count(self, state):
        """Return how many hosts have an instance in this state."""
        return sum(any(one["state"] == state for one in instances.values()) for instances in self._instances.values())

    def _heard(self, host, instances):
        """Return [the instance for what was heard of a host], or [] where nothing was that is worth a word beside its files."""
        seen = outside.seen(self._probes[host], instances) if host in self._probes else None
        silent = seen is None or instances and seen["state"] == "unreachable" and not seen["listeners"]
        return [] if silent else [seen]

    def hosts(self, lost, check_mode):
        """Return [(name, groups, [instance])] of all hosts that a report must name.

        :param lost: names of the hosts that Ansible counts as failed or unreachable; other trouble was rescued or ignored
        :param bool check_mode: what to say of hosts without a result
        """
        found = []
        for host in sorted(self._expected | set(self._instances) | set(self._probes)):
            trouble = self._trouble.get(host) if host in lost else None
            if host in self._instances or host in self._probes:
                instances = [_troubled(one, trouble) for one in self._instances.get(host, {}).values()]
                instances += self._heard(host, instances)
            elif trouble is not None:
                instances = [instance(None, trouble[0], check_mode, message=trouble[1])]
            elif host in self._excused:
                continue
            else:
                instances = [instance(None, "failed", check_mode, message=NOT_REACHED)]
            found.append((host, self._groups[host], sorted(instances, key=lambda one: (one["module"] == "relay_probe", one["config_directory"] or ""))))
        return found


def _merged(old, new):
    """Return what is known of an instance after a second result: the last word, but a verdict is not lost by a failure after it."""
    if old is None or is_judged(new) or not is_judged(old):
        return new
    return dict(old, message="{0} afterwards: {1}".format(new["state"], new["message"]))


def _troubled(one, trouble):
    """Return an instance with what went wrong on its host after it was judged."""
    if trouble is None or not is_judged(one) or one["message"]:
        return dict(one)
    state, text, ours = trouble
    return dict(one, message="{0} afterwards: {1}".format(state, text), after=None if ours and not one["check_mode"] else one["after"])
