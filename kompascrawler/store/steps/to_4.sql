-- Pages of links that articles were found on: one is the same for many articles.
CREATE TABLE page (number INTEGER PRIMARY KEY, url TEXT NOT NULL UNIQUE);
INSERT INTO page (url) SELECT DISTINCT found_on FROM found WHERE found_on IS NOT NULL;

-- Every article of the section that was ever found, and what became of it.
-- A first fill finds the newest first: their keys are in that order, for pages that are full.
CREATE TABLE link (
    number        INTEGER PRIMARY KEY,
    id            TEXT NOT NULL,
    url           TEXT NOT NULL,
    found_on      INTEGER REFERENCES page,    -- NULL: asked for by name, or unknown
    first_seen_at INTEGER NOT NULL,           -- seconds since 1970
    state         TEXT NOT NULL CHECK (state IN ('waiting', 'stored', 'given_up', 'dropped')),
    tries         INTEGER NOT NULL DEFAULT 0, -- how often it failed since it was (again) new
    cause         TEXT,                       -- of the last failure; NULL: none ever
    next_try      REAL NOT NULL DEFAULT 0,    -- seconds since 1970; waits until then
    UNIQUE (id DESC)
);
INSERT INTO link
    SELECT NULL, id, url, (SELECT number FROM page WHERE page.url = found_on),
    coalesce(CAST(strftime('%s', first_seen_at) AS INTEGER), 0), state, tries, cause, next_try
    FROM found ORDER BY id DESC;
DROP TABLE found;
CREATE INDEX waiting ON link (id) WHERE state = 'waiting';
CREATE INDEX failed ON link (id) WHERE cause IS NOT NULL AND state <> 'stored';

-- What stands in manifest.jsonl, a row a line, and behind it what will stand there.
CREATE TABLE manifest (
    number      INTEGER PRIMARY KEY,
    file        TEXT NOT NULL,                -- below the data folder
    kind        TEXT NOT NULL,                -- manifest.Kind
    sha256      TEXT,                         -- NULL: settled, and neither written nor entered yet
    bytes       INTEGER,
    lines       INTEGER,
    first_id    TEXT,
    last_id     TEXT,
    run_id      TEXT NOT NULL,
    at          TEXT NOT NULL,                -- RFC 3339, UTC; '' before adoption: that of the file
    replaces    TEXT NOT NULL DEFAULT '[]',   -- JSON, as in the line
    replaced_by INTEGER REFERENCES manifest   -- NULL: the file is current
);
CREATE INDEX settled ON manifest (number) WHERE sha256 IS NULL;
-- The file up to which sizes were compared by the last run: one row.
CREATE TABLE compared (number INTEGER NOT NULL);
INSERT INTO compared VALUES (0);
-- Files of earlier versions keep their names; their numbers are in the order of publication.
INSERT INTO manifest (number, file, kind, run_id, at)
    SELECT row_number() OVER (ORDER BY is_out DESC, stored, file), file,
    iif(is_out, 'adopted', 'published'),
    rtrim(rtrim(substr(file, 36, length(file) - 41), '0123456789'), '-'),
    iif(is_out, '', strftime('%Y-%m-%dT%H:%M:%S+00:00'))
    FROM (
        SELECT file, min(number) AS stored, 1 AS is_out FROM article
        WHERE file IS NOT NULL GROUP BY file
        UNION ALL
        SELECT file, min(article), 0 FROM outbox WHERE file IS NOT NULL GROUP BY file
    );
CREATE INDEX manifest_by_name ON manifest (file);

-- Every revision of every record, in the order of storing; none is ever deleted.
CREATE TABLE article_4 (
    number        INTEGER PRIMARY KEY,
    id            TEXT NOT NULL,
    revision      INTEGER NOT NULL,
    content_hash  BLOB NOT NULL,              -- as bytes; as text what is no SHA-256
    sketch        BLOB NOT NULL,              -- duplicates.packed
    original      INTEGER REFERENCES article, -- the first article with this content; NULL: itself
    is_whole      INTEGER NOT NULL,           -- 0: pages are known to be missing, to be tried again
    pages         INTEGER NOT NULL,           -- pages whose text is in the record
    stored_at     INTEGER,                    -- seconds since 1970; NULL: before version 3
    run_id        TEXT,                       -- of the run that stored it; NULL: before version 3
    file          INTEGER REFERENCES manifest, -- NULL: not published
    UNIQUE (id DESC, revision)
);
INSERT INTO article_4
    SELECT number, id, revision, packed_hash(content_hash), packed_sketch(sketch), original,
    is_whole, pages, CAST(strftime('%s', stored_at) AS INTEGER), run_id,
    (SELECT manifest.number FROM manifest WHERE manifest.file = article.file)
    FROM article;
-- Records not yet published. The file is settled before it is written.
CREATE TABLE outbox_4 (
    article INTEGER PRIMARY KEY REFERENCES article,
    line    BLOB NOT NULL,                    -- the record as it will stand in the file
    file    INTEGER REFERENCES manifest       -- NULL: not yet in a batch
);
INSERT INTO outbox_4
    SELECT article, line, (SELECT number FROM manifest WHERE manifest.file = outbox.file)
    FROM outbox;
DROP TABLE outbox;
ALTER TABLE outbox_4 RENAME TO outbox;
DROP INDEX manifest_by_name;
DROP TABLE batches;
DROP TABLE article;
ALTER TABLE article_4 RENAME TO article;
CREATE INDEX article_by_hash ON article (substr(content_hash, 1, 6));
CREATE INDEX later_revision ON article (id) WHERE revision > 1;
CREATE INDEX partial ON article (id, revision) WHERE NOT is_whole;
