"""One practice among several: its data and own texts in use, what it still lacks, and how staff change it."""
