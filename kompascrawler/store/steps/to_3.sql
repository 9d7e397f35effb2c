-- What became of an article: also 'dropped' by a person, never asked for again.
CREATE TABLE found_3 (
    id            TEXT PRIMARY KEY,
    url           TEXT NOT NULL,
    found_on      TEXT,                       -- page of links; NULL: asked for by name, or unknown
    first_seen_at TEXT NOT NULL,              -- RFC 3339, UTC
    state         TEXT NOT NULL CHECK (state IN ('waiting', 'stored', 'given_up', 'dropped')),
    tries         INTEGER NOT NULL DEFAULT 0, -- how often it failed since it was (again) new
    cause         TEXT,                       -- of the last failure; NULL: none ever
    next_try      REAL NOT NULL DEFAULT 0     -- seconds since 1970; waits until then
) WITHOUT ROWID;
INSERT INTO found_3
    SELECT id, url, NULL, first_seen_at, state, tries, cause, next_try FROM found;
DROP TABLE found;
ALTER TABLE found_3 RENAME TO found;
CREATE INDEX waiting ON found (id) WHERE state = 'waiting';
CREATE INDEX failed ON found (id) WHERE cause IS NOT NULL;

-- Every try of an article that did not give its whole record.
CREATE TABLE attempt (
    number  INTEGER PRIMARY KEY,
    id      TEXT NOT NULL,
    at      TEXT NOT NULL,                    -- RFC 3339, UTC
    run_id  TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('failed', 'incomplete')),
    cause   TEXT NOT NULL
);
CREATE INDEX attempt_by_id ON attempt (id);

-- When and by which run a revision was stored; NULL: before version 3.
ALTER TABLE article ADD COLUMN stored_at TEXT;
ALTER TABLE article ADD COLUMN run_id TEXT;

-- Hosts that are asked for nothing but a probe. Times: RFC 3339, UTC.
CREATE TABLE breaker (
    host       TEXT PRIMARY KEY,
    cause      TEXT NOT NULL,
    opened_at  TEXT NOT NULL,
    probes     INTEGER NOT NULL,              -- that failed
    next_probe TEXT NOT NULL
) WITHOUT ROWID;

-- What runs measured of the site's pages: JSON, name to [hits, of].
CREATE TABLE measured (
    number   INTEGER PRIMARY KEY AUTOINCREMENT,
    run_id   TEXT NOT NULL UNIQUE,
    measures TEXT NOT NULL
);
