"""Answers to greetings, thanks, chat, and requests beyond the agent's functions."""

from __future__ import annotations

import re

from travel_tui.local.scripted_agent import phrases
from travel_tui.local.scripted_agent.context import BOOK, CANCEL, CHANGE, Context
from travel_tui.local.scripted_agent.pronouns import deflect

_GREETING = re.compile(
    r"^\W*(?:hi+|hello+|hey+|hiya|howdy|greetings|good\s+(?:morning|afternoon|evening|day)|yo|hallo|bonjour|hola|"
    r"ciao|moin|servus|gr[uü]ezi|salut)\b(?:\s+(?:there|again|agent|assistant|everyone|all|you))?",
    re.I,
)
_THANKS = re.compile(
    r"\b(?:thanks?|thank\s+you|thx|cheers|much\s+appreciated|merci|danke|gracias|you'?re\s+(?:the\s+best|great|"
    r"awesome|wonderful)|well\s+done|good\s+job|appreciate\s+it|great\s+service)\b",
    re.I,
)
_BYE = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|thanks|thank\s+you|great|that'?s\s+(?:all|it|everything)(?:\s+for\s+(?:now|"
    r"today))?)[\s,.!]*)*(?:good\s?bye|bye+(?:\s+bye)?|see\s+you|see\s+ya|ciao|later|farewell|take\s+care|"
    r"good\s+night|have\s+a\s+(?:nice|good|great)\s+\w+|that'?s\s+(?:all|it|everything)(?:\s+for\s+(?:now|"
    r"today))?|i'?m\s+done|end|no,?\s+that'?s\s+(?:all|it))\b",
    re.I,
)
_HELP = re.compile(
    r"\b(?:what\s+(?:can|could|do)\s+you\s+(?:\w+\s+)?(?:do|offer|help)|how\s+(?:can|do|does|could)\s+(?:you|i|this|"
    r"it)\s+(?:help|work|use|start|begin)|help(?:\s+me)?\s*[?!.]*$|who\s+are\s+you|what\s+are\s+you|"
    r"are\s+you\s+(?:a|an|human|real|there)|your\s+(?:name|job|purpose|capabilities|functions)|what\s+(?:is|"
    r"are)\s+your|what\s+else\s+can|your\s+services?|can\s+you\s+help)\b",
    re.I,
)
_ASKS_LEAVE = re.compile(
    r"^\W*(?:i\s+have\s+(?:a|one|another)\s+(?:quick\s+)?question|(?:can|may|"
    r"could)\s+i\s+ask\s+(?:you\s+)?(?:something|a\s+question))\W*$",
    re.I,
)
_SPEAKS = re.compile(
    r"\bdo\s+you\s+(?:speak|understand|know)\s+(?:german|french|spanish|italian|dutch|japanese|chinese|polish|"
    r"portuguese|other\s+languages)\b",
    re.I,
)
_SCOLDS = re.compile(
    r"^\W*(?:you(?:'re|\s+are)|this\s+is)\s+(?:so\s+|really\s+|very\s+)?(?:useless|stupid|dumb|annoying|bad|"
    r"terrible|awful|slow)\b.{0,20}$",
    re.I,
)
_PRAISES = re.compile(
    r"^\W*(?:lol|(?:ha){2,}|nice|cool|wow|neat|funny|amazing|interesting|good\s+to\s+know|you(?:'re|"
    r"\s+are)\s+(?:so\s+|very\s+|really\s+)?(?:funny|nice|sweet|"
    r"smart|cool|kind|helpful))\W*$",
    re.I,
)
_HOW_ARE = re.compile(
    r"\b(?:how\s+(?:are|r)\s+(?:you|u|things)|how'?s\s+it\s+going|how\s+do\s+you\s+do|what'?s\s+up|"
    r"nice\s+to\s+(?:meet|see)\s+you|pleased\s+to\s+meet)\b",
    re.I,
)


