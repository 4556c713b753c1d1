"""The kinds of memory strategies, as AgentCore names them; apart from their rules, which take long to import."""

FACTS, PREFERENCES, SUMMARIES, EPISODES = "SEMANTIC", "USER_PREFERENCE", "SUMMARIZATION", "EPISODIC"
