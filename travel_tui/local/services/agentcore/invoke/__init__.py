"""InvokeHarness: a turn of a harness's session, as a stream of events."""
