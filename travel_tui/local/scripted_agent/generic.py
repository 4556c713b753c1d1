"""Call functions of other agents: chosen by description, filled by each parameter's type and description."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from travel_tui.facts.amounts import find_amounts
from travel_tui.facts.dates import find_dates
from travel_tui.facts.names import find_names
from travel_tui.facts.numbers import find_numbers
from travel_tui.facts.text import fold
from travel_tui.local.scripted_agent.context import BOOK, CANCEL, CHANGE, Context, Outcome
from travel_tui.local.scripted_agent.date_slots import find_when
from travel_tui.local.scripted_agent.ids import find_booking_ids
from travel_tui.local.scripted_agent.messages import Function, FunctionParameter, Reply, ToolCall, ToolResult
from travel_tui.local.scripted_agent.place_slots import bare_place, find_route
from travel_tui.local.scripted_agent.summary import action
from travel_tui.local.scripted_agent.task_state import FunctionTask
from travel_tui.local.scripted_agent.words import content, stem, words

_VERB_WORDS = """
book create order get make open add update delete cancel change reserve find search list check convert send start
look lookup show register submit schedule calculate set remove modify request track query read write buy return
returns reserve
"""
_EMPTY_WORDS = """
get set fetch make do run call function api for a the of to in on by user customer information info data return
given specific use existing new value name string number and or with retrieve provide allow
"""

_EMPTY = frozenset(stem(w) for w in _EMPTY_WORDS.split())
_VERBS = frozenset(stem(w) for w in _VERB_WORDS.split())
_TELLING = frozenset(stem(w) for w in ["convert", "calculate", "track", "register", "submit", "order", "translate"])
_LISTED = re.compile(r"(?<![\w-])[\w-]+(?:,\s+[\w-]+)*,?\s+or\s+[\w-]+\b")
_ENUM = re.compile(
    r"(?:one\s+of|either|choose\s+(?:from|between)|options?(?:\s+are)?|values?(?:\s+are)?|must\s+be|can\s+be|"
    r"e\.g\.,?|such\s+as|allowed)[:\s]*(?P<list>[^.;()]+)",
    re.I,
)
_PLACE = re.compile(r"city|town|place|location|country|destination|origin|address|where|airport|station", re.I)
_DATE = re.compile(r"date|day|when|check_?in|check_?out|arrival|departure|deadline|due|until|YYYY", re.I)
_ID = re.compile(r"(?:^|_)(?:id|number|code|ref|reference|key)(?:$|_)|identifier", re.I)
_NAME = re.compile(r"(?:^|_)(?:name|person|guest|customer|passenger|contact|recipient)(?:$|_)", re.I)
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64})+")
_TIME = re.compile(
    r"\b(?:[01]?\d|2[0-3]):[0-5]\d(?:\s*[ap]m)?\b|\b(?:1[0-2]|[1-9])\s*(?:[ap]m|o'clock)\b|\bnoon\b|"
    r"\bmidnight\b",
    re.I,
)
_YES = re.compile(r"\b(?:yes|yeah|yep|true|sure|with|please|on|enabled?|of\s+course)\b", re.I)
_NO = re.compile(r"\b(?:no|nope|false|not|without|off|disabled?|don'?t)\b", re.I)


def own(context: Context) -> list[Function]:
    """Return the agent's functions other than the three for trips."""
    return [f for f in context.turn.functions if f.name not in (BOOK, CHANGE, CANCEL)]


def match(context: Context, text: str) -> Function | None:
    """Return the function that best matches the text; None where none does."""
    asked = content(text) | {stem(w) for w in words(text)}
    best: tuple[float, Function] | None = None
    for function in own(context):
        verbs, name = _name(function)
        about = content(function.description) | {stem(fold(w)) for p in function.parameters for w in _enum(p)}
        about -= _EMPTY | _VERBS | name
        hits = len(name & asked) / max(1, len(name)), len(about & asked)
        telling = verbs & asked & _TELLING
        if not (hits[0] or hits[1] >= 2 or telling or (verbs & asked and (hits[1] or not name | about))):
            continue
        score = 3 * hits[0] + hits[1] + 0.5 * len(verbs & asked) + len(telling)
        if best is None or score > best[0]:
            best = (score, function)
    return best[1] if best and best[0] >= 1.5 else None


def _name(function: Function) -> tuple[set[str], set[str]]:
    """Split a function's name into verbs and other words."""
    parts = {stem(fold(w)) for w in re.split(r"[_\W]+|(?<=[a-z])(?=[A-Z])", function.name) if w}
    return parts & _VERBS, parts - _VERBS - _EMPTY


