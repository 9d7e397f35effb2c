-- The WARC files below the data folder, and how much of each is certain.
CREATE TABLE warc (
    number    INTEGER PRIMARY KEY,
    file      TEXT NOT NULL UNIQUE,
    bytes     INTEGER NOT NULL DEFAULT 0,
    records   INTEGER NOT NULL DEFAULT 0,
    closed_at INTEGER                         -- seconds since 1970; NULL: records are added
);
-- Answers in these files, and documents that the browser rendered.
CREATE TABLE capture (
    warc         INTEGER NOT NULL REFERENCES warc,
    start        INTEGER NOT NULL,            -- offset of the record
    bytes        INTEGER NOT NULL,            -- of the record, compressed
    digest       BLOB NOT NULL,               -- SHA-1 of the payload
    role         TEXT NOT NULL,               -- the kind of request, and the status unless 200
    id           TEXT,                        -- of the article that it was requested for
    article      INTEGER REFERENCES article,  -- the revision that was made of it
    payload_warc INTEGER REFERENCES warc,     -- of an equal payload: where that is; NULL: here
    payload_start INTEGER,
    PRIMARY KEY (warc, start)
) WITHOUT ROWID;
CREATE INDEX capture_by_digest ON capture (digest) WHERE payload_warc IS NULL;
CREATE INDEX capture_by_id ON capture (id) WHERE id IS NOT NULL;
CREATE INDEX capture_by_article ON capture (article) WHERE article IS NOT NULL;
CREATE INDEX capture_by_payload ON capture (payload_warc) WHERE payload_warc IS NOT NULL;
