"""travel-tui completion: shell completion scripts."""

from __future__ import annotations

import click

SHELLS = ("bash", "zsh", "fish")


@click.command(short_help="Print a shell completion script.")
@click.argument("shell", type=click.Choice(SHELLS))
def completion(shell: str) -> None:
    """Print a script that completes commands, options and agent names in SHELL.

    \b
    Add one of these lines to the shell's startup file:
      eval "$(travel-tui completion bash)"       ~/.bashrc
      eval "$(travel-tui completion zsh)"        ~/.zshrc, after compinit
      travel-tui completion fish | source        ~/.config/fish/config.fish
    """
    from click.shell_completion import get_completion_class

    from travel_tui.cli import travel_tui

    found = get_completion_class(shell)
    if found is None:
        raise click.ClickException(f"The installed click has no completion for {shell}.")
    click.echo(found(travel_tui, {}, "travel-tui", "_TRAVEL_TUI_COMPLETE").source())
