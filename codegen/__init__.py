"""The description of the API and the generator of the typed modules; see README.md."""
