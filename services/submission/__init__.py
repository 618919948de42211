"""The dossier: handed in, received, examined, decided, handed over; its deadlines, its history.

Owns dossiers and drafts. Publishes the life of a dossier without anybody's words or papers. Reacts
to the catalogue (copies), accounts (appointments), payment (fees settled) and notification (what
was told).
"""
