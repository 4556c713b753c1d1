"""Patterns of intents: change, cancel, forget, book, resume."""

from __future__ import annotations

import re

CHANGE = re.compile(
    r"\b(?:chang(?:e|ing)|mov(?:e|ing)|shift(?:ing)?|postpon(?:e|ing)|push(?:ing)?|delay(?:ing)?|extend(?:ing)?|"
    r"prolong(?:ing)?|lengthen|shorten(?:ing)?|cut(?:ting)?\s+(?:\w+\s+)?short|reschedul(?:e|ing)|updat(?:e|ing)|"
    r"modify|modifying|amend(?:ing)?|adjust(?:ing)?|"
    r"bring(?:ing)?\s+(?:\w+\s+){0,4}forward|rebook(?:ing)?|alter(?:ing)?|switch(?:ing)?|swap|instead|rather|"
    r"(?:an?|one|two|three|\d+|another|more|extra)\s+(?:extra\s+|more\s+|additional\s+)?(?:days?|nights?|"
    r"weeks?)\s*(?:longer|later|earlier|more|extra|shorter|less|sooner|early|late)?|extra\s+(?:day|night|week)|"
    r"stay(?:ing|ed)?\s+(?:in\s+[\w' -]{2,30}?\s+|there\s+)?(?:longer|until|till|through|on\b|a\s+bit)|"
    r"(?:return(?:ing)?|(?:com(?:e|ing)|"
    r"get(?:ting)?|fly(?:ing)?|go(?:ing)?|travel(?:l?ing)?|head(?:ing)?|be)\s+(?:back|home|out)|leav(?:e|ing)|"
    r"depart(?:ing)?|set(?:ting)?\s+off|start(?:ing)?|go)\s+(?:already\s+|only\s+)?(?:on|earlier|later|sooner|"
    r"a\s+day|one\s+day|by|home\s+on|the)\b|make\s+(?:it|that)\b|earlier|later|actually|should\s+be|i\s+meant?|"
    r"(?:has|have|needs?)\s+to\s+(?:end|start|begin|finish)|should\s+(?:end|start|begin|finish)|better\s+(?:the|"
    r"on|still)|"
    r"now\s+(?:have|need)\s+to|i\s+said|correction|new\s+dates?|different\s+(?:dates?|days?)|other\s+dates)",
    re.I,
)
PLAIN_CHANGE = re.compile(
    r"\b(?:chang(?:e|ing)|mov(?:e|ing)|shift|postpone|push|delay|extend|prolong|shorten|reschedul(?:e|ing)|"
    r"updat(?:e|ing)|modify|amend|adjust|rebook|alter)\b",
    re.I,
)
CANCEL = re.compile(
    r"\b(?:cancel(?:l?ing|lation)?|call(?:ing)?\s+off|delet(?:e|ing)|scrap|get\s+rid\s+of|drop|remove|undo|void|"
    r"annul|revoke|wipe|erase|kill)\b|\b(?:don'?t|do\s+not|no\s+longer|won'?t)\s+(?:want|need|be\s+(?:going|"
    r"taking|able\s+to\s+(?:go|make)))\b.{0,40}\b(?:trip|booking|reservation|flight|train|any\s?more|go)|"
    r"\b(?:can'?t|cannot|won'?t)\s+(?:make|go|travel|take|be\s+going)\b.{0,30}\b(?:it|trip|any\s?more|"
    r"after\s+all)?|\bi'?m\s+not\s+going\b|\bnot\s+(?:going|travell?ing)\s+(?:any\s?more|after\s+all)\b",
    re.I,
)
CANCEL_VERB = re.compile(
    r"\b(?:cancel(?:l?ing)?|call(?:ing)?\s+off|delete|scrap|get\s+rid\s+of|drop|remove|undo|void)\b", re.I
)
FORGET = re.compile(
    r"^\W*(?:(?:please|can\s+you|could\s+you|i\s+want\s+you\s+to|now)\s+)*(?:forget|erase|delete|remove|"
    r"don'?t\s+(?:remember|store|keep|save))\s+(?:about\s+)?(?:that\s+)?(?P<what>(?:my|our|what\s+i|that\s+i|i\b|"
    r"everything|all)\b.*)$",
    re.I,
)
TRIP_WORD = re.compile(
    r"\b(?:trips?|bookings?|reservations?|journeys?|flights?|trains?|tickets?|it|that|this|them|travel|vacation|"
    r"holiday|one|both|all|[0-9a-f]{8})\b",
    re.I,
)
BOOKISH = re.compile(
    r"\b(?:book|reserve|trips?|travel\w*|fly|flights?|flying|train|go(?:ing)?\s+to|visit\w*|get\s+to|journey|"
    r"tickets?|rail|plane|by\s+air|head(?:ing)?\s+to|return\s+(?:trip|ticket)|vacation|holiday|getaway|"
    r"destination|round[- ]trip)\b",
    re.I,
)
RESUME = re.compile(
    r"\b(?:book\s+it|go\s+(?:on|ahead)\s+with|that\s+trip|the\s+trip\s+(?:we|i)\s+(?:talked|spoke|mentioned|"
    r"discussed|wanted|told)|let'?s\s+(?:book|do)\s+(?:it|that|the)|continue|pick\s+up|same\s+trip|"
    r"as\s+(?:discussed|before)|ready\s+to\s+book)\b",
    re.I,
)
BOOK_IT = re.compile(r"\b(?:book|reserve|arrange)\s+(?:it|that|this)\b", re.I)
