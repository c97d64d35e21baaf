"""The tables of the library in version 1; later versions change them only by migrations.

Times inside a recording are seconds since its start; ``*_at`` and ``start_time`` are ISO 8601 with an offset; values of
enumerations are stored as text.
"""

TABLES_1: tuple[str, ...] = (
    """
    CREATE TABLE people (
        id INTEGER PRIMARY KEY,
        code TEXT NOT NULL UNIQUE CHECK (code <> ''),
        affected_side TEXT NOT NULL,
        cause TEXT NOT NULL,
        usual_placement TEXT,
        settings_toml TEXT NOT NULL,
        added_at TEXT NOT NULL
    )""",
    # Person and side are stored only here: those of the file's head would survive a move or an erasure. The path is
    # stored as the file system's bytes, because a name in another encoding is no text.
    """
    CREATE TABLE recordings (
        id INTEGER PRIMARY KEY,
        content_hash TEXT NOT NULL UNIQUE,
        path BLOB NOT NULL,
        person_id INTEGER REFERENCES people (id) ON DELETE CASCADE,
        side TEXT NOT NULL,
        start_time TEXT,
        timezone TEXT NOT NULL,
        duration_s REAL NOT NULL,
        fs_hz REAL NOT NULL,
        site TEXT,
        orthosis TEXT NOT NULL,
        sensor_family TEXT NOT NULL,
        sensor_name TEXT NOT NULL,
        sensor_serial TEXT NOT NULL,
        sensor_firmware TEXT NOT NULL,
        step_g REAL,
        range_g REAL,
        clock_trusted INTEGER,
        notes_json TEXT NOT NULL,
        added_at TEXT NOT NULL
    )""",
    "CREATE INDEX recordings_of_person ON recordings (person_id)",
    """
    CREATE TABLE gaps (
        recording_id INTEGER NOT NULL REFERENCES recordings (id) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        start_s REAL NOT NULL,
        end_s REAL NOT NULL,
        reason TEXT NOT NULL,
        PRIMARY KEY (recording_id, number)
    ) WITHOUT ROWID""",
    """
    CREATE TABLE runs (
        id INTEGER PRIMARY KEY,
        recording_id INTEGER NOT NULL REFERENCES recordings (id) ON DELETE CASCADE,
        version TEXT NOT NULL,
        settings_toml TEXT NOT NULL,
        finished_at TEXT NOT NULL
    )""",
    "CREATE INDEX runs_of_recording ON runs (recording_id)",
    # A finding of the reader has no run; one of the detector belongs to its run.
    """
    CREATE TABLE findings (
        id INTEGER PRIMARY KEY,
        recording_id INTEGER NOT NULL REFERENCES recordings (id) ON DELETE CASCADE,
        run_id INTEGER REFERENCES runs (id) ON DELETE CASCADE,
        severity TEXT NOT NULL,
        kind TEXT NOT NULL,
        text TEXT NOT NULL,
        start_s REAL,
        end_s REAL
    )""",
    "CREATE INDEX findings_of_recording ON findings (recording_id)",
    "CREATE INDEX findings_of_run ON findings (run_id)",
    """
    CREATE TABLE episodes (
        id INTEGER PRIMARY KEY,
        run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
        onset_s REAL NOT NULL,
        offset_s REAL NOT NULL,
        beats INTEGER NOT NULL,
        frequency_hz REAL NOT NULL,
        drift_hz REAL NOT NULL,
        peak_g REAL NOT NULL,
        rms_g REAL NOT NULL,
        regularity REAL NOT NULL,
        axis_x REAL NOT NULL,
        axis_y REAL NOT NULL,
        axis_z REAL NOT NULL,
        confidence REAL NOT NULL,
        episode_class TEXT NOT NULL,
        ended_by TEXT NOT NULL,
        missing_s REAL NOT NULL,
        beat_times_json TEXT NOT NULL
    )""",
    "CREATE INDEX episodes_of_run ON episodes (run_id, onset_s)",
    # SQLite stores no NaN: such a measure is NULL.
    """
    CREATE TABLE evidence (
        episode_id INTEGER NOT NULL REFERENCES episodes (id) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        name TEXT NOT NULL,
        value REAL,
        limit_value REAL,
        passed INTEGER NOT NULL,
        PRIMARY KEY (episode_id, number)
    ) WITHOUT ROWID""",
    """
    CREATE TABLE annotations (
        id INTEGER PRIMARY KEY,
        recording_id INTEGER NOT NULL REFERENCES recordings (id) ON DELETE CASCADE,
        start_s REAL NOT NULL,
        end_s REAL NOT NULL,
        verdict TEXT NOT NULL,
        rater TEXT NOT NULL,
        profession TEXT NOT NULL,
        note TEXT NOT NULL,
        written_at TEXT NOT NULL
    )""",
    "CREATE INDEX annotations_of_recording ON annotations (recording_id, start_s)",
    # In a join one annotation replaces several; in a split several replace one.
    """
    CREATE TABLE replacements (
        annotation_id INTEGER NOT NULL REFERENCES annotations (id) ON DELETE CASCADE,
        replaced_id INTEGER NOT NULL REFERENCES annotations (id) ON DELETE CASCADE,
        PRIMARY KEY (annotation_id, replaced_id)
    ) WITHOUT ROWID""",
    "CREATE INDEX replacements_of_replaced ON replacements (replaced_id)",
    # An annotation is deleted only with its recording.
    """
    CREATE TRIGGER annotations_never_change BEFORE UPDATE ON annotations
    BEGIN SELECT RAISE(ABORT, 'annotations are only added'); END""",
    """
    CREATE TRIGGER annotations_go_with_their_recording BEFORE DELETE ON annotations
    WHEN EXISTS (SELECT 1 FROM recordings WHERE id = OLD.recording_id)
    BEGIN SELECT RAISE(ABORT, 'annotations are only added'); END""",
    """
    CREATE TABLE markers (
        id INTEGER PRIMARY KEY,
        recording_id INTEGER NOT NULL REFERENCES recordings (id) ON DELETE CASCADE,
        at_s REAL NOT NULL,
        kind TEXT NOT NULL,
        text TEXT NOT NULL,
        UNIQUE (recording_id, at_s, kind, text)
    )""",
    """
    CREATE TABLE epochs (
        recording_id INTEGER NOT NULL REFERENCES recordings (id) ON DELETE CASCADE,
        start_s REAL NOT NULL,
        measured_s REAL NOT NULL,
        movement_g REAL,
        gravity_x REAL,
        gravity_y REAL,
        gravity_z REAL,
        state TEXT NOT NULL,
        PRIMARY KEY (recording_id, start_s)
    ) WITHOUT ROWID""",
    """
    CREATE TABLE moves (
        id INTEGER PRIMARY KEY,
        recording_id INTEGER NOT NULL REFERENCES recordings (id) ON DELETE CASCADE,
        person_before INTEGER REFERENCES people (id) ON DELETE SET NULL,
        side_before TEXT NOT NULL,
        person_after INTEGER REFERENCES people (id) ON DELETE SET NULL,
        side_after TEXT NOT NULL,
        moved_by TEXT NOT NULL,
        reason TEXT NOT NULL,
        moved_at TEXT NOT NULL
    )""",
    "CREATE INDEX moves_of_recording ON moves (recording_id)",
    """
    CREATE TABLE start_corrections (
        id INTEGER PRIMARY KEY,
        recording_id INTEGER NOT NULL REFERENCES recordings (id) ON DELETE CASCADE,
        start_before TEXT,
        start_after TEXT NOT NULL,
        corrected_by TEXT NOT NULL,
        reason TEXT NOT NULL,
        corrected_at TEXT NOT NULL
    )""",
    "CREATE INDEX start_corrections_of_recording ON start_corrections (recording_id)",
)
