import pg from 'pg'

/** One statement on a connection of its own. */
export async function rowsOf<R extends object>(
  url: string,
  text: string,
  values: unknown[] = [],
): Promise<R[]> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return (await client.query<R & pg.QueryResultRow>(text, values)).rows
  } finally {
    await client.end()
  }
}
