"""Detect messages in languages other than English, which the script cannot read."""

from __future__ import annotations

from travel_tui.local.scripted_agent.words import FUNCTION_WORDS, words

_FOREIGN_WORDS = """
ich mit dem nach und nicht ist sind bitte mochte moechte wir mir fur fuer wo wie wann kann konnen fahren zug flug zuruck
bis vom zum ein eine einen kostet buchen reise sie auch gut oder aber kein wollen
je voudrais un une et pour avec vous nous veux est pas partir retour quand combien
quiero para con por puedo mi viajar tren vuelo vuelta donde cuando cuanto es estoy que
vorrei il che sono treno volo biglietto dove
quero ir com uma minha meu trem comboio voo viajar passagem nao
ik wil naar het een trein vlucht graag mijn terug niet
jag vill och resa jeg vil nazywam sie chce jechac prosze pociag
"""
"""Folded words of nine European languages; those that occur in names of places are left out."""

_FOREIGN = frozenset(_FOREIGN_WORDS.split())


def is_foreign(text: str) -> bool:
    """Return whether at least two foreign words are in the text, and more of them than English function words."""
    said = set(words(text))
    foreign = len(said & _FOREIGN)
    return foreign >= 2 and foreign > len(said & FUNCTION_WORDS)
