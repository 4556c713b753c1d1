"""Sessions with an agent, and the service that manages agent, archive and memory watcher; independent of the screen."""
