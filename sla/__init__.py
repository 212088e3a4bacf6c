"""How time is counted. Pure: no file, no network, no clock of its own."""
