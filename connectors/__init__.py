"""How each platform is read and acted on: one file per platform."""
