# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of the commit share: two files before and after, and a folder that holds them."""

import os

import pytest

from ansible_collections.relaylock.postfix.plugins.module_utils._relay import commit as subject
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.fence import Fence

OLD = {"main.cf": b"# old\nmynetworks = 0.0.0.0/0\n", "master.cf": b"smtp inet n - y - - smtpd\n"}
NEW = {"main.cf": b"# old\nmynetworks = 127.0.0.0/8\n", "master.cf": b"smtp inet n - y - 1 smtpd\n"}


def read_all(folder, names=("main.cf", "master.cf")):
    return [subject.read(str(folder / name), str(folder)) for name in names]


def change_all(folder, **options):
    return subject.commit([(each, NEW[os.path.basename(each.path)]) for each in read_all(folder)], **options)


def contents(folder):
    return {name: (folder / name).read_bytes() for name in OLD}


def names(folder):
    return sorted(os.listdir(str(folder)))


def refused(folder, changes, file="main.cf"):
    """The message of a commit that must fail and leave nothing behind."""
    before = names(folder)
    with pytest.raises(subject.CommitError) as caught:
        subject.commit(changes)
    assert names(folder) == before
    assert caught.value.file == str(folder / file)
    assert str(caught.value) == "%s: %s" % (caught.value.file, caught.value.message)
    return caught.value.message


def before_rename_of(kind, number, act, patch=setattr):
    """Act just before the rename of the number-th temporary file of this kind, after every look at the file."""
    seen = []
    rename = Fence.rename

    def spy(self, name, other):
        if name.endswith("-" + kind) and ".relaylock-journal" not in name:
            seen.append(name)
            if len(seen) == number:
                act()
        rename(self, name, other)
    patch(Fence, "rename", spy)
