"""Everything between the socket and a handler."""

import warnings

# Connexion imports a test client that this server never uses, and which warns about itself.
warnings.filterwarnings("ignore", message="Using `httpx` with `starlette.testclient`")
