"""Shared code of all backends: boto3 clients, AWS settings, error descriptions and threads."""