def start(context: Context, function: Function, text: str) -> Outcome:
    """Start a call: fill parameters from the text, and ask for the missing ones."""
    task = FunctionTask(function.name)
    context.start_task(task)
    fill(context, task, function, text)
    return step(context, task)


def function_of(context: Context, task: FunctionTask) -> Function | None:
    return context.function(task.function)


def fill(context: Context, task: FunctionTask, function: Function, text: str) -> bool:
    """Fill parameters from the text; return whether any value was found."""
    slots = task.slots
    asked = task.asked
    before = dict(slots)
    taken: set[str] = set()
    order = sorted(function.parameters, key=lambda p: p.name != asked)
    for parameter in order:
        if parameter.name in slots and parameter.name != asked and asked:
            continue
        value = _value(context, parameter, text, asked == parameter.name, taken)
        if value:
            slots[parameter.name] = value
            taken.add(value)
    return slots != before


@lru_cache(maxsize=2048)
def _enum(parameter: FunctionParameter) -> list[str]:
    """Return the values that a parameter's description lists. The list is cached: do not change it."""
    found = _ENUM.search(parameter.description)
    if found:
        items = [i.strip(" '\"`.") for i in re.split(r",|\bor\b|\band\b|/|\|", found["list"])]
    elif listed := _LISTED.search(parameter.description):
        items = re.split(r",\s*(?:or\s+)?|\s+or\s+", listed.group())
    else:
        items = re.findall(r"\b[A-Z][A-Z_]{1,}\b", parameter.description)
        items = [
            i for i in items if i not in ("YYYY", "MM", "DD", "ISO", "ID", "UTC", "HH", "URL", "API", "JSON", "OK")
        ]
    items = [i for i in items if i and len(i.split()) <= 3]
    return items if len(items) > 1 else []


def _value(context: Context, parameter: FunctionParameter, text: str, asked: bool, taken: set[str]) -> str:
    today = context.turn.today
    label = parameter.name
    about = f"{parameter.name} {parameter.description}"
    options = _enum(parameter)
    if options:
        said = fold(text)
        return next(
            (o for o in options if re.search(rf"(?<!\w){re.escape(fold(o).replace('_', ' '))}(?!\w)", said)), ""
        )
    if parameter.type == "boolean":
        if not asked:
            return "true" if stem(fold(label.split("_")[-1])) in content(text) and not _NO.search(text) else ""
        return "false" if _NO.search(text) else "true" if _YES.search(text) else ""
    if parameter.type in ("integer", "number") and not _ID.search(label):
        return _number(label, parameter.type, text, today, taken, asked=asked)
    if _ID.search(label):
        return _identity(text, asked=asked, taken=taken)
    way = re.match(r"(from|to|source|target)_", label)
    if way:
        cue = "from" if way[1] in ("from", "source") else "(?:in)?to"
        cued = re.search(rf"\b{cue}\s+(?P<v>[\w-]+)", text, re.I)
        if cued and not _DATE.search(label):
            return cued["v"]
    if re.search(r"e?mail", label, re.I):
        found = _EMAIL.search(text)
        return found.group() if found else ""
    if re.search(r"time|hour", label, re.I) and not _DATE.search(label):
        found = _TIME.search(text)
        return found.group() if found else ""
    if _DATE.search(label) or "YYYY-MM-DD" in parameter.description:
        return _day(label, text, today, taken)
    if _PLACE.search(about):
        return _place(context, label, text, asked, taken)
    if _NAME.search(label):
        names = [n.value for n in find_names(text) if n.value not in taken]
        if names:
            return names[0]
    return _free(parameter, text, asked)


def _number(label: str, kind: str, text: str, today: date, taken: set[str], *, asked: bool) -> str:
    if kind == "number":
        money = [a.value for a in find_amounts(text) if str(a.value) not in taken]
        if money:
            return f"{money[0]:g}"
        plain = re.search(r"(?<![\w.-])-?\d+(?:\.\d+)?(?![\w-])", text)
        if plain and (asked or plain.group() not in taken):
            return plain.group()
    dates = [(d.start, d.end) for d in find_dates(text, today)]
    free = [n for n in find_numbers(text) if not n.ordinal and not any(a <= n.start < b for a, b in dates)]
    near = [
        n
        for n in free
        if any(stem(w) == stem(fold(label.rsplit("_", maxsplit=1)[-1])) for w in words(text[n.end : n.end + 20])[:2])
    ]
    chosen = near or [n for n in free if str(n.value) not in taken]
    return str(chosen[0].value) if chosen else ""


