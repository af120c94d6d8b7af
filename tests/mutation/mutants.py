# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults put into the judge, the planner and the documents, one at a time, with the operators of Cosmic Ray."""

import importlib.abc
import importlib.util
import pathlib
import sys
from collections import namedtuple

from cosmic_ray.ast import Visitor, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator

ROOT = pathlib.Path(__file__).resolve().parents[2]
SOURCES = ROOT / "plugins/module_utils"
PACKAGE = "ansible_collections.relaylock.postfix.plugins.module_utils"

# Tables (defaults.py, the catalogue's kin) are compared with the real Postfix as a whole; what follows is logic.
DOCUMENTS = ("_postfix/text", "_postfix/main_cf", "_postfix/master_cf", "_relay/edits")
JUDGE = ("_postfix/addresses", "_postfix/configuration", "_postfix/destinations", "_postfix/dns_lists", "_postfix/effects", "_postfix/evaluate",
         "_postfix/listed", "_postfix/lookups", "_postfix/macros", "_postfix/match_lists", "_postfix/networks", "_postfix/parameter_kinds",
         "_postfix/pattern_pcre", "_postfix/pattern_pcre_classes", "_postfix/pattern_posix", "_postfix/pattern_rules", "_postfix/pattern_samples",
         "_postfix/pattern_tree", "_postfix/patterns", "_postfix/quoting", "_postfix/reading_order", "_postfix/replies", "_postfix/restrictions",
         "_postfix/rule_texts", "_postfix/splitting", "_postfix/startup", "_postfix/table_cidr", "_postfix/table_regexps", "_postfix/table_texts",
         "_postfix/tables", "_postfix/tls", "_postfix/transports", "_relay/as_patterns", "_relay/asked", "_relay/clients", "_relay/dialogues", "_relay/failing",
         "_relay/findings", "_relay/judge", "_relay/permitting", "_relay/recipients", "_relay/trust", "_relay/unnamed", "_relay/ways")
PLANNER = ("_relay/draft", "_relay/entitled", "_relay/harm", "_relay/narrow", "_relay/narrowing", "_relay/plan", "_relay/repair", "_relay/waivers")
LAYERS = {"documents": DOCUMENTS, "judge": JUDGE, "planner": PLANNER}

# One replacement of each comparison and each sum: what is like it says the same of the tests.
OPERATORS = ["core/" + name for name in (
    "AddNot", "NumberReplacer", "ReplaceAndWithOr", "ReplaceOrWithAnd", "ReplaceBreakWithContinue", "ReplaceContinueWithBreak",
    "ReplaceFalseWithTrue", "ReplaceTrueWithFalse", "ReplaceUnaryOperator_Delete_Not", "ReplaceUnaryOperator_Delete_USub", "ZeroIterationForLoop",
    "ExceptionReplacer", "ReplaceComparisonOperator_Eq_NotEq", "ReplaceComparisonOperator_NotEq_Eq", "ReplaceComparisonOperator_Lt_LtE",
    "ReplaceComparisonOperator_LtE_Lt", "ReplaceComparisonOperator_Gt_GtE", "ReplaceComparisonOperator_GtE_Gt", "ReplaceComparisonOperator_Is_IsNot",
    "ReplaceComparisonOperator_IsNot_Is", "ReplaceBinaryOperator_Add_Sub", "ReplaceBinaryOperator_Sub_Add", "ReplaceBinaryOperator_Mul_Div",
    "ReplaceBinaryOperator_BitOr_BitAnd", "ReplaceBinaryOperator_BitAnd_BitOr", "ReplaceBinaryOperator_LShift_RShift",
    "ReplaceBinaryOperator_RShift_LShift")]

# layer, module: as in LAYERS; operator: one of OPERATORS; occurrence: of what it replaces, in the order of the file; line: where that is
Mutant = namedtuple("Mutant", "layer module operator occurrence line")


class _Finder(Visitor):
    def __init__(self, operator):
        self.operator, self.lines = operator, []

    def visit(self, node):
        self.lines.extend(start[0] for start, dummy in self.operator.mutation_positions(node))
        return node


def every():
    """Return all Mutants."""
    found = []
    for layer, modules in LAYERS.items():
        for module in modules:
            text = (SOURCES / (module + ".py")).read_text(encoding="utf-8")
            tree, lines = get_ast(text), text.split("\n")
            for name in OPERATORS:
                finder = _Finder(get_operator(name)())
                finder.walk(tree)
                # The size of a cache changes no answer.
                found.extend(Mutant(layer, module, name, occurrence, line) for occurrence, line in enumerate(finder.lines)
                             if not lines[line - 1].startswith("@lru_cache"))
    return found


def path(mutant):
    """Return the pathlib.Path of the mutant's module."""
    return SOURCES / (mutant.module + ".py")


def source(mutant):
    """Return the text of the mutant's module."""
    return mutate_code(path(mutant).read_text(encoding="utf-8"), get_operator(mutant.operator)(), mutant.occurrence)


def changed_line(mutant):
    """Return the first line that the mutant changes, as it makes it, without the blanks around it."""
    before = path(mutant).read_text(encoding="utf-8").split("\n")
    return next(after for after, line in zip(source(mutant).split("\n"), before) if after != line).strip()


def named(lines, mutants):
    """Return those of *mutants* that *lines* name: module, operator, changed line. :raises ValueError: where a line names none any more"""
    found = {line: [one for one in mutants if line.startswith("%s %s " % (one.module, one.operator)) and line.endswith(" " + changed_line(one))]
             for line in lines}
    gone = [line for line, ones in found.items() if not ones]
    if gone:
        raise ValueError("no mutant is like this now: " + "; ".join(gone))
    return {one for ones in found.values() for one in ones}


class Loader(importlib.abc.MetaPathFinder, importlib.abc.SourceLoader):
    """Gives one module another text, as an entry of sys.meta_path."""

    def __init__(self, mutant):
        self.name = PACKAGE + "." + mutant.module.replace("/", ".")
        self.path = str(path(mutant))
        self.text = source(mutant).encode()

    def find_spec(self, name, dummy_path, dummy_target=None):
        return importlib.util.spec_from_file_location(name, self.path, loader=self) if name == self.name else None

    def get_filename(self, dummy_name):
        return self.path

    def get_data(self, dummy_path):
        return self.text

    def cache_from_source(self, dummy_path):
        raise NotImplementedError("a mutant leaves no compiled file")

    def install(self):
        """Put this text in place of the module's own. :raises ValueError: where the module is loaded already"""
        if self.name in sys.modules:
            raise ValueError(self.name + " is loaded")
        sys.meta_path.insert(0, self)
