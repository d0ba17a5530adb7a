"""One program for each tool that bench/calls.py measures: it carries changes into a book as its documentation shows."""
