"""What is sent to the platforms whose one file would not hold it all."""
