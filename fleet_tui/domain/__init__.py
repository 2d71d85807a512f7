"""The rules of the team as values and pure functions. No I/O, no clock of its own, no Textual."""
