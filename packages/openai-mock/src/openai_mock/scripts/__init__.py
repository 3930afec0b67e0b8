"""Scripts: what a test says beforehand about requests and their answers.

`paths` is `server.on`, `expectation` what is said about one operation, `matching` whether a request
fits, `script` which answer is next and what was not as scripted; `answers`, `texts` and `streams`
make the answers.
"""
