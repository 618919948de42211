"""HTTP in: what applicants, officers and auditors ask becomes one command or one query. No rules
here.
"""
