# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pictures of a page: flowcharts in Mermaid's language, as much of it as our own pages use. What it does not know it refuses.

    flowchart LR
      a["label"]
      subgraph g["label"]
        b["label"]
      end
      a --> b
      b --> c & d
"""

import re
from typing import NamedTuple

_BLOCK = re.compile(r"^```mermaid\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_HEAD = re.compile(r"flowchart (LR|RL|TB|BT)")
_NODE = re.compile(r'(\w+)\["([^"]+)"\]')
_GROUP = re.compile(r'subgraph (\w+)\["([^"]+)"\]')
_EDGES = re.compile(r"\w+( & \w+)*( --> \w+( & \w+)*)+")


class Picture(NamedTuple):
    """direction: of the flowchart; labels: {id: label}; edges: [(id, id)]; groups: [(label, [ids])], those outside of any under None."""

    direction: str
    labels: dict
    edges: list
    groups: list

    def named(self):
        """The edges as a set of pairs of labels."""
        return {(self.labels[a], self.labels[b]) for a, b in self.edges}


def pictures(text):
    """The Pictures of a page of Markdown, in order."""
    return [parse(block) for block in _BLOCK.findall(text)]


def parse(block):
    """The Picture of one block. :raises ValueError: for a line that this does not know, and for an edge of a node without a label"""
    lines = [line.strip() for line in block.strip().splitlines() if line.strip()]
    head = _HEAD.fullmatch(lines[0])
    if not head:
        raise ValueError("no flowchart: %s" % lines[0])
    labels, edges, groups = {}, [], [(None, [])]
    inside = groups[0]
    for line in lines[1:]:
        node, group = _NODE.fullmatch(line), _GROUP.fullmatch(line)
        if node:
            labels[node[1]] = node[2]
            inside[1].append(node[1])
        elif group:
            inside = (group[2], [])
            groups.append(inside)
        elif line == "end":
            inside = groups[0]
        elif _EDGES.fullmatch(line):
            ends = [part.split(" & ") for part in line.split(" --> ")]
            edges += [(a, b) for sources, targets in zip(ends, ends[1:]) for a in sources for b in targets]
        else:
            raise ValueError("a line that is not understood: %s" % line)
    unknown = {end for edge in edges for end in edge} - set(labels)
    if unknown:
        raise ValueError("no label for: %s" % ", ".join(sorted(unknown)))
    return Picture(head[1], labels, edges, groups)


def to_dot(picture):
    """The Picture in the language of graphviz, for pages that are built where no Mermaid draws."""
    lines = ["digraph {", "rankdir=%s;" % picture.direction, 'node [shape=box, style="rounded,filled", fillcolor=white, fontname="sans-serif"];']
    for number, (label, ids) in enumerate(picture.groups):
        nodes = ['"%s" [label="%s"];' % (one, picture.labels[one].replace("<br>", "\\n")) for one in ids]
        if label is None:
            lines += nodes
        else:
            lines += ["subgraph cluster_%d {" % number, 'label="%s"; fontname="sans-serif"; style="rounded,filled"; fillcolor="#f2f2f2";' % label, *nodes, "}"]
    return "\n".join([*lines, *('"%s" -> "%s";' % edge for edge in picture.edges), "}"])
