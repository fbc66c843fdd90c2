// The statements, for one schema. Values never stand in them; the schema's name has been checked.

/** Every statement of a store but those of its tables. */
export interface Statements {
  readonly makeRows: string
  readonly lock: string
  readonly share: string
  readonly readEntries: string
  readonly dropEntries: string
  readonly putEntries: string
  readonly forgetEntries: string
  readonly putLedgers: string
  readonly dropRows: string
  readonly readLedger: string
  readonly due: string
  readonly endLedgers: string
}

/** No time there is: what stands in a row that is not a ledger yet. */
const never = '9223372036854775807'

export function statementsFor(schema: string): Statements {
  const [ledgers, entries] = [`${schema}.ledgers`, `${schema}.entries`]
  // Every transaction takes the rows in the same order, so that two seldom wait for each other.
  const lock = (strength: string): string =>
    `SELECT w.at::int, l.no, l.epoch, l.ended, l.head, l.forgotten, l.expires, l.removes
     FROM unnest($1::smallint[], $2::bytea[]) WITH ORDINALITY AS w (kind, id, at)
     JOIN ${ledgers} l ON l.kind = w.kind AND l.id = w.id
     ORDER BY l.no FOR ${strength} OF l`
  return {
    makeRows: `INSERT INTO ${ledgers} (kind, id, epoch, ended, head, forgotten, expires, removes, due)
      SELECT kind, id, 0, false, '', 0, ${never}, ${never}, ${never}
      FROM unnest($1::smallint[], $2::bytea[]) AS w (kind, id) ORDER BY kind, id
      ON CONFLICT (kind, id) DO NOTHING`,
    lock: lock('NO KEY UPDATE'),
    share: lock('SHARE'),
    readEntries: `SELECT e.ledger, e.serial, e.state, e.hash, e.attempt, e.epoch
      FROM unnest($1::bigint[], $2::bigint[]) AS w (ledger, serial)
      JOIN ${entries} e ON e.ledger = w.ledger AND e.serial = w.serial
      ORDER BY e.ledger, e.serial FOR UPDATE OF e`,
    dropEntries: `DELETE FROM ${entries} WHERE ledger = ANY ($1::bigint[])`,
    // The rules once more: an entry that was not there when they were applied may be there now.
    putEntries: `INSERT INTO ${entries} AS old (ledger, serial, state, hash, attempt, epoch, octets)
      SELECT * FROM unnest(
        $1::bigint[], $2::bigint[], $3::smallint[], $4::bytea[], $5::integer[], $6::bigint[], $7::bytea[])
      ON CONFLICT (ledger, serial) DO UPDATE SET state = excluded.state,
        attempt = greatest(excluded.attempt, old.attempt), epoch = excluded.epoch, octets = excluded.octets
      WHERE old.state = 0 AND old.hash = excluded.hash
        AND (excluded.state IN (1, 2) OR excluded.state = 0 AND excluded.attempt > old.attempt)`,
    forgetEntries: `DELETE FROM ${entries} e USING unnest($1::bigint[], $2::bigint[]) AS w (ledger, below)
      WHERE e.ledger = w.ledger AND e.serial < w.below`,
    putLedgers: `UPDATE ${ledgers} l SET epoch = w.epoch, ended = w.ended, head = w.head,
        forgotten = w.forgotten, expires = w.expires, removes = w.removes, due = w.due
      FROM unnest($1::bigint[], $2::bigint[], $3::boolean[], $4::bytea[], $5::bigint[], $6::bigint[],
        $7::bigint[], $8::bigint[]) AS w (no, epoch, ended, head, forgotten, expires, removes, due)
      WHERE l.no = w.no`,
    dropRows: `DELETE FROM ${ledgers} WHERE no = ANY ($1::bigint[])`,
    readLedger: readStatement(ledgers, entries),
    due: `SELECT no, kind, id, removes FROM ${ledgers} WHERE due <= $1::bigint
      ORDER BY due LIMIT $2::int FOR NO KEY UPDATE SKIP LOCKED`,
    endLedgers: `UPDATE ${ledgers} SET ended = true, head = '', due = removes WHERE no = ANY ($1::bigint[])`,
  }
}

/**
 * One statement, so that a ledger and its entries are of one moment. $3: serials, $4 and $5: from, and how
 * many, $6: how many of the last, $7: whether to count.
 */
function readStatement(ledgers: string, entries: string): string {
  return `WITH l AS (
      SELECT * FROM ${ledgers} WHERE kind = $1::smallint AND id = $2::bytea AND epoch > 0),
      e AS (
        (SELECT e.* FROM ${entries} e JOIN l ON e.ledger = l.no
          WHERE $3::bigint[] IS NOT NULL AND e.serial = ANY ($3::bigint[]))
        UNION ALL
        (SELECT e.* FROM ${entries} e JOIN l ON e.ledger = l.no
          WHERE $4::bigint IS NOT NULL AND e.serial >= $4::bigint ORDER BY e.serial LIMIT $5::int)
        UNION ALL
        (SELECT e.* FROM ${entries} e JOIN l ON e.ledger = l.no
          WHERE $6::int IS NOT NULL ORDER BY e.serial DESC LIMIT $6::int))
      SELECT 0 AS part, no AS ledger, forgotten AS serial, 0 AS state, ''::bytea AS hash, 0 AS attempt, epoch,
        head AS octets, ended, expires, removes,
        (SELECT count(*) FROM ${entries} c WHERE $7 AND c.ledger = l.no) AS entries,
        (SELECT coalesce(sum(length(c.octets)), 0) FROM ${entries} c WHERE $7 AND c.ledger = l.no) AS size
      FROM l
      UNION ALL
      SELECT 1, ledger, serial, state, hash, attempt, epoch, octets, false, 0, 0, 0, 0 FROM e
      ORDER BY part, serial`
}
