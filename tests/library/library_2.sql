-- A library of version 2, as clonus_sense 0.1.0 made it; never changed, so that old nights stay readable.
PRAGMA application_id = 1131172709;
BEGIN TRANSACTION;
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
    );
INSERT INTO "annotations" VALUES(1,1,9.5,13.5,'judged as clonus','Sato','physiotherapist','足関節','2026-11-06T08:00:00+00:00');
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
    );
INSERT INTO "episodes" VALUES(1,1,10.0,13.0,17,5.90000000000010071943e+00,-0.1,3.33333333333333314829e-01,3.00000000000000044408e-01,0.97,0.6,0.0,-0.8,0.93,'clonus','gap',0.25,'[10.1, 10.242857142857142, 10.385714285714286, 10.528571428571428, 10.67142857142857, 10.814285714285713, 10.957142857142857, 11.1, 11.242857142857142, 11.385714285714286, 11.528571428571428, 11.67142857142857, 11.814285714285713, 11.957142857142857, 12.1, 12.242857142857142, 12.385714285714286]');
INSERT INTO "episodes" VALUES(2,1,300.0,301.5,17,5.90000000000010071943e+00,-0.1,3.33333333333333314829e-01,3.00000000000000044408e-01,0.97,0.6,0.0,-0.8,0.93,'brief','gap',0.25,'[300.1, 300.2428571428572, 300.3857142857143, 300.52857142857147, 300.6714285714286, 300.81428571428575, 300.95714285714286, 301.1, 301.2428571428572, 301.3857142857143, 301.52857142857147, 301.6714285714286, 301.81428571428575, 301.95714285714286, 302.1, 302.2428571428572, 302.3857142857143]');
INSERT INTO "episodes" VALUES(3,1,3000.0,3020.0,17,5.90000000000010071943e+00,-0.1,3.33333333333333314829e-01,3.00000000000000044408e-01,0.97,0.6,0.0,-0.8,0.93,'clonus','gap',0.25,'[3000.1, 3000.2428571428572, 3000.385714285714, 3000.5285714285715, 3000.6714285714284, 3000.8142857142857, 3000.9571428571426, 3001.1, 3001.2428571428572, 3001.385714285714, 3001.5285714285715, 3001.6714285714284, 3001.8142857142857, 3001.9571428571426, 3002.1, 3002.2428571428572, 3002.385714285714]');
CREATE TABLE epochs (
        recording_id INTEGER NOT NULL REFERENCES recordings (id) ON DELETE CASCADE,
        start_s REAL NOT NULL,
        measured_s REAL NOT NULL,
        movement_g REAL,
        gravity_x REAL,
        gravity_y REAL,
        gravity_z REAL,
        state TEXT NOT NULL, still INTEGER, sway_ratio REAL,
        PRIMARY KEY (recording_id, start_s)
    ) WITHOUT ROWID;
INSERT INTO "epochs" VALUES(1,0.0,30.0,0.0125,0.0,0.6,0.8,'measured and worn',1,1.0625);
INSERT INTO "epochs" VALUES(1,30.0,0.0,NULL,NULL,NULL,NULL,'not measured',NULL,NULL);
CREATE TABLE evidence (
        episode_id INTEGER NOT NULL REFERENCES episodes (id) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        name TEXT NOT NULL,
        value REAL,
        limit_value REAL,
        passed INTEGER NOT NULL,
        PRIMARY KEY (episode_id, number)
    ) WITHOUT ROWID;
INSERT INTO "evidence" VALUES(1,0,'tonality',7.99999999999999933386e-01,0.5,1);
INSERT INTO "evidence" VALUES(1,1,'off_phase',9e999,2.0,0);
INSERT INTO "evidence" VALUES(2,0,'tonality',7.99999999999999933386e-01,0.5,1);
INSERT INTO "evidence" VALUES(2,1,'off_phase',9e999,2.0,0);
INSERT INTO "evidence" VALUES(3,0,'tonality',7.99999999999999933386e-01,0.5,1);
INSERT INTO "evidence" VALUES(3,1,'off_phase',9e999,2.0,0);
CREATE TABLE findings (
        id INTEGER PRIMARY KEY,
        recording_id INTEGER NOT NULL REFERENCES recordings (id) ON DELETE CASCADE,
        run_id INTEGER REFERENCES runs (id) ON DELETE CASCADE,
        severity TEXT NOT NULL,
        kind TEXT NOT NULL,
        text TEXT NOT NULL,
        start_s REAL,
        end_s REAL
    );
