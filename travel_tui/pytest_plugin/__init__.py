"""Plugin for pytest: recall files as tests, fixtures with agents, and snapshots of the client."""
