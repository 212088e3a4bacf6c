"""How each platform is signed in to: one module per platform, named like its connector."""
