"""Classify sentences (request, question, statement, past event, prompt injection …) and detect yes and no."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from travel_tui.facts.names import is_name
from travel_tui.facts.places import lookup
from travel_tui.facts.text import sentences

SpeechAct = Literal["request", "wish", "question", "past", "supposed", "held", "other", "told", "attack"]

_YES = re.compile(
    r"^\W*(?:(?:oh|well|um+|ah|hm+|and|so|then|in\s+that\s+case|al(?:l\s+)?right|i\s+(?:think|guess|believe|"
    r"said|say)|my\s+answer\s+is|"
    r"that\s+is\s+a)[\s,]+)*(?P<yes>"
    r"yes+|yep|yup|yeah+|yea|ya|aye|sure(?:\s+thing)?|ok(?:ay)?|okey(?:\s+dokey)?|k|kk|y|correct|right|exactly|"
    r"very\s+well|al(?:l\s+)?right(?:y)?|i\s+want\s+(?:that|it|this)|make\s+the\s+(?:change|booking|cancell?ation)|"
    r"precisely|indeed|perfect(?:ly)?|great|fine|good|lovely|brilliant|"
    r"wonderful|excellent|awesome|super|absolutely|definitely|of\s+course|certainly|naturally|totally|"
    r"affirmative|agreed?|confirm(?:ed)?|i\s+(?:do\s+)?(?:confirm|agree|do|am|would)\b(?!\s+(?:not|n't|like|"
    r"rather|prefer|want))|"
    r"i(?:'m|\s+am)\s+(?:quite\s+|very\s+|absolutely\s+|really\s+)?(?:sure|certain|positive)|"
    r"please(?:\s+(?:do|go\s+ahead|proceed|book|confirm|change|cancel|update|delete)(?:\s+(?:it|that|so|them|"
    r"this))?)?|(?:just\s+)?do\s+(?:it|that|so)|go\s+(?:ahead|for\s+it|on)|proceed|make\s+it\s+so|"
    r"(?:that|this|it|which|all|everything)(?:'s|\s+is|\s+all)?\s*(?:seems?|looks?|sounds?|is|works?|would\s+be|"
    r"will\s+do|suits|all)?\s*(?:all\s+|quite\s+|very\s+|absolutely\s+|totally\s+|just\s+|perfectly\s+)?"
    r"(?:correct|right|fine|good|great|perfect|ok(?:ay)?|it|exact(?:ly)?|true|lovely|works?|well|accurate|"
    r"what\s+i\s+(?:want|meant|said|need)(?:ed)?|suits\s+me|will\s+do)(?!\s+(?:but|not))|"
    r"(?:sounds|looks|all|seems)\s+(?:good|great|right|fine|perfect|correct|ok(?:ay)?|lovely)|works\s+for\s+me|"
    r"suits\s+me|happy\s+with\s+(?:that|it)|"
    r"let'?s\s+(?:do|book|go\s+(?:for|with)|change|cancel)\s*(?:it|that|this)?|(?:book|change|cancel|confirm|"
    r"update|delete|take|reserve)\s+(?:it|that|them)(?!\s+(?:to|for|on)\b)|you\s+(?:got|have)\s+it(?:\s+right)?|"
    r"you\s+(?:can|may)(?:\s+(?:do|book|change|cancel|proceed|go\s+ahead))?(?:\s+(?:it|that|so))?|"
    r"no\s+problem|no\s+objections?|why\s+not|by\s+all\s+means|ja|oui|s[ií]|👍|👌|✅"
    r")(?=$|[^\w']|_)",
    re.I,
)
_NO_ANSWER = re.compile(
    r"^\W*(?:good|great|fine|nice|right)\s+(?:question|point|one|grief|lord|heavens|morning|afternoon|evening|"
    r"night|job|luck|day)\b",
    re.I,
)
_TAKEN_BACK = re.compile(
    r"(?:(?:but|and|actually|wait|oh|well)[\s,]+)*(?:no+\b|nope\b|not\b|don'?t\b|do\s+not\b|never\b|wait\b|"
    r"stop\b|later\b|forget\s+(?:it|that)\b|"
    r"nvm\b|leave\s+it\b|keep\s+it\b|let\s+me\s+think\b)",
    re.I,
)
"""Words that turn a yes into a no: ok, never mind; sure, but not now."""
_FILLER = re.compile(
    r"^[\s,.!;:–—\-)(👍🙂😀😊🙏]*(?:(?:please|pls|thanks?(?:\s+(?:a\s+lot|so\s+much|very\s+much|again))?|"
    r"thank\s+you(?:\s+(?:so|very)\s+much)?|cheers|that(?:'s|\s+is)\s+(?:all|it|everything|"
    r"what\s+i\s+want(?:ed)?|what\s+i\s+meant)|indeed|now|then|for\s+me|"
    r"to\s+me|with\s+(?:that|it|me)|right\s+away|immediately|as\s+(?:you\s+said|proposed|is)|the\s+(?:change|"
    r"booking|cancellation|trip|update)|by\s+(?:me|you)|my\s+(?:trip|booking|change|friend)|i(?:'m|\s+am)\s+sure|"
    r"of\s+course|you\s+may|all\s+(?:good|correct)|anyway|dear|mate|sir|madam|"
    r"(?:it|this|that)\b|so\b|do\b|sure|i\s+(?:want|do|would|am)\b(?=\W*$)|i'?d\s+like\s+that|(?:very\s+)?much|"
    r"would\s+be(?:\s+(?:great|good|nice|lovely|perfect))?|good|great|nice|lovely|you|bot|and\s+thank(?:s|"
    r"\s+you)|a\s+lot|ahead)\b|[🙂😀😊🙏👍!.,]+)",
    re.I,
)
_NO = re.compile(
    r"^\W*(?:(?:oh|well|um+|hm+|sorry|actually|ah|wait|please)[\s,]+)*(?P<no>(?:absolutely|definitely|certainly|"
    r"surely|sure|of\s+course|hell|god|better|i\s+think|i'?d\s+say|perhaps|maybe|why)\s+"
    r"(?:not|no)\b|no\s*way|under\s+no\s+circumstances|by\s+no\s+means|no+|nope|nah|nay|negative|wrong|"
    r"incorrect|not?\s+(?:really|quite|at\s+all|yet|now|that|correct|right|exactly|so\s+fast)|n|"
    r"don'?t(?:\s+\w+(?:\s+(?:it|that|this|anything))?)?|do\s+not(?:\s+\w+)?|"
    r"that(?:'s|\s+is|\s+was)?\s*(?:not|isn'?t|wasn'?t|n't|wrong|incorrect)(?:\s+(?:right|correct|what\s+i\s+\w+|"
    r"it))?|rather\s+not|i'?d\s+rather\s+not|i\s+(?:don'?t|do\s+not|didn'?t)\b(?:\s+(?:want\s+(?:that|it|to)|"
    r"think\s+so))?|wait|hold\s+on|hang\s+on|stop|nein|non)(?=$|[^\w'])",
    re.I,
)
_NOT_NO = re.compile(r"^\W*no\s+(?:problem|worries|objections?|doubt|need\s+to\s+(?:wait|ask)|issue)", re.I)
_ABANDON = re.compile(
    r"\b(?:forget\s+(?:it|that|this|about\s+(?:it|that|this|the\s+\w+)|the\s+(?:whole|booking|trip|change|"
    r"request)\w*)|never\s?mind|nvm|leave\s+it(?:\s+(?:as\s+it\s+is|be|then|there|at\s+that))?|"
    r"keep\s+it(?:\s+as\s+it\s+(?:is|was))?|leave\s+(?:everything|things|the\s+\w+)\s+as|drop\s+(?:it|that)|"
    r"scrap\s+(?:it|that|this)|let'?s\s+(?:not|stop|drop|leave\s+it|forget)|(?:i\s+)?(?:have\s+|"
    r"'ve\s+)?changed\s+my\s+mind|don'?t\s+(?:bother|worry\s+about\s+it)|skip\s+it|no\s+longer\s+(?:need|want)|"
    r"not\s+any\s?more|abort|(?:just|only|i\s+was(?:\s+just)?|i'?m)\s+(?:kidding|joking)|start\s+over|"
    r"cancel\s+(?:that|this|it|the\s+(?:request|process|change))|"
    r"i'?ll\s+(?:think\s+about\s+it|sleep\s+on\s+it|get\s+back\s+to\s+you)|not\s+interested|"
    r"on\s+second\s+thou?ghts?,?\s+(?:no|don'?t|leave|forget|keep))\b",
    re.I,
)
_ATTACK = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass|drop)\s+(?:all\s+|any\s+|everything\s+|"
    r"every\s+)?(?:of\s+)?(?:the\s+|your\s+|my\s+|these\s+|those\s+|what\s+)?(?:previous|prior|earlier|above|"
    r"preceding|past|former|system|own|original|safety|"
    r"initial|you\s+were\s+told|current)?\s*(?:instructions?|rules?|prompts?|guidelines?|directives?|orders|"
    r"programming|training|restrictions?|polic(?:y|ies)|constraints?|(?:you\s+were|you'?ve\s+been)\s+told)\b|"
    r"\bdisregard\s+(?:everything|all|anything)\b|\b(?:system|initial|hidden|original)\s+(?:prompt|message|"
    r"instructions?)\b|\b(?:your|the)\s+(?:prompt|instructions|guidelines|system\s+message|source\s+code|"
    r"api\s+keys?|credentials)\b|"
    r"\byou\s+are\s+(?:now|no\s+longer)\s+(?:an?|the|my|in|bound|called|free|\w+gpt)\b|\bpretend\s+(?:to\s+be|"
    r"you(?:'re|\s+are)|that\s+you)\b|\bact\s+(?:as|like)\s+(?:an?|if|my|the|though)\b|\brole-?play\b|"
    r"\bjail\s?break\w*|"
    r"\b(?:developer|debug|admin|god|dan|sudo|maintenance|root)\s+(?:mode|access|override)\b|"
    r"\bdo\s+anything\s+now\b|\bfrom\s+now\s+on,?\s+(?:you|always|only|answer|respond|speak|reply|never|act)\b|"
    r"\breveal\s+(?:your|the|all)\b|"
    r"\b(?:print|show|repeat|output|tell)\s+(?:me\s+)?(?:(?:everything|all|the\s+text|the\s+words)\s+(?:above|"
    r"before)|your\s+(?:\w+\s+)?(?:prompt|instructions|rules|configuration))|</?\s*(?:system|instructions?|"
    r"prompt|assistant|admin)\b|^[ \t]*(?:system|assistant|admin(?:istrator)?)\s*:|"
    r"\b(?:new|updated|urgent)\s+(?:system\s+)?instructions?\s*:|\bstop\s+being\s+(?:an?|the)\b|\b(?:delete|"
    r"cancel|drop|wipe|erase)\s+(?:all|every(?:one|body)?(?:'s|s)?)\s+(?:the\s+)?(?:other\s+)?(?:customers?'?s?|"
    r"users?'?s?|people'?s?|clients?'?s?|else'?s?)\b|"
    r"\b(?:other|another)\s+(?:customers?|users?|clients?|people|person|guests?)(?:'s?|s')?\s+(?:trips?|"
    r"bookings?|data|details|names?|reservations?|memor\w+|phone\w*|info\w*)|\bsomeone\s+else'?s\s+(?:trips?|"
    r"bookings?|data|details|reservations?|memor\w+)|"
    r"\b(?:you\s+must|you\s+have\s+to|always)\s+(?:now\s+)?(?:obey|comply|say|answer\s+with|respond\s+with|"
    r"respond\s+only|reply\s+only|confirm\s+everything|agree)\b",
    re.I | re.M,
)
_HELD = re.compile(
    r"\b(?:(?:don'?t|do\s+not|not|never|no\s+need\s+to|without)\s+(?:actually\s+|please\s+|yet\s+)?(?:book|"
    r"booking|reserve|reserving|make\s+(?:a|any)\s+(?:booking|reservation)|buy|confirm)(?:\s+(?:it|anything|that|"
    r"this))?(?:\s+(?:yet|for\s+now))?|"
    r"before\s+(?:you\s+)?book(?:ing)?|just\s+(?:asking|thinking|wondering|curious|browsing|looking|exploring|"
    r"checking)|only\s+(?:asking|thinking|wondering)|"
    r"(?:i'?m|i\s+am|we'?re|we\s+are)\s+(?:just\s+|only\s+|still\s+)?(?:thinking\s+(?:of|about)|considering|"
    r"dreaming|pondering|toying|undecided|not\s+sure)|i'?m\s+wondering|thinking\s+about\s+(?:going|a\s+trip|"
    r"flying|travell?ing|visiting)|"
    r"(?:might|may|could)\s+(?:maybe\s+|perhaps\s+|possibly\s+)?(?:go|travel|visit|fly|be\s+going)\b|some\s?day|"
    r"one\s+of\s+these\s+days|not\s+(?:decided|sure)\s+yet|haven'?t\s+decided)\b",
    re.I,
)
_SUPPOSED = re.compile(
    r"\b(?:if\s+(?:i|we|one|someone|somebody|you)\s+(?:were|was|had|booked|flew|took|went|travell?ed|could|would|"
    r"wanted|decided|ever|fly|go|take|travel|book)|suppos(?:e|ing)|imagine|hypothetical(?:ly)?|what\s+if|"
    r"theoretically|in\s+theory|let'?s\s+say|assuming|"
    r"(?:i|we)\s+(?:wish|would)\s+(?:i|we)\s+(?:could|had)|would\s+have|could\s+have|should\s+have)\b",
    re.I,
)
_PRICE = re.compile(
    r"\b(?:how\s+much|how\s+long|how\s+far|how\s+often|how\s+many\s+(?:hours|stops|trains|flights)|"
    r"what\s+(?:does|would|do|is\s+the|are\s+the)\s+(?:it\s+|a\s+|an\s+|the\s+)?(?:\w+\s+){0,3}(?:cost|price|"
    r"fare|duration|schedule|timetable|fares|prices)|price\s+of|cost\s+of|fares?|"
    r"is\s+there\s+(?:a|an|any)|are\s+there\s+(?:any\s+)?|do\s+(?:you\s+have|trains|flights|any|they)|"
    r"does\s+(?:the|a|any)|which\s+airlines?|what\s+airlines?|what\s+time|is\s+it\s+(?:faster|cheaper|better|"
    r"quicker|safe|easy|far|worth)|"
    r"which\s+is\s+(?:faster|cheaper|better|quicker)|cheapest|fastest\s+way|can\s+one|what'?s\s+the\s+(?:best|"
    r"fastest|cheapest|price|fare|distance|quickest))\b",
    re.I,
)
_PAST = re.compile(
    r"\b(?:i|we|my\s+\w+(?:\s+and\s+i)?|he|she|they)\s+(?:once\s+|recently\s+|already\s+|just\s+|also\s+|both\s+|"
    r"really\s+|last\s+\w+\s+|never\s+)*(?:went|flew|travell?ed|took|visited|was|were|drove|used\s+to|"
    r"have\s+(?:been|already|just|visited|flown|travell?ed|taken)|'ve\s+(?:been|already|just|visited|flown|"
    r"travell?ed)|"
    r"had|came|stayed|booked|returned|spent|saw|loved|enjoyed|missed|met|rode|lived|got\s+back|grew|did\s+(?:go|"
    r"fly|travel))\b|\b(?:last|previous)\s+(?:year|month|week|summer|winter|spring|autumn|fall|time|christmas|"
    r"january|february|march|april|may|june|july|august|september|october|november|december)\b|"
    r"\b(?:years?|months?|weeks?|days?)\s+ago\b|\byesterday\b|\bback\s+in\s+(?:19|20)\d\d\b|\bthe\s+other\s+day\b",
    re.I,
)
_ORDER = re.compile(
    r"\b(?:is|would)\s+it\s+(?:be\s+)?possible\s+(?:for\s+\w+\s+)?to\b|"
    r"\b(?:book|reserve|arrange|organi[sz]e|schedule)\s+(?:me|us|my|a|an|the|it|for|this|that|some|two|return|"
    r"train|flights?|tickets?|trip|travel|rail|air|both|another|one|him|her|them|round)?\b|\b(?:set\s+up|plan|"
    r"buy|purchase|find|get|order)\s+(?:me|us|my|a|an|the|it|for|this|that|some|two|return|train|flights?|"
    r"tickets?|trip|travel|rail|air|both|another|one|him|her|them|round)\b|"
    r"\b(?:fly|take|send|bring|get|put)\s+(?:me|us)\b|\b(?:can|could|may|might|shall|should|would|will)\s+(?:you|"
    r"i|we)\b.{0,40}\b(?:book|reserve|go|fly|travel|take|get|arrange|have|make|plan|organi[sz]e|trip)\b|"
    r"\b(?:i|we)(?:'d|\s+would)\s+(?:really\s+|very\s+much\s+|also\s+)?(?:like|love|prefer|appreciate|want|"
    r"be\s+happy)\b|\b(?:i|we)\s+(?:really\s+|also\s+|just\s+|still\s+|do\s+)?(?:want|need|wanna|have\s+to|must|"
    r"require|wish\s+to|gotta|intend|hope\s+to|plan)\b|"
    r"\b(?:i'?m|i\s+am|we'?re|we\s+are)\s+(?:looking|hoping|planning|trying|after|in\s+need|interested\s+in|keen|"
    r"going\s+to\s+need|eager)\b|\blet'?s\s+(?:book|go|plan|fly|do|take|travel|make|get|visit|arrange)\b|"
    r"\b(?:wanting|hoping|looking|wishing|planning|hope|wish)\s+to\s+(?:go|fly|travel|visit|book|get|take)\b|"
    r"\bplease\b|\bpls\b|\blooking\s+for\b|\band\s+(?:would\s+like|want|need)\s+(?:to|a)\b|\bneed(?:ed)?\s+(?:a|"
    r"an|to|two)\b|"
    r"\bmake\s+(?:me\s+)?(?:a|the)\s+(?:booking|reservation)\b|\b(?:new|another|next)\s+(?:trip|booking|"
    r"reservation)\b|\btrip\s*:|\bbooking\s+request\b|\b(?:i|we)\s+will\s+need\b|\btickets?\s+(?:from|to|for)\b|"
    r"\bget\s+(?:tickets?|a|the)\b|\btake\s+(?:the|a)\s+(?:train|flight|plane)\b",
    re.I,
)
_SELF_MOTION = re.compile(
    r"\b(?:i'?m|i\s+am|we'?re|we\s+are|i'?ll|i\s+will|we'?ll|we\s+will)\s+(?:be\s+)?(?:flying|travell?ing|going|"
    r"leaving|off|heading|taking|visiting|moving|staying|fly|travel|go|leave|head|take|visit|depart|return|come|"
    r"stay|set)\b|\b(?:i|we)\s+(?:fly|travel|leave|go|depart)\b",
    re.I,
)
_PERSON = (
    r"(?:sister|brother|mother|father|mum|mom|dad|parents|wife|husband|partner|girlfriend|boyfriend|fiancee?|"
    r"son|daughter|kids?|children|"
    r"friends?|boss|colleagues?|neighbou?rs?|aunt|uncle|cousins?|grand\w+|niece|nephew|roommate|flatmate|team|"
    r"family|company|secretary|"
    r"assistant|teacher|doctor|man|woman|guy|girl|boy)"
)
_OTHERS = re.compile(
    rf"^\W*(?:(?:and|but|also|so|by\s+the\s+way,?|btw,?|fyi,?|well,?)\s+)*(?:(?:my|our|his|her|their|a|"
    rf"the)\s+(?:\w+\s+)?{_PERSON}(?:\s+(?-i:[A-Z])\w+)?)"
    r"\s+(?:and\s+(?:my|his|her|their)\s+\w+\s+)?(?!and\s+(?:I|me|we)\b)\w+|"
    r"^\W*(?:he|she|they|somebody|someone)(?:'s|'re|\s+(?:is|are|was|were|will|flies|goes|went|flew|has|had|"
    r"took|takes))\b",
    re.I,
)
_ASKING = re.compile(
    r"^\W*(?:(?:and|but|so|ok(?:ay)?|well|hi|hello|hey|oh|also|now)[\s,:;!-]+)*(?:which|who|whose|what|where|"
    r"when|why|how)\b"
    r"(?!\s+(?:about|not|don'?t)\b)|"
    r"^\W*[a-z]{2,6}\s+(?:which|whom|whose|what|when|where)\s+(?:\w+\s+){0,3}?(?:do|does|did|am|is|are|was|were|have|"
    r"has|had|can|could|will|would|should|shall|may)\s+(?:i|you|we|my|our)\b",
    re.I,
)
_QUESTION = re.compile(
    r"^\W*(?:(?:and|but|so|ok(?:ay)?|well|hi|hello|hey|oh|also|now|thanks|great|then|by\s+the\s+way|btw|just|"
    r"sorry|excuse\s+me|quick\s+question|one\s+question|question)[\s,:;!-]+)*(?:(?:what|when|where|which|who|"
    r"whom|whose|why|how)\b(?:'s|'re|s\b)?|"
    r"(?:do|does|did|is|are|am|was|were|have|has|had|can|could|will|would|should|shall|may)\s+(?:i|you|we|my|"
    r"there|it|the|that|this|any|your|our|one)\b|(?:don'?t|didn'?t|haven'?t|isn'?t|aren'?t|can'?t|"
    r"couldn'?t)\s+(?:i|you|we|my|there|it)|"
    r"(?:please\s+)?(?:can\s+you\s+|could\s+you\s+)?(?:tell|remind|show|give|list|recall|repeat|summari[sz]e|"
    r"sum\s+up|recap|read)\s+(?:me|us|my|all|back|our|again|the|what|which|everything)|any\s+(?:trips?|"
    r"bookings?|idea)|(?:i\s+(?:forgot|don'?t\s+(?:remember|recall|know)|wonder|want\s+to\s+know|"
    r"need\s+to\s+know|'d\s+like\s+to\s+know|would\s+like\s+to\s+know)))",
    re.I,
)
_SO = re.compile(
    r",?\s+(?:so|therefore|hence)\s+(?=(?:please|can\s+you|could\s+you|would\s+you|let'?s|book|bring|move|"
    r"change|cancel|push|"
    r"get\s+me|take\s+me|fly\s+me|make\s+it|make\s+that|shift|extend|trains?\s+only|i(?:'d|'ll|\s+would|"
    r"\s+will)\s+(?:like|"
    r"prefer|rather|return|come|leave|stay|be|go|fly|need)|"
    r"i\s+(?:need|want|have)\s+to)\b)",
    re.I,
)
_SHORT_QUESTION = re.compile(
    r"^\W*(?:(?:and|also|what\s+about|how\s+about|then)\s+)?my\s+(?:[\w']+\s+){0,3}(?:id|number|name|dates?|"
    r"booking|reference|"
    r"code|itinerary|trips?|bookings|plans|preferences|details|profile|seat|diet|budget|"
    r"birthday)(?:\s+(?:please|again|pls))?\W*$",
    re.I,
)
_EVENT = re.compile(
    r"^\W*(?:the|my|our|his|her)\s+(?:\w+\s+)?(?:meeting|interview|wedding|conference|party|appointment|concert|"
    r"event|fair|exam|match|game|"
    r"ceremony|workshop)\s+(?:was|is|has|got|will|starts|ends|takes)\b",
    re.I,
)
_PERSON_IS = re.compile(
    r"^\W*([A-ZÀ-Þ][a-zà-ÿ][\w-]*)(?:\s+and\s+[A-ZÀ-Þ][a-zà-ÿ][\w-]*)?\s+(?:can't|cannot|hates?|loves?|likes?|"
    r"doesn't|"
    r"lives?|works?|prefers?|never|always|turns|turned)\b"
)
_LABEL = re.compile(r"^\W*(?:when|where|how|who|what)(?:\s+(?:from|to))?\s*[:=]", re.I)
_ON_BEHALF = re.compile(
    r"\b(?:please\s+(?:book|arrange|reserve|organi[sz]e)|(?:can|could|would)\s+you\s+(?:please\s+)?(?:book|"
    r"arrange|reserve|get)|"
    r"book\s+(?:it|this|that)(?:\s+for\s+\w+)?)\b",
    re.I,
)
_DID = re.compile(
    r"^\W*(?:(?:and|but|so|well|ok|also|then|wait|sorry|hi|hello)[\s,]+)*(?:(?:did|have|had|didn't|"
    r"haven't)\s+(?:i|we|you)|"
    r"(?:would|do|should)\s+(?:i|we)\s+(?:rather|prefer|like|usually|normally|always))\b",
    re.I,
)
_HABIT = re.compile(
    r"^\W*(?:trains?|planes?|flights|flying|rail)\s+only\W*$|\b(?:i|we)\s+(?:always|usually|normally|generally|"
    r"typically|mostly|only\s+ever|never)\s+(?:travel|fly|go|"
    r"leave|depart|take|"
    r"start|book|sit)\b|\b(?:i|we)\s+(?:always\s+|usually\s+)?(?:travel|fly)\s+with\s+(?:my|our)\b|\b(?:trains?|"
    r"planes?|flights|flying|rail)\s+only\s+for\s+(?:me|us)\b|\bonly\s+(?:trains|"
    r"planes|flights)\s+for\s+"
    r"(?:me|us)\b|\bno\s+(?:planes|flights|trains|flying)\s+for\s+(?:me|us)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, its offset, its speech act, and whether it is a question."""

    start: int
    text: str
    act: SpeechAct
    asks: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """A yes or no at the start of a text, and the remaining text."""

    yes: bool = False
    no: bool = False
    rest: str = ""


