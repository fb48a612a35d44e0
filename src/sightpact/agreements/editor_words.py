"""What the editor calls kinds, fields and choices, in plain words.

A kind, field or choice without an entry here is called by its own name, spelled out: a new kind of clause has its form at
once. What is signed is never made of these words.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as lazy

from sightpact.agreements.clauses import words
from sightpact.agreements.clauses.uses import PRESETS

KIND_TITLES: dict[str, Any] = {
    "parties": lazy("Between whom"),
    "schools": lazy("Which schools"),
    "places": lazy("Which places"),
    "private_areas": lazy("Places that are never shared"),
    "camera_exhibit": lazy("Exhibit: the cameras as agreed"),
    "standing_view": lazy("Watching at any time"),
    "emergency_view": lazy("Watching in an emergency"),
    "invitation_view": lazy("Watching when a school asks"),
    "request_view": lazy("Watching on request"),
    "window_view": lazy("Watching during a planned event"),
    "who_may_start": lazy("Who starts the sharing"),
    "who_may_end": lazy("Who ends the sharing"),
    "named_persons": lazy("Named persons"),
    "house_view": lazy("What the owner's own people watch"),
    "house_duties": lazy("Duties of the owner's own people"),
    "records_read": lazy("Reading the record"),
    "product_limit": lazy("A fixed limit"),
    "log_unwritable": lazy("If the record cannot be written"),
    "leases": lazy("If contact is lost"),
    "term": lazy("Term"),
    "second_copy": lazy("A second copy of the record"),
    "signatories": lazy("Who signs and adopts"),
    "purposes": lazy("Purposes"),
    "forbidden_purposes": lazy("Forbidden purposes"),
    "redisclosure": lazy("Passing on"),
    "review": lazy("Review"),
    "after": lazy("After an emergency"),
    "retention": lazy("How long names are kept"),
    "notices": lazy("Who is told"),
    "mutual_aid": lazy("Mutual aid"),
    "drills": lazy("Drills"),
    "guarantee": lazy("A guarantee of this agreement"),
    "kept_by_people": lazy("In your own words"),
}

FIELDS: dict[str, Any] = {
    "keeper": lazy("Who keeps the copy"),
    "copy": lazy("The copy's key: the line that its keeper gives you"),
    "second_copy.hours": lazy("Said on the page when silent for"),
    "house": lazy("House policy"),
    "every_weeks": lazy("How often, every so many"),
    "sample": lazy("How many are drawn"),
    "review.by": lazy("Who signs it off"),
    "after.by": lazy("Who completes and signs the statement"),
    "told": lazy("Who is told when it is late"),
    "after.text": lazy("Words of counsel about the basis"),
    "basis": lazy("Legal basis"),
    "statement_hours": lazy("The statement is due within"),
    "names": lazy("Names in"),
    "record": lazy("Lines of the record"),
    "retention.days": lazy("stay readable for"),
    "purpose": lazy("Short name for the machine"),
    "says": lazy("As the list shows it"),
    "number": lazy("Number"),
    "heading": lazy("Heading"),
    "who": lazy("Who"),
    "by": lazy("Who invites"),
    "ask": lazy("Who may ask"),
    "approve": lazy("Who answers"),
    "end": lazy("Who reports all clear"),
    "take": lazy("Who may take the incident"),
    "stop": lazy("Who may stop it at once"),
    "manage": lazy("Who manages people, cameras and agreements"),
    "see_watchers": lazy("Who sees who is watching"),
    "read_record": lazy("Who reads the whole record"),
    "area_kinds": lazy("Which areas"),
    "emergencies": lazy("Which emergencies"),
    "names_beforehand": lazy("Names and places of these cameras are made known beforehand"),
    "party": lazy("Party"),
    "parties": lazy("Parties"),
    "roles": lazy("Roles"),
    "role": lazy("Role"),
    "named_only": lazy("Only persons named in the annex"),
    "slug": lazy("Short name for the machine"),
    "name": lazy("Full name"),
    "called": lazy("What the text calls it"),
    "side": lazy("Side"),
    "authority": lazy("Acts under"),
    "kind": lazy("Short name for the machine"),
    "label": lazy("On the switch"),
    "meaning": lazy("In the text"),
    "minutes": lazy("Minutes, at first"),
    "cap_minutes": lazy("Never longer than"),
    "level": lazy("How high it is"),
    "report": lazy("Who may open it on a 911 call or on somebody's word"),
    "report_minutes": lazy("Minutes until a report that nobody confirms ends"),
    "extend_minutes": lazy("Each extension"),
    "answer_minutes": lazy("Time to answer"),
    "unanswered": lazy("If nobody answers"),
    "escalate_minutes": lazy("Escalated after"),
    "escalate_to": lazy("Who answers once it is escalated"),
    "proposal_minutes": lazy("Minutes until an unanswered all clear ends it"),
    "once_taken": lazy("Once dispatch has taken the incident, an all clear"),
    "max_hours": lazy("Longest event"),
    "inside": lazy("Inside cameras as well"),
    "schools": lazy("Schools"),
    "places": lazy("Places"),
    "all": lazy("All of them, present and future"),
    "kept_by": lazy("Who keeps the annex"),
    "limit": lazy("Which limit"),
    "then": lazy("If the record cannot be written"),
    "standing_s": lazy("At other times"),
    "emergency_s": lazy("In an emergency"),
    "begins": lazy("First day"),
    "ends": lazy("Last day"),
    "zone": lazy("Time zone"),
    "text": lazy("Your words"),
    "rows": lazy("Lines"),
    "title": lazy("Title"),
    "body": lazy("Adopting body"),
    "hours": lazy("Only at certain hours"),
    "opens": lazy("From"),
    "closes": lazy("Until"),
    "days": lazy("On which days"),
    "cameras": lazy("Only these cameras"),
    "present_only": lazy("Only cameras of the exhibit"),
    "camera_exhibit.cameras": lazy("Cameras of the exhibit"),
    "countersigned_by": lazy("Who countersigns when a camera is added"),
    "viewers": lazy("Most people at the same time"),
    "called_by": lazy("Who calls for aid"),
    "start": lazy("Who starts a drill"),
    "watch": lazy("Who takes part on the other side"),
    "drills.minutes": lazy("Longest drill"),
    "per_year": lazy("How many a year at each school"),
    "allowed": lazy("Allowed purposes"),
    "presets": lazy("Never used for"),
    "others": lazy("And never used for"),
    "notice": lazy("The notice, as people read it"),
    "tags": lazy("Only cameras marked with"),
    "guarantee.tags": lazy("Cameras marked with"),
    "in_emergencies": lazy("In every emergency that another section names"),
    "situations": lazy("And when"),
    "notices.rows": lazy("Who is told of what"),
    "event": lazy("Of what"),
    "notices.rows.who": lazy("Who is told"),
    "least": lazy("Only of emergencies at least"),
    "within_seconds": lazy("Somebody acknowledges within"),
    "or_else": lazy("Who is told when nobody does"),
    "guarantee.who": lazy("Who never sees them"),
    "guarantee.area_kinds": lazy("Areas they never see (none ticked: any camera)"),
    "guarantee.schools": lazy("At these schools (none ticked: at every school)"),
    "guarantee.emergencies": lazy("Except in these emergencies"),
    "emergency_view.minutes": lazy("Minutes, at first"),
    "request_view.minutes": lazy("Minutes, once approved"),
    "invitation_view.minutes": lazy("Longest invitation"),
    "forbidden_purposes": lazy("Never used for"),
    "parties.called": lazy("What the text calls it (the District)"),
    "parties.roles": lazy("Roles of its people"),
    "parties.roles.called": lazy("In the text, of several (dispatchers)"),
}
"""By name; "parties.roles" is a field of that kind, where the name alone would say too little."""

HINTS: dict[str, Any] = {
    "within_seconds": lazy("Empty: nobody has to. With life in danger Sightpact always asks."),
    "then": lazy("There is no default. Both boards have to know what was chosen."),
    "basis": lazy("Whether a live picture is a disclosure is disputed. Counsel chooses; Sightpact does not."),
    "unanswered": lazy("There is no default. Both boards have to know what was chosen."),
    "escalate_minutes": lazy("Empty: nobody else is asked. Fewer than the time to answer."),
    "escalate_to": lazy("They are told, and may answer, only when nobody above did by then."),
    "text": lazy("People keep this, not software. Leave an empty line between paragraphs."),
    "named_only": lazy("Nobody else sees anything, even with the role."),
    "cap_minutes": lazy("The same as at first: it cannot be extended."),
    "level": lazy("A higher one widens a lower one that is shared, and people are told more loudly."),
    "report": lazy("Usually dispatch. Nobody: then only the people above open it."),
    "ends": lazy("Empty: until it is replaced or ended."),
    "slug": lazy("Small letters and hyphens. Policies use it; it never changes."),
    "private_areas": lazy("There is nothing to choose here. It states a fixed limit."),
    "extend_minutes": lazy("Empty: nothing can be extended."),
    "viewers": lazy("Empty: as many as are let in."),
    "tags": lazy("None: however they are marked."),
    "cameras": lazy("None: every camera of these areas."),
    "camera_exhibit.cameras": lazy("A camera that is put up later is not on it."),
    "present_only": lazy("A camera that is put up later stays closed until the exhibit lists it."),
    "countersigned_by": lazy("Nobody: the list grows by a new revision alone."),
    "closes": lazy("Earlier than “From”: on the next day."),
    "zone": lazy("As the time zone database has it: America/New_York."),
}

CHOICES: dict[str, Any] = {
    "then.close": lazy("Close: no picture begins without a record"),
    "then.continue": lazy("Go on, with a reserved journal in place of the record"),
    "level.notice": lazy("A notice"),
    "level.urgent": lazy("Urgent"),
    "level.life_safety": lazy("Danger to life"),
    "once_taken.proposes": lazy("proposes the end, and whoever took it confirms"),
    "once_taken.ends": lazy("ends it at once"),
    "unanswered.stays_closed": lazy("It stays closed"),
    "unanswered.opens": lazy("It opens by itself, and the record says so"),
    "event.started": lazy("A sharing starts"),
    "event.widened": lazy("A higher emergency widens it"),
    "event.watched": lazy("The first picture is watched"),
    "event.extended": lazy("Its time is extended"),
    "event.ending": lazy("Five minutes are left"),
    "event.ended": lazy("It ends"),
    "least.notice": lazy("any"),
    "least.urgent": lazy("urgent"),
    "least.life_safety": lazy("life in danger"),
    "basis.disclosure_99_36": lazy("A disclosure in an emergency (34 CFR 99.36)"),
    "basis.not_a_disclosure": lazy("Not a disclosure"),
    "basis.law_enforcement_unit": lazy("Records of a law enforcement unit (34 CFR 99.8)"),
    "basis.school_official": lazy("To school officials (34 CFR 99.31(a)(1))"),
    "record.looks": lazy("Looks"),
    "record.refusals": lazy("Refusals"),
    "record.sharings": lazy("Sharings, drills, alarms, requests"),
    "record.reading": lazy("Reading the record"),
    "record.signing_in": lazy("Signing in and out"),
    "side.owner": lazy("Owner of the cameras"),
    "side.agency": lazy("Agency that is let in"),
    "limit.no_copies": lazy("No copies"),
    "limit.no_recognition": lazy("No recognition of people"),
    "limit.no_audio": lazy("No sound"),
    "limit.no_camera_control": lazy("No turning or zooming of cameras"),
}

CHOICES |= {
    f"days.{day}": lazy(name)
    for day, name in (
        ("mon", "Monday"),
        ("tue", "Tuesday"),
        ("wed", "Wednesday"),
        ("thu", "Thursday"),
        ("fri", "Friday"),
        ("sat", "Saturday"),
        ("sun", "Sunday"),
    )
}
CHOICES |= {
    "situations.invitation": lazy("a school invites them"),
    "situations.request": lazy("a request is approved"),
    "situations.window": lazy("a planned event runs"),
}

UNITS: dict[str, Any] = {
    "minutes": lazy("minutes"),
    "seconds": lazy("seconds"),
    "hours": lazy("hours"),
    "days": lazy("days"),
    "weeks": lazy("weeks"),
    "views": lazy("views"),
    "people at once": lazy("people"),
    "drills": lazy("drills"),
}


def spelled(name: str) -> str:
    """ "proposal_minutes" -> "Proposal minutes"."""
    return words.capital(name.replace("_", " "))


def kind_title(kind: str) -> str:
    return str(KIND_TITLES.get(kind, spelled(kind)))


def field_title(kind: str, path: str) -> str:
    """What a field is called; `path` without places in lists: "emergencies.minutes"."""
    name = path.rsplit(".", 1)[-1]
    found = (
        FIELDS.get(f"{kind}.{path}")
        or FIELDS.get(f"{kind}.{name}")
        or FIELDS.get(path)
        or FIELDS.get(f"{kind}.{name}")
    )
    return str(found or FIELDS.get(name, spelled(name)))


def field_hint(kind: str, path: str) -> str:
    name = path.rsplit(".", 1)[-1]
    return str(HINTS.get(f"{kind}.{name}") or HINTS.get(name, ""))


def choice_title(name: str, value: str) -> str:
    if name == "presets" and value in PRESETS:
        return words.capital(PRESETS[value])
    return str(CHOICES.get(f"{name}.{value}", spelled(value)))


def area_title(kind: str) -> str:
    """ "hallway" -> "Hallways"."""
    return words.capital(words.AREA_WORDS.get(kind, kind).removeprefix("the "))
