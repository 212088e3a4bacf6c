"""What a school can set."""
