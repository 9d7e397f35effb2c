-- How far the listings of each section were read. Until now a folder had one reading for all:
-- it covers Global, which every section had a part in, and `any` where no other run came between.
CREATE TEMP TABLE crawled (section TEXT NOT NULL);
INSERT INTO crawled VALUES ('global');
INSERT INTO crawled SELECT 'any' WHERE NOT has_days('global') AND EXISTS
    (SELECT 1 FROM link WHERE NOT (url LIKE 'https://%.kompas.com/global/read/%'
        OR url LIKE 'https://%.kompas.com/internasional/read/%'
        OR url LIKE 'https://internasional.kompas.com/%'));

-- 'newest_listed' and 'oldest_asked', identities.
CREATE TABLE bound_7 (
    section TEXT NOT NULL,
    name    TEXT NOT NULL,
    id      TEXT NOT NULL,
    PRIMARY KEY (section, name)
) WITHOUT ROWID;
INSERT INTO bound_7 SELECT section, name, id FROM bound, crawled;
DROP TABLE bound;
ALTER TABLE bound_7 RENAME TO bound;

CREATE TABLE gap_7 (
    number  INTEGER PRIMARY KEY AUTOINCREMENT,
    section TEXT NOT NULL,
    low     TEXT,                             -- exclusive; NULL: down to the first article
    high    TEXT NOT NULL                     -- inclusive
);
INSERT INTO gap_7 (section, low, high) SELECT section, low, high FROM gap, crawled
    ORDER BY section, number;
DROP TABLE gap;
ALTER TABLE gap_7 RENAME TO gap;

-- What runs measured of the pages of a section: JSON, name to [hits, of].
CREATE TABLE measured_7 (
    number   INTEGER PRIMARY KEY AUTOINCREMENT,
    section  TEXT NOT NULL,
    run_id   TEXT NOT NULL,
    measures TEXT NOT NULL,
    UNIQUE (section, run_id)
);
INSERT INTO measured_7 (section, run_id, measures) SELECT min(section), run_id, measures
    FROM measured, crawled GROUP BY number ORDER BY number;
DROP TABLE measured;
ALTER TABLE measured_7 RENAME TO measured;
DROP TABLE crawled;
