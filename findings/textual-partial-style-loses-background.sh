#!/usr/bin/env bash
# Library:  textual 8.2.8
#
# Behaviour: Widget.get_visual_style(component_class, partial=True), meant to
#   give the style of a component class without what lies beneath, leaves out
#   the background of the class exactly when that background is opaque: the
#   result has a fully transparent one. A half-transparent background comes out
#   darker and fainter than written. The foreground is right, and without
#   partial=True the opaque background is there.
#
# Seen:
#   opaque red: partial (0, 0, 0) alpha 0.00, full (255, 0, 0) alpha 1.00; red 50%: partial (127, 0, 0) alpha 0.25
#
# Why it matters: a widget that marks part of its text with a component class
#   shows no mark at all, while the stylesheet is right and get_component_styles
#   reports the colour; naming the class in content (a style that starts with a
#   dot) goes the same way. A widget has to take the background from
#   get_component_styles or ask for the full style.
#
# Source: textual/widget.py, Widget.get_visual_style: the partial branch calls
#   Color.blend with one minus the alpha of the new background as the factor.
#   By the documentation of Color.blend in textual/color.py, factor 0 keeps the
#   first colour and 1 gives the second, so an opaque colour gets no weight.
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
from textual.widget import Widget


class Marked(Widget):
    COMPONENT_CLASSES = {"marked--solid", "marked--half"}
    DEFAULT_CSS = """
    Marked { background: black; }
    Marked .marked--solid { background: rgb(255,0,0); }
    Marked .marked--half { background: rgb(255,0,0) 50%; }
    """


class Show(App):
    def compose(self):
        yield Marked()


def numbers(style):
    color = style.background
    return f"{color.rgb} alpha {color.a:.2f}"


async def main():
    app = Show()
    async with app.run_test():
        get = app.query_one(Marked).get_visual_style
        print(
            f"opaque red: partial {numbers(get('marked--solid', partial=True))},"
            f" full {numbers(get('marked--solid'))};"
            f" red 50%: partial {numbers(get('marked--half', partial=True))}"
        )


asyncio.run(main())
PY

expected="opaque red: partial (0, 0, 0) alpha 0.00, full (255, 0, 0) alpha 1.00; red 50%: partial (127, 0, 0) alpha 0.25"
observed=$(env/bin/python show.py)
printf 'observed: %s\n' "$observed"
if [ "$observed" != "$expected" ]; then
    printf 'expected: %s\n' "$expected"
    exit 1
fi
