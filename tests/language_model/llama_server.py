"""Serves a model's file with llama.cpp's server until standard input closes, in the environment of `make test-model`.

Prints the server's address once the model is loaded. Arguments: the file, the context's size and the most that an
answer may have, both in tokens, and the port, 0 for any.
"""

from __future__ import annotations

import sys

import xllamacpp  # type: ignore[import-not-found]  # in another environment


def main(path: str, context: int, longest: int, port: int) -> None:
    """Load the model and serve it."""
    params = xllamacpp.CommonParams()
    params.model.path = path
    params.model_alias = "smollm2"
    params.n_ctx, params.n_predict, params.n_parallel = context, longest, 1
    params.port = port
    # Threads of llama.cpp wait for each other awake: where others run too, two are slower than one.
    params.cpuparams.n_threads = 1
    server = xllamacpp.Server(params)
    print(server.listening_address, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