def split(text: str) -> list[Sentence]:
    """Split an evened text into classified sentences."""
    spans = []
    for begin, end in sentences(text):
        cut = _SO.search(text, begin, end)
        spans += [(begin, cut.start()), (cut.end(), end)] if cut and cut.start() > begin else [(begin, end)]
    return [Sentence(a, text[a:b], classify(text[a:b]), is_question(text[a:b])) for a, b in spans]


def is_question(text: str) -> bool:
    return not _LABEL.match(text) and (
        text.rstrip(" \"')").endswith("?")
        or _QUESTION.match(text) is not None
        or _ASKING.match(text) is not None
        or _SHORT_QUESTION.match(text) is not None
    )


def is_habit(text: str) -> bool:
    """Return whether the text states a habit: I usually fly from Bern, trains only for me."""
    return _HABIT.search(text) is not None


def classify(text: str) -> SpeechAct:
    """Classify one sentence."""
    if _LABEL.match(text):
        return "told"
    if _ATTACK.search(text):
        return "attack"
    if _HELD.search(text):
        return "held"
    if _SUPPOSED.search(text):
        return "supposed"
    if _PRICE.search(text) and (text.rstrip().endswith("?") or _QUESTION.match(text)):
        return "question"
    if _QUESTION.match(text) and _PAST.search(text):
        return "question"
    if _ASKING.match(text):
        return "question"
    if _PAST.search(text) and not re.search(
        r"\b(?:now|this\s+time|again|instead)\b.{0,60}\b(?:book|want|like|need)\b|"
        r"^\W*(?:please\s+)?book\b",
        text,
        re.I,
    ):
        return "past"
    if (_OTHERS.match(text) or _EVENT.match(text) or named_person(text)) and not _ON_BEHALF.search(text):
        return "other"
    if _HABIT.search(text) and not text.rstrip().endswith("?"):
        return "told"
    if _DID.match(text):
        return "question"
    if _ORDER.search(text):
        return "request"
    if _QUESTION.match(text) or text.rstrip().endswith("?"):
        return "question"
    if _SELF_MOTION.search(text):
        return "wish"
    return "told"


