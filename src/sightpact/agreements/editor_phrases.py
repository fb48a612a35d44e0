"""What the editor's components say, in the reader's language. They get these words from the page and have none of their own."""

from __future__ import annotations

from django.utils.translation import gettext as _


def phrases() -> dict[str, str]:
    """By the name that the components use; `{n}` and the like are filled in by them."""
    return {**_sections(), **_fields(), **_beside(), **_saving()}


def _sections() -> dict[str, str]:
    return {
        "whole": _("Title and parts"),
        "sections": _("Sections"),
        "add": _("Add a section"),
        "add_which": _("What it is about"),
        "added": _("Section {number} is added."),
        "remove": _("Remove"),
        "removed": _("Section {number} is removed. Undo brings it back."),
        "up": _("Move up"),
        "down": _("Move down"),
        "moved": _("It is section {number} now."),
        "renumber": _("Renumber all"),
        "renumbered": _("All sections are numbered in order."),
        "title": _("Title"),
        "parts": _("Headings of the parts"),
        "part": _("Part {n}"),
        "faults": _("{n} to mend"),
        "fault": _("1 to mend"),
        "differs": _("changed"),
        "new": _("new"),
        "new_heading": _("New section"),
    }


def _fields() -> dict[str, str]:
    return {
        "choose": _("Choose"),
        "choose_one": _("Choose one"),
        "none": _("None"),
        "fewer": _("Less: {what}"),
        "more": _("More: {what}"),
        "outside": _("Outside"),
        "inside": _("Inside"),
        "private": _("Private places"),
        "never": _("Cannot be agreed away"),
        "all": _("All"),
        "nothing": _("None"),
        "one_a_line": _("One a line."),
        "add_row": _("Add"),
        "take_out": _("Take out"),
        "line_up": _("Line up"),
        "line_down": _("Line down"),
        "only_when": "{what}",
        "was": _("Revision {n}: {value}"),
        "was_new": _("not in revision {n}"),
        "was_there": _("open in revision {n}"),
        "yes": _("yes"),
        "no": _("no"),
        "nobody": _("This party has no roles yet. Add them in the section on the parties."),
        "party_first": _("Choose the party first."),
        "every_role": _("No role ticked: everybody of the party, or everybody named."),
        "unknown": _("“{what}” does not belong here."),
        "unknown_kind": _("Sightpact does not know this kind of section. It can be removed."),
    }


def _beside() -> dict[str, str]:
    return {
        "sentence": _("The words"),
        "gap": _("Not said yet"),
        "enforced": _("Sightpact enforces this"),
        "by_people": _("Kept by people"),
        "written": _("Written from the form. Change the form to change the words."),
        "own_words": _("Your own words. Software cannot make this so."),
        "people_keep": _("Written from the form. Software cannot make this so."),
        "mend": _("To mend"),
        "second_look": _("Deserves a second look"),
        "does": _("What it does"),
        "does_against": _("What it does, against revision {n}"),
        "does_new": _("What it would open"),
        "opens": _("Opens more"),
        "closes": _("Closes"),
        "same": _("Same access"),
        "limits": _("Changes numbers"),
        "nobody_more": _("Nobody sees more or less by this section."),
        "nobody_at_all": _("Nobody sees more or less."),
        "section": _("Section {n}"),
        "also": _("By other sections"),
        "gone": _("Section {n}, which goes out"),
        "counting": _("Counting what changes ..."),
        "not_counted": _("What changes is counted once nothing is left to mend."),
        "made_up": _("How many inside cameras there are is not told here."),
        "real": _("Counted over the people and cameras as they are now, through Sightpact."),
        "squares": _("One square is one camera:"),
        "guarantees": _("Guarantees, tried just now"),
        "cases": _("{n} cases"),
        "holds": _("Holds"),
        "breaks": _("Breaks"),
        "all_hold": _("All {n} guarantees hold."),
        "example": _("Example:"),
        "to_mend": _("To mend it:"),
        "before": _("Revision {n}"),
        "now": _("This draft"),
        "unfinished": _("Not finished: {n} to mend. You can keep the draft. You cannot propose it yet."),
        "finished": _("Nothing is left to mend."),
        "broken": _("A guarantee breaks. It cannot be proposed like this."),
    }


def _saving() -> dict[str, str]:
    return {
        "saved": _("Saved {at}."),
        "saving": _("Saving ..."),
        "unsaved": _("Not saved yet."),
        "offline": _(
            "Not saved: no connection. Your words are kept in this browser, and sent when it is back."
        ),
        "refused": _("Not saved: {what} {remedy}"),
        "put_back": _("What you typed last had not been saved. It is back."),
        "merged": _("{who} changed other sections in the meantime. Both changes are in."),
        "conflict": _(
            "{who} changed section {number} at {at}, while you did. Yours is in the draft; theirs:"
        ),
        "take_theirs": _("Take theirs"),
        "keep_mine": _("Keep mine"),
        "undo": _("Undo"),
        "redo": _("Redo"),
        "undone": _("Undone."),
        "redone": _("Done again."),
    }
