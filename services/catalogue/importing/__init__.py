"""The catalogue's five files, read and checked whole before anything is written.

Pure: bytes in; out comes everything to register, or every bad row with its line and its reason.
"""

from .catalogue import FILES, Catalogue, CatalogueRead, read_catalogue
from .json_rows import BadRow
from .lists import ListEntry

__all__ = ["FILES", "BadRow", "Catalogue", "CatalogueRead", "ListEntry", "read_catalogue"]
