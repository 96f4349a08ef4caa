"""The benchmark: Jeton beside a stock Connexion FlaskApp, in one run, on the server that ships."""
