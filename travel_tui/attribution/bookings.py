"""Bookings of a session that its summary lacks: their codes, days and times."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

from travel_tui.attribution.kept import Kept
from travel_tui.attribution.reading import read
from travel_tui.attribution.types import LostItem, Turn
from travel_tui.attribution.units import Unit

_REFERENCE = re.compile(
    r"(?:\b(?:ref|reference|confirmation|conf|code|booking|reservation|no|nr|id|order|ticket|job|case|receipt|quote|"
    r"report|file|tracking|voucher|protocol|request|"
    r"claim|txn|policy|pnr|permit|number|az|aktenzeichen|buchungs\w*|vorgangs\w*|auftrags\w*|bestell\w*|referenz|"
    r"reçu|réf|référence|dossier|commande|réservation|billet|localizador|referencia|reserva|pedido|recibo|"
    r"expediente|resguardo|código|codice|prenotazione|pratica|ricevuta|ordine|protocollo|referência|protocolo|"
    r"recibo|boeking\w*|reservering\w*|referentie|bon)\b|予約番号|確認番号|预订号|订单号|单号)"
    r"[\s\"':.#=：]*(?:no|nr|number|id|code|is|ok|est|ist|es|è|é|numéro|número|numero)?[\s\"':.#=：]*$",
    re.I,
)


_BOOKED = re.compile(
    r"\b(?:booked|reserved|confirmed|registered|enrolled|scheduled|check-?in ok|checked in|gebucht|bestätigt|"
    r"reserviert|rescheduled|moved|hired|"
    r"angemeldet|réservé|confirmé|inscrit|reservad[oa]|confirmad[oa]|prenotat[oa]|"
    r"remarcad[oa]|verschoben|reporté|aplazad[oa]|spostat[oa]|verzet|confermat[oa]|geboekt|bevestigd)",
    re.I,
)


_ACCEPTS = re.compile(
    r"^\W*(?:yes|yep|yeah|sure|ok|okay|please|great|perfect|fine|good|book|take|go ahead|do it|ja|gern\w*|passt|oui|"
    r"d'accord|parfait|sí|si|vale|perfecto|va bene|perfetto|sim|pode ser|tak|dobrze)\b",
    re.I,
)
"""Starts of a message that takes what was offered."""
_SHORT = 8
"""Most words of such a message."""


def lost_references(
    turns: Sequence[Turn], kept: Kept, known: Iterable[str], today: date, language: str
) -> list[LostItem]:
    """Return the booking codes of function results and answers that the summary lacks."""
    found = []
    said = set(known)
    for number, turn in enumerate(turns, 1):
        texts = [(text, index, False) for index, text in enumerate(turn.tools)]
        for text, tool, agent in [*texts, (turn.agent, None, True)]:
            for unit in read(text, turn.day or today, language).units:
                if unit.kind not in ("code", "number") or unit.keys & said or kept.has(unit, supported=True):
                    continue
                if _is_reference(text, unit):
                    said |= unit.keys
                    found.append(LostItem(text[unit.start : unit.end], number, unit.start, unit.end, tool, agent))
    return found


def lost_appointments(
    turns: Sequence[Turn], kept: Kept, known: Iterable[str], today: date, language: str
) -> list[LostItem]:
    """Return day and time of what functions booked and the answer repeated, if summary and user lack them."""
    found = []
    said = set(known)
    for number in range(len(turns), 0, -1):
        turn = turns[number - 1]
        day = turn.day or today
        told = {key for unit in read(turn.agent, day, language).units for key in _exact(unit)}
        for index, text in enumerate(turn.tools):
            if not _BOOKED.search(text) and not _is_taken(turns, number - 1, text):
                continue
            lacking = [
                unit
                for unit in read(text, day, language).units
                if _exact(unit) & told and not unit.keys & said and not kept.has(unit, supported=True)
            ]
            if lacking:
                first = lacking[0]
                last = next((each for each in lacking[1:2] if each.start - first.end <= 3), first)
                said |= {key for each in lacking for key in each.keys}
                found.append(LostItem(text[first.start : last.end], number, first.start, last.end, index))
    return found


def _is_taken(turns: Sequence[Turn], at: int, text: str) -> bool:
    """Whether a function result offered one day and time that the next turn booked, with no other in its result."""
    if at + 1 >= len(turns) or not _ACCEPTS.search(turns[at + 1].user) or len(turns[at + 1].user.split()) > _SHORT:
        return False
    booked = " ".join(turns[at + 1].tools)
    day = turns[at].day or date.min.replace(year=2000)
    offered = [unit.kind for unit in read(text, day).units if _exact(unit)]
    again = any(unit.kind in ("day", "time") for unit in read(booked, day).units)
    return _BOOKED.search(booked) is not None and not again and max(map(offered.count, offered), default=9) == 1


def _exact(unit: Unit) -> frozenset[str]:
    """Return the keys of a day with its month, of a time, and of a code."""
    if unit.kind in ("day", "time", "code"):
        return frozenset(key for key in unit.keys if key.startswith(("md:", "t:", "c:")))
    return frozenset()


def _is_reference(text: str, unit: Unit) -> bool:
    """Whether a code or a number is named as that of a booking."""
    long = len(re.sub(r"\W", "", text[unit.start : unit.end])) >= (3 if unit.kind == "code" else 4)
    return long and _REFERENCE.search(text[max(0, unit.start - 30) : unit.start]) is not None
