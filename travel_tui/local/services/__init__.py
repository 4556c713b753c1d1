"""AWS services of the local endpoint, one package or module each."""
