"""What the platforms' answers say: posts and comments read into sightings, errors into their classes."""
