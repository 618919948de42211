"""Walking a dossier through a running province by its public HTTP APIs alone, as people would."""
