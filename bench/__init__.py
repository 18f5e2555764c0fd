"""`make bench`: what an answer costs, beside stock Rasa measured in the same run. See docs/decisions/0012-speed.md."""
