"""travel-tui completion: what a shell needs to complete the commands."""

from __future__ import annotations

import click

SHELLS = ("bash", "zsh", "fish")


@click.command(short_help="Print what makes a shell complete the commands.")
@click.argument("shell", type=click.Choice(SHELLS))
def completion(shell: str) -> None:
    """Print a script that makes SHELL complete commands, options and the names of agents.

    \b
    Put one of these lines into the shell's start file:
      eval "$(travel-tui completion bash)"       ~/.bashrc
      eval "$(travel-tui completion zsh)"        ~/.zshrc, after compinit
      travel-tui completion fish | source        ~/.config/fish/config.fish
    """
    from click.shell_completion import get_completion_class

    from travel_tui.cli import travel_tui

    found = get_completion_class(shell)
    if found is None:
        raise click.ClickException(f"This click knows no completion for {shell}.")
    click.echo(found(travel_tui, {}, "travel-tui", "_TRAVEL_TUI_COMPLETE").source())
