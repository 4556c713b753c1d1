"""HTTP/2 with prior knowledge (h2c), as an ASGI server. Imported when the first connection begins with its preface."""
