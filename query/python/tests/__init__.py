"""Tests of the package as it is installed: python -m unittest discover -s tests -t ."""