def _identity(text: str, *, asked: bool, taken: set[str]) -> str:
    ids = [i for i in find_booking_ids(text) if i not in taken]
    if ids:
        return ids[0]
    found: list[str] = [
        w for w in re.findall(r"[A-Za-z0-9][A-Za-z0-9_-]*", text) if any(c.isdigit() for c in w) and w not in taken
    ]
    if found:
        return found[0]
    return text.strip(" .!?") if asked and len(text.split()) == 1 else ""


def _day(label: str, text: str, today: date, taken: set[str]) -> str:
    when = find_when(text, today)
    ends = re.search(r"end|return|until|out|to(?:_|$)|due|last", label, re.I) is not None
    day = when.end if ends else when.start
    values = [d.value.isoformat() for d, _ in when.dates if d.value and d.value.isoformat() not in taken]
    if day and day.value.isoformat() not in taken:
        return day.value.isoformat()
    return values[0] if values else ""


def _place(context: Context, label: str, text: str, asked: bool, taken: set[str]) -> str:
    route = find_route(text, context.turn.today, asked="destination" if asked else "")
    first = re.search(r"origin|from|source|depart|start|pick", label, re.I) is not None
    wanted = (
        [route.origin, route.destination]
        if first
        else [route.destination, *route.loose, *route.named, *route.unknown, route.home]
    )
    found = next((p for p in wanted if p and p not in taken), "")
    if not found and not first:
        cue = re.search(r"\b(?:in|at|for|near|to)\s+(?P<v>[A-ZÀ-Þ][\w'-]+(?:\s[A-ZÀ-Þ][\w'-]+)*)", text)
        found = cue["v"] if cue and cue["v"] not in taken and not find_dates(cue["v"], context.turn.today) else ""
    return found or (bare_place(text, context.turn.today) if asked else "")


def _free(parameter: FunctionParameter, text: str, asked: bool) -> str:
    if asked:
        return re.sub(
            r"^\W*(?:it'?s|it\s+is|that\s+is|i'?d\s+like|i\s+want|make\s+it|please|just)\s+",
            "",
            text.strip(),
            flags=re.I,
        ).strip(" .!\"'")
    label = re.escape(parameter.name.replace("_", " "))
    cued = re.search(
        rf"\b{label}s?\b\s*(?:is|are|of|:|=|should\s+be|called|says?|that)?\s+[\"']?(?P<v>[^,.;!?\n\"']{{1,200}})",
        text,
        re.I,
    )
    return cued["v"].strip() if cued else ""


def step(context: Context, task: FunctionTask) -> Outcome:
    """Ask for the next required parameter, ask for confirmation if required, or call the function."""
    function = function_of(context, task)
    if function is None:
        context.end_task()
        return Reply("I'm sorry, that is not something I can do here."), "The function is gone."
    slots = task.slots
    missing = [p for p in function.parameters if p.required and not slots.get(p.name)]
    if missing:
        parameter = missing[0]
        task.asked = parameter.name
        what = parameter.description.strip().rstrip(".") or parameter.name.replace("_", " ")
        options = _enum(parameter)
        choice = f" ({' / '.join(options)})" if options and not any(o in what for o in options) else ""
        label = parameter.name.replace("_", " ")
        return Reply(
            f"Gladly. What **{label}** should it be? ({what}{choice})"
        ), f"{parameter.name} is missing, so ask."
    task.asked = ""
    if function.require_confirmation and task.stage != "agreed":
        task.stage = "confirming"
        given = "\n".join(
            f"- {p.name.replace('_', ' ')}: **{slots[p.name]}**" for p in function.parameters if p.name in slots
        )
        return Reply(f"Shall I do this: {_title(function)}?\n\n{given}".rstrip()), "This function wants a confirmation."
    context.session.waiting = FunctionTask(function.name, dict(slots))
    context.end_task()
    return ToolCall(function, dict(slots)), f"{function.name} has all it needs, so call it."


def _title(function: Function) -> str:
    return function.description.strip().rstrip(".?") or function.name.replace("_", " ")


def returned(context: Context, waiting: FunctionTask, result: ToolResult, words_: str) -> str:
    """Report the function's answer."""
    if result.state is not None:
        return f"That did not work: {words_ or 'no reason was given.'}"
    context.session.actions.append(action(result.function, waiting.slots, words_))
    return words_ or "Done."
