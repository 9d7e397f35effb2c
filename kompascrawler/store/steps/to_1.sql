-- Every article of the section that was ever found, and what became of it.
CREATE TABLE found (
    id            TEXT PRIMARY KEY,
    url           TEXT NOT NULL,
    first_seen_at TEXT NOT NULL,              -- RFC 3339, UTC
    state         TEXT NOT NULL CHECK (state IN ('waiting', 'stored', 'given_up')),
    tries         INTEGER NOT NULL DEFAULT 0, -- how often fetching or parsing failed
    cause         TEXT,                       -- of the last failure
    next_try      REAL NOT NULL DEFAULT 0     -- seconds since 1970; waits until then
) WITHOUT ROWID;
CREATE INDEX waiting ON found (id) WHERE state = 'waiting';

-- How far the listing has been read: 'newest_listed' and 'oldest_asked', identities.
CREATE TABLE bound (name TEXT PRIMARY KEY, id TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE gap (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    low    TEXT,                              -- exclusive; NULL: down to the first article
    high   TEXT NOT NULL                      -- inclusive
);

-- Every record, in the order of storing.
CREATE TABLE article (
    number        INTEGER PRIMARY KEY,
    id            TEXT NOT NULL UNIQUE,
    revision      INTEGER NOT NULL,
    first_seen_at TEXT NOT NULL,
    content_hash  TEXT NOT NULL,
    sketch        BLOB NOT NULL,              -- similarity.sketch, 4 bytes a number, big end first
    original      INTEGER REFERENCES article, -- the first article with this content; NULL: itself
    file          TEXT                        -- published file, below the data folder; NULL: none
);
CREATE INDEX article_by_hash ON article (content_hash);

-- Where a near duplicate is looked up: similarity.keys of every sketch.
CREATE TABLE sketch_key (
    key     INTEGER NOT NULL,
    article INTEGER NOT NULL REFERENCES article,
    PRIMARY KEY (key, article)
) WITHOUT ROWID;

-- Records not yet published. The file is settled before it is written.
CREATE TABLE outbox (
    article INTEGER PRIMARY KEY REFERENCES article,
    line    BLOB NOT NULL,                    -- the record as it will stand in the file
    file    TEXT                              -- NULL: not yet in a batch
);
CREATE TABLE batches (run_id TEXT PRIMARY KEY, planned INTEGER NOT NULL) WITHOUT ROWID;