INSERT INTO "findings" VALUES(1,1,NULL,'warning','clipped','12 samples reach the sensor''s range.',7.0,9.5);
INSERT INTO "findings" VALUES(2,1,NULL,'note','rate','The rate was measured.',NULL,NULL);
CREATE TABLE gaps (
        recording_id INTEGER NOT NULL REFERENCES recordings (id) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        start_s REAL NOT NULL,
        end_s REAL NOT NULL,
        reason TEXT NOT NULL,
        PRIMARY KEY (recording_id, number)
    ) WITHOUT ROWID;
INSERT INTO "gaps" VALUES(1,0,100.0,160.5,'link lost');
INSERT INTO "gaps" VALUES(1,1,2000.25,2001.0,'link lost');
CREATE TABLE markers (
        id INTEGER PRIMARY KEY,
        recording_id INTEGER NOT NULL REFERENCES recordings (id) ON DELETE CASCADE,
        at_s REAL NOT NULL,
        kind TEXT NOT NULL,
        text TEXT NOT NULL,
        UNIQUE (recording_id, at_s, kind, text)
    );
INSERT INTO "markers" VALUES(1,1,12.5,'felt','');
CREATE TABLE migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL, version TEXT NOT NULL, applied_at TEXT NOT NULL);
INSERT INTO "migrations" VALUES(1,'create_tables','0.1.0','2026-11-06T08:00:00+00:00');
INSERT INTO "migrations" VALUES(2,'keep_stillness_of_epochs','0.1.0','2026-11-06T08:00:00+00:00');
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
    );
CREATE TABLE people (
        id INTEGER PRIMARY KEY,
        code TEXT NOT NULL UNIQUE CHECK (code <> ''),
        affected_side TEXT NOT NULL,
        cause TEXT NOT NULL,
        usual_placement TEXT,
        settings_toml TEXT NOT NULL,
        added_at TEXT NOT NULL
    );
INSERT INTO "people" VALUES(1,'P07','left','脳卒中 2019','foot','band_low_hz = 4.0
','2026-11-06T08:00:00+00:00');
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
    );
INSERT INTO "recordings" VALUES(1,'a1',X'2F6E69676874732F6F6E652E637376',1,'left','2026-11-05T22:30:00.000001+09:00','Asia/Tokyo',3600.0,52.0,'foot','night splint','mpu6050','Fuß','0017','1.2',0.000488,16.0,0,'[["mattress", "硬い"], ["mattress", "new"]]','2026-11-06T08:00:00+00:00');
CREATE TABLE replacements (
        annotation_id INTEGER NOT NULL REFERENCES annotations (id) ON DELETE CASCADE,
        replaced_id INTEGER NOT NULL REFERENCES annotations (id) ON DELETE CASCADE,
        PRIMARY KEY (annotation_id, replaced_id)
    ) WITHOUT ROWID;
CREATE TABLE runs (
        id INTEGER PRIMARY KEY,
        recording_id INTEGER NOT NULL REFERENCES recordings (id) ON DELETE CASCADE,
        version TEXT NOT NULL,
        settings_toml TEXT NOT NULL,
        finished_at TEXT NOT NULL
    );
INSERT INTO "runs" VALUES(1,1,'0.1.0','band_low_hz = 4.5
band_high_hz = 8.5
joining_pause_s = 1.0
','2026-11-06T08:00:00+00:00');
CREATE TABLE start_corrections (
        id INTEGER PRIMARY KEY,
        recording_id INTEGER NOT NULL REFERENCES recordings (id) ON DELETE CASCADE,
        start_before TEXT,
        start_after TEXT NOT NULL,
        corrected_by TEXT NOT NULL,
        reason TEXT NOT NULL,
        corrected_at TEXT NOT NULL
    );
CREATE INDEX recordings_of_person ON recordings (person_id);
CREATE INDEX runs_of_recording ON runs (recording_id);
CREATE INDEX findings_of_recording ON findings (recording_id);
CREATE INDEX findings_of_run ON findings (run_id);
CREATE INDEX episodes_of_run ON episodes (run_id, onset_s);
CREATE INDEX annotations_of_recording ON annotations (recording_id, start_s);
CREATE INDEX replacements_of_replaced ON replacements (replaced_id);
CREATE TRIGGER annotations_never_change BEFORE UPDATE ON annotations
    BEGIN SELECT RAISE(ABORT, 'annotations are only added'); END;
CREATE TRIGGER annotations_go_with_their_recording BEFORE DELETE ON annotations
    WHEN EXISTS (SELECT 1 FROM recordings WHERE id = OLD.recording_id)
    BEGIN SELECT RAISE(ABORT, 'annotations are only added'); END;
CREATE INDEX moves_of_recording ON moves (recording_id);
CREATE INDEX start_corrections_of_recording ON start_corrections (recording_id);
COMMIT;
