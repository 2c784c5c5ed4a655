"""Settings found by `make tune`: one module for each module that searches, written by figures/kit/tune.py."""
