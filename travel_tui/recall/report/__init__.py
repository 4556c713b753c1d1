"""A run as something to read: in the terminal, and as JUnit XML, JSONL, Markdown and HTML."""
