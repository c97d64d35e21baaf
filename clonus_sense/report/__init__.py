"""Pictures and pages of a night.

``overview`` collects smallest and largest values while a recording is read, ``plots`` draws, ``page`` writes HTML as
text, ``pages`` puts pictures and page into a folder; ``wording`` and ``glossary`` hold the words.
"""
