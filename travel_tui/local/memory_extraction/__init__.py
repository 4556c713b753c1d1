"""Long-term memory from conversations, by rules instead of a model: facts, preferences, summaries and episodes.

Everything is pure and deterministic: events in, texts of records out. The rules read English sentences of any subject;
what they cannot read is kept as a quotation.
"""
