"""Reports of a run: for the terminal, and as JUnit XML, JSONL, Markdown and HTML."""
