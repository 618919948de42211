"""Our figures beside their bare references, in one run on the same servers."""
