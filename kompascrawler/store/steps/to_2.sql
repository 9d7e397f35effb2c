-- Every revision of every record, in the order of storing. Those of version 1 count as whole.
CREATE TABLE article_2 (
    number        INTEGER PRIMARY KEY,
    id            TEXT NOT NULL,
    revision      INTEGER NOT NULL,
    first_seen_at TEXT NOT NULL,
    content_hash  TEXT NOT NULL,
    sketch        BLOB NOT NULL,              -- similarity.sketch, 4 bytes a number, big end first
    original      INTEGER REFERENCES article, -- the first article with this content; NULL: itself
    file          TEXT,                       -- published file, below the data folder; NULL: none
    is_whole      INTEGER NOT NULL,           -- 0: pages are known to be missing, to be tried again
    pages         INTEGER NOT NULL,           -- pages whose text is in the record
    UNIQUE (id, revision)
);
INSERT INTO article_2
    SELECT number, id, revision, first_seen_at, content_hash, sketch, original, file, 1, 1
    FROM article;
DROP TABLE article;
ALTER TABLE article_2 RENAME TO article;
CREATE INDEX article_by_hash ON article (content_hash);
