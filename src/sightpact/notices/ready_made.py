"""Drafts of what a district tells families and staff about a sharing, in English and Spanish. Pure.

A person mends and approves them (`actions/texts.py`) and sends them by the district's own means. Never sent from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as lazy

KINDS: dict[str, Any] = {
    "families": lazy("Families: what is happening"),
    "families_over": lazy("Families: it is over"),
    "families_mistake": lazy("Families: it was a mistake"),
    "staff": lazy("Staff: what is happening"),
    "staff_over": lazy("Staff: it is over"),
}
LANGUAGES = {"en": "English", "es": "Español"}

_TEXTS: dict[tuple[str, str], str] = {
    ("families", "en"): (
        "Dear families,\n\n"
        "At {time} today {schools} asked for help from {agency}. While this lasts, police can see cameras in "
        "hallways and other shared spaces of the school, as our public agreement allows. They cannot see "
        "classrooms, restrooms, locker rooms, or the nurse's and guidance offices.\n\n"
        "[Say what happened, and whether students are safe.]\n\n"
        "Please do not come to the school and do not call it now. We will write again as soon as we know "
        "more.\n\n"
        "{district}\n"
    ),
    ("families", "es"): (
        "Estimadas familias:\n\n"
        "Hoy a las {time}, {schools} pidió ayuda a {agency}. Mientras dure, la policía puede ver las cámaras "
        "de los pasillos y otros espacios comunes de la escuela, como lo permite nuestro acuerdo público. No "
        "puede ver los salones de clase, los baños, los vestuarios ni las oficinas de enfermería y de "
        "consejería.\n\n"
        "[Diga qué pasó y si los estudiantes están a salvo.]\n\n"
        "Por favor, no vengan a la escuela ni llamen ahora. Les escribiremos de nuevo en cuanto sepamos "
        "más.\n\n"
        "{district}\n"
    ),
    ("families_over", "en"): (
        "Dear families,\n\n"
        "The situation at {schools} is over. From {time} until {ended} police could see cameras in shared "
        "spaces of the school. Since then they no longer can. We keep a record of who watched.\n\n"
        "[Say what happened, how students are, and when and where they can be picked up.]\n\n"
        "{district}\n"
    ),
    ("families_over", "es"): (
        "Estimadas familias:\n\n"
        "La situación en {schools} ha terminado. Desde las {time} hasta las {ended}, la policía pudo ver las "
        "cámaras de los espacios comunes de la escuela. Desde entonces ya no puede. Guardamos un registro de "
        "quién miró.\n\n"
        "[Diga qué pasó, cómo están los estudiantes y cuándo y dónde se les puede recoger.]\n\n"
        "{district}\n"
    ),
    ("families_mistake", "en"): (
        "Dear families,\n\n"
        "At {time} today a call for help at {schools} was sent by mistake. There was no emergency. Until "
        "{ended} police could see cameras in shared spaces of the school; since then they no longer can.\n\n"
        "{district}\n"
    ),
    ("families_mistake", "es"): (
        "Estimadas familias:\n\n"
        "Hoy a las {time} se envió por error un pedido de ayuda en {schools}. No hubo ninguna emergencia. "
        "Hasta las {ended}, la policía pudo ver las cámaras de los espacios comunes de la escuela; desde "
        "entonces ya no puede.\n\n"
        "{district}\n"
    ),
    ("staff", "en"): (
        "To all staff of {schools}:\n\n"
        "{kind}. Cameras have been shared with {agency} since {time}. Follow the emergency plan.\n\n"
        "[Say what staff should do now.]\n\n"
        "Call 911 with anything that police should know. Do not speak to the press.\n\n"
        "{district}\n"
    ),
    ("staff", "es"): (
        "A todo el personal de {schools}:\n\n"
        "{kind}. Las cámaras se comparten con {agency} desde las {time}. Sigan el plan de emergencia.\n\n"
        "[Diga qué debe hacer el personal ahora.]\n\n"
        "Llamen al 911 si saben algo que la policía deba saber. No hablen con la prensa.\n\n"
        "{district}\n"
    ),
    ("staff_over", "en"): (
        "To all staff of {schools}:\n\n"
        "It is over since {ended}: {why} Police no longer see the cameras.\n\n"
        "[Say what happens now, and who helps people who need to talk.]\n\n"
        "{district}\n"
    ),
    ("staff_over", "es"): (
        "A todo el personal de {schools}:\n\n"
        "Terminó a las {ended}. La policía ya no ve las cámaras.\n\n"
        "[Diga qué pasa ahora y quién ayuda a quien necesite hablar.]\n\n"
        "{district}\n"
    ),
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What a draft is filled from; times as the school reads them."""

    schools: str
    agency: str
    district: str
    kind: str
    time: str
    ended: str  # "…" while it runs
    why: str


def draft(which: str, language: str, facts: Facts) -> str:
    """The words to begin from; what stands in [brackets] a person must say.

    Raises:
        KeyError: no such text.
    """
    return _TEXTS[which, language].format(
        schools=facts.schools,
        agency=facts.agency,
        district=facts.district,
        kind=facts.kind,
        time=facts.time,
        ended=facts.ended,
        why=facts.why,
    )


def unfinished(text: str) -> bool:
    """Whether a bracket is left that a person must fill."""
    return "[" in text and "]" in text
