"""What a clause does: it wants or denies something, tells a story, or is an aside. Words of several languages."""

from __future__ import annotations

import re

_DENIES = re.compile(
    r"\b(?:no|not|never|without|except|nothing|none|neither|nor|nobody|[a-z]+n['’]?t|cannot|hates?|"
    r"dislikes?|detests?|"
    r"avoids?|allerg\w+|intoleran\w+|afraid|scared|terrified|(?:is|are) out|instead of|rather than|"
    r"kein\w*|nicht|nie|ohne|außer|"
    r"allergisch|vertr[aä]g\w*|hasse?|angst|ne|n['’]\w+|pas|sans|sauf|jamais|ni|d[eé]teste|sin|nunca|odio|excepto|"
    r"salvo|senza|non|mai|tranne|sem|n[aã]o|nem|exceto|geen|niet|nooit|zonder|haat|inte|aldrig|utan|hatar|nie|bez|"
    r"nienawidz\w+|nada|niente|nessun\w*|rien|ning[uú]n\w*|nenhum\w*|ingen|inga|"
    r"żadn\w+)\b|アレルギー|苦手|嫌い|食べられ|飲めな|不要|过敏|過敏|不能|不吃|不要|알레르기|못 ",
    re.I,
)
_NEEDLESS = re.compile(
    r"\b(?:(?:is|are|was|do|does)n['’]?t|not|no|don['’]?t)\s+(?:really\s+)?(?:needed|necessary|required|need|matter|mind|"
    r"important|a (?:problem|must)|problem|worries|rush|hurry)\b",
    re.I,
)
_WANTS = re.compile(
    r"\b(?:needs?|wants?|wish(?:es)?|would (?:like|love|prefer|rather)|['’]d (?:like|love|prefer|rather)|prefers?|"
    r"preferred|always|only|must|ha(?:s|ve) to|got to|please|pls|plz|looking for|loves?|likes?|enjoys?|favou?rites?|"
    r"important|fond|keen|ideally|best|into|insists?|should (?:be|have)|brauch\w*|m[oö]cht\w*|will|wollen|h[aä]tt\w*|"
    r"gern\w*|bitte|lieb\w*|immer|nur|mag|m[oö]gen|wichtig|muss|bevorzug\w*|voudrais?|aime\w*|veux|veut|voulons|besoin|"
    r"toujours|seulement|pr[eé]f[eè]r\w*|faut|doit|svp|quiero|quiere|queremos|necesit\w*|prefier\w*|siempre|solo|"
    r"s[oó]lo|encanta\w*|gusta\w*|por favor|vorrei|voglio|vuole|preferi\w*|sempre|solo|piac\w+|serve|bisogno|quero|"
    r"quer|queremos|precis\w+|prefir\w+|gost\w+|adoro|wil|graag|nodig|alleen|altijd|liever|vill|skulle|beh[oö]ver|"
    r"alltid|bara|gärna|helst|chc\w+|potrzebuj\w+|wol\w+|zawsze|tylko|lubi\w*|prosz[eę])\b",
    re.I,
)
_HAS = re.compile(
    r"\b(?:i|we)(?: also| only| usually| always| still| now)? (?:have|own|drive|play|speak|teach|run|sell|collect|keep|"
    r"breed|bring|wear|use|study)\b|['’](?:ve|s) got\b|\b(?:he|she) (?:has|owns|drives|plays|speaks|wears)\b|"
    r"\b(?:ich|wir) (?:habe?n?|besitzen?|fahren?|spielen?|sprechen?|tragen?)\b|\bj['’]ai\b|\bnous avons\b|"
    r"\b(?:tengo|tenemos|ho|abbiamo|tenho|temos|mam|mamy)\b|\b(?:ik heb|wij hebben|we hebben|jag har|vi har)\b",
    re.I,
)
_REASON = re.compile(
    r"^\W*(?:because|since|as|due to|weil|denn|wegen|parce que|car|à cause|porque|perché|omdat|want|eftersom|bo|"
    r"so|therefore|deshalb|daher|donc|así que|quindi|portanto|dus|därför|dlatego)\b",
    re.I,
)
_NARRATES = re.compile(
    r"\b(?:came|went|ran|fell|cried|screamed|laughed|flooded|said|told|forgot|thought|took|saw|got back|happened|"
    r"slammed|asked|died|dyed|met|broke down|gave|had(?! to\b)|brought|bought|lost|won(?!['’]t)|ended up|"
    r"missed|woke|spent|got home|"
    r"(?:ve|have|has|had) (?:just |only |already )?(?:been|got|come|returned|had)(?! to\b)|"
    r"(?:i|we|you|he|she|they|it) (?:just |already |once |only |also |never |always |even )?(?:had|was|were|did|"
    r"got|made|"
    r"bought|put|lost|left|gave|felt|brought|heard|paid|won|wrote|sat|stood|broke|tore|"
    r"(?!mov|chang|switch|stopp|start|decid|settl|agre|pick|opt|book|reserv|order|nam|marri|"
    r"retir|us|liv|work)\w{3,}(?<!e)ed)|"
    r"kam|ging|fiel|lief|sagte|hat gesagt|est (?:venue?|parti|tombé)|a dit|vino|fue|dijo|è venut[oa]|ha detto)\b",
    re.I,
)
_CLOSED = re.compile(
    r"\b(?:closed|geschlossen|ferm[ée]e?s?|cerrad[oa]s?|chius[oaie]|fechad[oa]s?|gesloten|stängt)\b", re.I
)
_STAYS_AWAY = re.compile(
    r"\b(?:(?:has|have|had) cancelled|(?:ca|wo|is|are|does)n['’]?t (?:com\w+|mak\w+ it|join\w*)|not coming|dropped out|"
    r"kommt (?:doch )?nicht|abgesagt|ne vient (?:pas|plus)|no viene|non viene|não vem|komt niet|kommer inte)\b",
    re.I,
)
_BACK = re.compile(
    r"\b(?:got|came|come|are|am|is|['’](?:re|m)|been) (?:just |only )?(?:back|home) from\b|\bmoved (?:here )?from\b",
    re.I,
)
_MAY = re.compile(
    r"\b(?:might|may(?! \d)|maybe|perhaps|possibly|probably|could|would be|wonder\w*|vielleicht|eventuell|könnte|"
    r"peut-être|pourrait|quizás?|tal vez|podría|forse|magari|potrebbe|talvez|misschien|kanske|może)\b",
    re.I,
)
_UNSURE = re.compile(
    r"\b(?:might|maybe|perhaps|not sure|no idea|i guess|who knows|vielleicht|peut-être|quizás?)\b", re.I
)
_MOST_LOOKED_AT = 600


