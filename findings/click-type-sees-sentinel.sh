#!/usr/bin/env bash
# Library:  click 8.5.1
#
# Behaviour: while a parameter type converts a value, the context already holds
#   the parameters handled before it. One of those that was not given and has
#   no default is there with an internal marker (shown as Sentinel.UNSET) as its
#   value, not None. The marker is true in a condition. A parameter's callback
#   at the same moment, with the same context, sees None, since click swaps the
#   markers out for the time of a callback but not for the time of a conversion.
#
# Seen:
#   --config not given: type sees Sentinel.UNSET (true), callback sees None, command gets None
#
# Why it matters: a type that depends on an eager option, such as one that
#   completes a name from the file that --config names, takes the marker for a
#   value: "if ctx.params.get('config')" is true although nothing was given.
#   The same happens for any option declared earlier when the value converted
#   is a default. With click 8.2.1 the type saw None.
#
# Source: click/core.py: Parameter.process_value (the swap around the callback)
#   and Command.parse_args (markers become None only after all parameters have
#   been processed). The documentation of Context.params does not mention a
#   marker. A relative of it, the marker being passed to type_cast_value, was
#   reported for 8.3.0 as pallets/click issue 3069 and was closed.
set -euo pipefail
unset PYTHONPATH
export PIP_DISABLE_PIP_VERSION_CHECK=1

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/python -m pip install -q click==8.5.1

cat > show.py <<'PY'
import click

seen = {}


class Name(click.ParamType):
    name = "name"

    def convert(self, value, param, ctx):
        seen["type"] = ctx.params["config"]
        return value


def look(ctx, param, value):
    seen["callback"] = ctx.params["config"]
    return value


@click.command()
@click.option("--config", is_eager=True)
@click.option("--name", type=Name(), callback=look)
def command(config, name):
    seen["command"] = config


command(["--name", "x"], standalone_mode=False)
print(
    f"--config not given: type sees {seen['type']!r}"
    f" ({'true' if seen['type'] else 'false'}),"
    f" callback sees {seen['callback']!r}, command gets {seen['command']!r}"
)
PY

expected="--config not given: type sees Sentinel.UNSET (true), callback sees None, command gets None"
observed=$(env/bin/python show.py)
printf 'observed: %s\n' "$observed"
if [ "$observed" != "$expected" ]; then
    printf 'expected: %s\n' "$expected"
    exit 1
fi
