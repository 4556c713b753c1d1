"""Decoding of text from standard input or a user's file: UTF-8, line ends as \\n, no NUL."""

from __future__ import annotations

import codecs

import click

_OTHERS = {
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}
"""Encodings by byte order mark; UTF-32 comes first, because UTF-16's mark is a prefix of it."""


def plain_text(data: bytes, what: str) -> str:
    """Decode `data` without byte order mark and with CR LF as LF. Raises UsageError, which calls it `what`."""
    for mark, name in _OTHERS.items():
        if data.startswith(mark):
            raise click.UsageError(f"{what} is {name}, not UTF-8. Save it as UTF-8; nothing was sent.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise click.UsageError(
            f"{what} is not UTF-8 text: {error.reason} at byte {error.start}. Save it as UTF-8; nothing was sent."
        ) from error
    if "\0" in text:
        at = len(text[: text.index("\0")].encode())
        raise click.UsageError(f"{what} has a NUL character at byte {at}, so it is not text; nothing was sent.")
    return text.replace("\r\n", "\n")
