import type { Role } from '#runtime/caller'
import type { Tx } from '#runtime/database'

/**
 * Locks an account and every administrator until the commit, always in the same order, and answers their roles by id.
 * Who takes an administrator away holds them all, so that of two at the same moment the second sees what the first left.
 */
export async function lockedWithAdmins(tx: Tx, accountId: string): Promise<Map<string, Role>> {
  const { rows } = await tx.query<{ id: string; role: Role }>(
    `select id, role from accounts where id = $1 or role = 'admin' order by id for update`,
    [accountId],
  )
  return new Map(rows.map(({ id, role }) => [id, role]))
}

/** Whether a shop would have no administrator without this one. */
export const isLastAdmin = (roles: ReadonlyMap<string, Role>, accountId: string): boolean =>
  roles.get(accountId) === 'admin' && [...roles.values()].filter((role) => role === 'admin').length === 1
