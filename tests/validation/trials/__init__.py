"""What the program is put through: kills, full disks, wrong bits; a module each, repeated with other numbers.

``python -m tests.validation.trials`` runs what was not run yet and writes ``docs/trials.md``.
"""
