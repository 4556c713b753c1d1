"""Parts that an endpoint is made of, below the services: functions, sessions, the demo's agent, states that pass."""
