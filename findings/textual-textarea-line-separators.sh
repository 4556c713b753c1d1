#!/usr/bin/env bash
# Library:  textual 8.2.8
#
# Behaviour: TextArea changes the text it is given. Its document is cut into
#   lines with str.splitlines(), which cuts not only at \n, \r\n and \r but also
#   at U+2028 LINE SEPARATOR, U+0085 NEXT LINE, vertical tab and form feed. The
#   lines are joined again with \n. So each of these characters comes back as
#   \n, and one at the very end is lost altogether, since only \n, \r\n and \r
#   at the end of a text open a last, empty line. The same holds for a text
#   inserted later.
#
# Seen:
#   load 'a\u2028b\x85c\x0bd\x0ce\u2028' -> 'a\nb\nc\nd\ne'; insert '\x0c' into 'xy' -> 'xy'
#
# Why it matters: a file opened and saved unchanged is another file. Form feeds
#   divide pages in old source files, U+2028 is legal inside a JSON string (and
#   a \n there is not), and anything that counts positions in the original
#   points elsewhere in the widget's text.
#
# Source: textual/document/_document.py, Document.__init__ and
#   Document.replace_range; VALID_NEWLINES in the same file lists the three
#   line ends that are meant.
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

from textual.app import App
from textual.widgets import TextArea

LOADED = "a\u2028b\x85c\x0bd\x0ce\u2028"
INSERTED = "\x0c"


class Editor(App):
    def compose(self):
        yield TextArea(LOADED, id="loaded")
        yield TextArea("xy", id="edited")


async def main():
    app = Editor()
    async with app.run_test():
        edited = app.query_one("#edited", TextArea)
        edited.insert(INSERTED, (0, 1))
        print(
            f"load {ascii(LOADED)} -> {ascii(app.query_one('#loaded').text)};"
            f" insert {ascii(INSERTED)} into 'xy' -> {ascii(edited.text)}"
        )


asyncio.run(main())
PY

expected="load 'a\\u2028b\\x85c\\x0bd\\x0ce\\u2028' -> 'a\\nb\\nc\\nd\\ne'; insert '\\x0c' into 'xy' -> 'xy'"
observed=$(env/bin/python show.py)
printf 'observed: %s\n' "$observed"
if [ "$observed" != "$expected" ]; then
    printf 'expected: %s\n' "$expected"
    exit 1
fi