def named_person(text: str) -> str:
    """Return the person that a sentence is about by name (Aino can't stand flying); "" where there is none."""
    match = _PERSON_IS.match(text)
    return match[1] if match and is_name(match[1]) and not lookup(match[1]) else ""


def is_attack(text: str) -> bool:
    return _ATTACK.search(text) is not None


def abandons(text: str) -> bool:
    return _ABANDON.search(text) is not None


def answer(text: str) -> Answer:
    """Parse a text as an answer to a yes-or-no question."""
    no = _NO.match(text)
    if no and not _NOT_NO.match(text):
        return Answer(no=True, rest=text[no.end() :].lstrip(" ,.;:!-–—"))
    yes = None if _NO_ANSWER.match(text) else _YES.match(text)
    if not yes:
        return Answer()
    rest = text[yes.end() :]
    for _ in range(12):
        filler = _FILLER.match(rest)
        again = _YES.match(rest) if not filler or not filler.group() else None
        if filler and filler.group():
            rest = rest[filler.end() :]
        elif again:
            rest = rest[again.end() :]
        else:
            break
    rest = rest.lstrip(" \t\n,.;:!?-–—)")
    if _TAKEN_BACK.match(rest) and not _NOT_NO.match(rest):
        return Answer(no=True, rest=_TAKEN_BACK.sub("", rest, count=1).lstrip(" ,.;:!-–—"))
    return Answer(yes=True, rest=rest if re.search(r"\w", rest) else "")
