"""The store: projects, tokens and events. Knows neither HTTP nor any dialect."""
