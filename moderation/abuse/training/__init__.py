"""How the scorer's models are made: corpus, public data, fitting, calibration. Never imported to score."""