def denies(text: str) -> bool:
    """Whether a clause denies, refuses or fears something, and does more than call it needless."""
    text = _NEEDLESS.sub("", text[:_MOST_LOOKED_AT])
    return _DENIES.search(text) is not None


def wants(text: str) -> bool:
    """Whether a clause says what somebody wants, needs or likes."""
    return _WANTS.search(text[:_MOST_LOOKED_AT]) is not None


def explains(text: str) -> bool:
    """Whether a clause gives the reason for another, or what follows from it."""
    return _REASON.search(text[:_MOST_LOOKED_AT]) is not None


def has(text: str) -> bool:
    """Whether a clause says what the user or somebody close has or does."""
    return _HAS.search(text[:_MOST_LOOKED_AT]) is not None


def narrates(text: str) -> bool:
    """Whether a clause tells what happened, which is told in passing."""
    return _NARRATES.search(text[:_MOST_LOOKED_AT]) is not None


def is_closed(text: str) -> bool:
    """Whether a clause tells when something is closed."""
    return _CLOSED.search(text[:_MOST_LOOKED_AT]) is not None


def stays_away(text: str) -> bool:
    """Whether a clause tells that somebody is not coming."""
    return _STAYS_AWAY.search(text[:_MOST_LOOKED_AT]) is not None


def is_back(text: str) -> bool:
    """Whether a clause tells from where somebody has returned."""
    return _BACK.search(text[:_MOST_LOOKED_AT]) is not None


def may_be(text: str) -> bool:
    """Whether a clause says what may be."""
    return _MAY.search(text[:_MOST_LOOKED_AT]) is not None


def is_unsure(text: str) -> bool:
    """Whether somebody is not sure of what a sentence says."""
    return _UNSURE.search(text[:_MOST_LOOKED_AT]) is not None