def abilities(context: Context) -> str:
    """List the agent's abilities by its functions."""
    parts = []
    if context.function(BOOK):
        parts.append("**book** a trip by train or by air")
    if context.function(CHANGE):
        parts.append("**change** its dates")
    if context.function(CANCEL):
        parts.append("**cancel** it")
    for function in context.turn.functions:
        if function.name not in (BOOK, CHANGE, CANCEL):
            what = function.description.strip().rstrip(".") or function.name.replace("_", " ")
            verb, _, rest = what.partition(" ")
            parts.append(f"{deflect(verb[:1].lower() + verb[1:])} {rest[:90]}".strip())
    return f"I can {phrases.listed(parts)}" if parts else "I can talk with you"


def greets(text: str) -> bool:
    return _GREETING.match(text) is not None


def thanks(text: str) -> bool:
    return _THANKS.search(text) is not None and len(text) < 160


def bye(text: str) -> bool:
    return _BYE.match(text) is not None and len(text) < 80


def asks_help(text: str) -> bool:
    return _HELP.search(text) is not None


def asks_how(text: str) -> bool:
    return _HOW_ARE.search(text) is not None and len(text) < 120


def reaction(context: Context, text: str) -> str:
    """Answer a short remark; "" where the text is none."""
    if _ASKS_LEAVE.match(text):
        return "Of course, go ahead. What would you like to know?"
    if _SPEAKS.search(text):
        return english_only(context)
    if _SCOLDS.match(text):
        return f"I'm sorry to disappoint you. {offer(context)}"
    return f"Glad you think so! {offer(context)}" if _PRAISES.match(text) else ""


def english_only(context: Context) -> str:
    return f"I'm afraid I only speak English. {offer(context)}"


def greeting(context: Context) -> str:
    name = f", {context.name}" if context.name else ""
    active = context.active
    if active and context.session.turns <= 1:
        trip = active[-1]
        return (
            f"Hello{name}, good to have you back! Your trip **{phrases.cities(trip)}** ({phrases.dates(trip)}) is on "
            "record. What can I do for you?"
        )
    return (
        f"Hello{name}! {abilities(context)}. Where would you like to go?"
        if context.function(BOOK)
        else f"Hello{name}! {abilities(context)}."
    )


def help_text(context: Context) -> str:
    example = (
        " For a booking I need five things: from where, to where, the departure date, the return date, and train or "
        "air."
        if context.function(BOOK)
        else ""
    )
    who = "travel agent" if context.function(BOOK) else "assistant"
    return f"I'm your {who}. {abilities(context)}, and I remember what you tell me{context.where_remembered}.{example}"


def offer(context: Context) -> str:
    """Return a question that leads back to travel."""
    return "Is there a trip I can help you with?" if context.function(BOOK) else "How can I help you?"


def decline(context: Context) -> str:
    """Decline a request; the abilities are listed only the first time."""
    context.session.declined += 1
    if context.session.declined == 1 or not context.function(BOOK):
        return f"I'm afraid I can't help with that. {abilities(context)}. {offer(context)}"
    if context.session.declined % 2:
        return "I can't help with that either. Is there a trip to book, change or cancel?"
    return f"I'm sorry, I can't help with that: trips by train or by air are what I do. {offer(context)}"


def puzzled(context: Context) -> str:
    """Answer an unclear message; the abilities are listed only the first time."""
    context.session.declined += 1
    if context.session.declined == 1 or not context.function(BOOK):
        return f"I'm not sure I understood. {abilities(context)}. What would you like to do?"
    return "I'm sorry, I didn't follow that. Would you like to book, change or cancel a trip?"


def nothing_open(context: Context) -> str:
    """Answer a yes or no to no question."""
    return (
        "All right! Is there a trip I can book, change or cancel for you?"
        if context.function(BOOK)
        else "All right! What can I do for you?"
    )


def refuse(context: Context) -> str:
    return f"I'll stay with what I am here for. {abilities(context)}. {offer(context)}"
