"""One file per step, numbered, each with one predecessor."""
