"""What answers as an agent: the scripted agent, or a language model behind an API or a recording of one."""
