-- Articles that are to be looked at again: the recent ones, and those whose deletion is suspected.
CREATE TABLE revisit (
    id         TEXT PRIMARY KEY,
    next_look  INTEGER NOT NULL,              -- seconds since 1970
    validators TEXT,                          -- store.looks.Validators as JSON; NULL: none
    gone_since INTEGER,                       -- the look that found nothing first; NULL: none did
    failures   INTEGER NOT NULL DEFAULT 0     -- looks in a row that failed
) WITHOUT ROWID;
CREATE INDEX revisit_by_time ON revisit (next_look);

-- Every look at an article that was stored.
CREATE TABLE look (
    id      TEXT NOT NULL,
    at      INTEGER NOT NULL,                 -- seconds since 1970
    run_id  TEXT NOT NULL,
    outcome TEXT NOT NULL,                    -- store.model.LookOutcome
    cause   TEXT,                             -- of one that failed
    PRIMARY KEY (id, at)
) WITHOUT ROWID;

-- When the site was found to have deleted the article, seconds since 1970; NULL: it has not.
ALTER TABLE article ADD COLUMN deleted_at INTEGER;
CREATE INDEX tombstone ON article (id, revision) WHERE deleted_at IS NOT NULL;

-- The few files that stand for their records (NULL), and those that one file replaces.
CREATE INDEX replaced ON manifest (replaced_by);
-- The last file whose predecessors were removed: one row.
CREATE TABLE removed (number INTEGER NOT NULL);
INSERT INTO removed VALUES (0);

-- Articles that were taken down: nothing of their text is kept, and nobody asks for them again.
CREATE TABLE taken_down (
    id  TEXT PRIMARY KEY,
    at  TEXT NOT NULL,                        -- RFC 3339, UTC
    why TEXT NOT NULL
) WITHOUT ROWID;
