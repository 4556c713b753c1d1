#!/usr/bin/env bash
# Library:  textual 8.2.8
#
# Behaviour: a character that the keyboard sends alone is thrown away by the
#   text widgets when Python's str.isprintable() is false for it. That holds
#   for U+200C ZERO WIDTH NON-JOINER, which Persian spelling needs and Persian
#   keyboards type with Shift+Space, for U+200D ZERO WIDTH JOINER, for U+3000
#   IDEOGRAPHIC SPACE, which Japanese input methods type, and for U+00A0 NO-BREAK
#   SPACE. The terminal parser does deliver each of them, as a Key event that
#   names the character; Input and TextArea then insert only what
#   Key.is_printable calls printable. The same text pasted is kept.
#
# Seen:
#   typed 'a\u200cb\u200dc\u3000d\xa0e' -> Input 'abcde', TextArea 'abcde'; pasted -> TextArea 'a\u200cb\u200dc\u3000d\xa0e'
#
# Why it matters: a person who writes Persian or Japanese gets other text than
#   they typed, with no message; words run together or change their shape. An
#   application has to take these keys itself before the widget sees them.
#
# Source: textual/events.py, Key.is_printable; its users in
#   textual/widgets/_input.py (Input._on_key) and
#   textual/widgets/_text_area.py (TextArea._on_key). The documentation says of
#   is_printable only that the key produces a Unicode character.
set -euo pipefail
unset PYTHONPATH
export PIP_DISABLE_PIP_VERSION_CHECK=1

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/python -m pip install -q textual==8.2.8

cat > show.py <<'PY'
import asyncio

from textual import events
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.widgets import Input, TextArea

TYPED = "a\u200cb\u200dc\u3000d\u00a0e"


class Form(App):
    def compose(self):
        yield Input(id="line")
        yield TextArea(id="typed")
        yield TextArea(id="pasted")


async def main():
    app = Form()
    async with app.run_test() as pilot:
        # What a terminal sends for typed text: the bare characters.
        for name in ("line", "typed"):
            app.query_one(f"#{name}").focus()
            await pilot.pause()
            for message in XTermParser().feed(TYPED):
                app.post_message(message)
            await pilot.pause()
        app.query_one("#pasted").focus()
        await pilot.pause()
        app.post_message(events.Paste(TYPED))
        await pilot.pause()
        print(
            f"typed {ascii(TYPED)}"
            f" -> Input {ascii(app.query_one('#line').value)},"
            f" TextArea {ascii(app.query_one('#typed').text)};"
            f" pasted -> TextArea {ascii(app.query_one('#pasted').text)}"
        )


asyncio.run(main())
PY

expected="typed 'a\\u200cb\\u200dc\\u3000d\\xa0e' -> Input 'abcde', TextArea 'abcde'; pasted -> TextArea 'a\\u200cb\\u200dc\\u3000d\\xa0e'"
observed=$(env/bin/python show.py)
printf 'observed: %s\n' "$observed"
if [ "$observed" != "$expected" ]; then
    printf 'expected: %s\n' "$expected"
    exit 1
fi
