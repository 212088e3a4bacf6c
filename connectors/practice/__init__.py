"""The practice platforms: a loopback server with the real wire formats."""
