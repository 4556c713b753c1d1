"""Optional members of requests: which of them have an effect, and which are refused."""
