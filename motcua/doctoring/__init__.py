"""Comparing what the services say of the same dossiers, and healing what one of them missed."""
