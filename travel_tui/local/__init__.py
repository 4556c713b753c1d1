"""The local endpoint: an HTTP server that answers AWS API calls on this machine."""
