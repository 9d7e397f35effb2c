-- The published articles for DuckDB, with the types of schema 1.1. `make schema` writes this.
--   from articles('data')    each article once, in its newest revision; deleted ones are left out
--   from revisions('data')   every line

create or replace macro revisions(data_dir) as table
select * from read_json(
    data_dir || '/articles/*/*.jsonl',
    format = 'newline_delimited',
    hive_partitioning = true,
    hive_types = {published_date: DATE},
    columns = {
        schema_version: 'VARCHAR',
        id: 'VARCHAR',
        url: 'VARCHAR',
        title: 'VARCHAR',
        description: 'VARCHAR',
        published_at: 'TIMESTAMPTZ',
        updated_at: 'TIMESTAMPTZ',
        authors: 'VARCHAR[]',
        editors: 'VARCHAR[]',
        sources: 'VARCHAR[]',
        section: 'VARCHAR',
        topic: 'VARCHAR',
        tags: 'VARCHAR[]',
        language: 'VARCHAR',
        dateline: 'VARCHAR',
        text: 'VARCHAR',
        blocks: 'STRUCT("type" VARCHAR, "text" VARCHAR, "page" INTEGER)[]',
        images: 'STRUCT("url" VARCHAR, "caption" VARCHAR, "credit" VARCHAR)[]',
        embeds: 'STRUCT("type" VARCHAR, "url" VARCHAR)[]',
        related: 'STRUCT("id" VARCHAR, "title" VARCHAR, "url" VARCHAR)[]',
        halaman: 'STRUCT("pages_expected" INTEGER, "pages_fetched" INTEGER, "route" VARCHAR, "words_declared" INTEGER, "words_counted" INTEGER, "complete" BOOLEAN, "proof" VARCHAR)',
        word_count: 'INTEGER',
        removed: 'MAP(VARCHAR, INTEGER)',
        content_hash: 'VARCHAR',
        duplicate_of: 'VARCHAR',
        similarity: 'DOUBLE',
        revision: 'INTEGER',
        changed: 'VARCHAR[]',
        deleted_at: 'TIMESTAMPTZ',
        first_seen_at: 'TIMESTAMPTZ',
        crawled_at: 'TIMESTAMPTZ',
        run_id: 'VARCHAR',
        capture: 'STRUCT("file" VARCHAR, "offset" INTEGER, "digest" VARCHAR)'
    }
)
-- Files that were compacted lie beside the new one for a while.
qualify row_number() over (partition by published_date, id, revision) = 1;

create or replace macro articles(data_dir) as table
from revisions(data_dir)
qualify row_number() over (partition by published_date, id order by revision desc) = 1
    and deleted_at is null;
