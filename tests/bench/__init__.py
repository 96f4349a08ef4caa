"""The benchmark: Jeton beside stock Connexion, FastAPI and bare ASGI, in one run, interleaved."""
