"""Filling in a form: what was written is read, checked and normalised; a form is filled beforehand.

Pure: `today` is an argument, and a definition carries everything needed to check against it.
"""
