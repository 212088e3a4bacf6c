"""What the school decides about an item. Pure: it reaches the world through its ports."""
